"""Cuts a French or English text into sentences, with their offsets.

Built for short community texts: abbreviations, prices, links, emoji ends, list lines, guillemets.
"""

import re
from functools import lru_cache
from typing import NamedTuple


class Sentence(NamedTuple):
    """One sentence: `text == source[start:end]`, without outer spaces nor list marker."""

    text: str
    start: int
    end: int


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEVER_ENDS = _words(
    "M MM Mme Mmes Mlle Mlles Dr Pr Me Mgr St Ste Mr Mrs Ms Prof Rev Gen Sgt "
    "p pp ex p.ex e.g i.e c.-à-d cf art chap fig av bd tél réf vol éd env approx vs viz"
)
_BEFORE_A_NUMBER = _words("n no No N° nº nos Nos")
_MAY_END = _words(
    "etc a.m p.m Inc Ltd Co Corp Jr Sr U.S U.K U.S.A S.A S.A.R.L min max dept est int ext "
    "janv févr avr juil sept oct nov déc Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec "
    "lun mar mer jeu ven sam dim Mon Tue Wed Thu Fri Sat Sun h hr hrs sec apr J.-C"
)
_STARTERS = _words(
    "nous vous tu te toi notre votre nos vos ton ta tes le la les un une des du ce cet cette ces "
    "il elle ils elles on je j'ai si pour en à au aux dans sur et mais ou or car donc merci "
    "bonjour pouvez pourriez écrivez n'hésitez c'est cela ça toutefois cependant sinon d'autre "
    "we you your our the a an this that these it its it's they i if for in at on to and but so "
    "thanks thank please let can could would do don't here there just then however"
)
_PROTECTED = re.compile(
    r"https?://[^\s<>«»]*[^\s<>«».,;:!?)\]…]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.-])(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:fr|com|eu|org|net|io|uk|be|ch|ca|app|shop|ly)\b(?:/[/\w.?=&%#-]*[\w/])?"
)
_MAY_BE_LINK = re.compile(r"[@/]|\.[fceonubiasl]")
"""Whether a look for links and addresses is worth its time: each holds one of these."""
_EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff"
    "\ufe0f\u200d\u20e3\U000e0020-\U000e007f"
)
_END = re.compile(
    r"(?P<stop>[.!?…]+)(?:[\s\u00a0\u202f]*[»”\"'’)\]]+)?(?:[ \u00a0\u202f]*[" + _EMOJI + r"]+)*"
    r"(?:[ \u00a0\u202f]*[!?…]+)*"
    r"|(?P<emoji>[" + _EMOJI + r"]+)(?=[ \u00a0\u202f]+[A-ZÀ-ÖØ-Þ«\"])"
    r"|(?P<line>[^\S\n]*\n\s*)"
)
_LINK = ("https://", "http://")
_MARKER = re.compile(r"(?:[-–—•*▪◦‣→]|\(?\d{1,2}[.)]|#{1,6}|>)\s+")
_WORD_BEFORE = re.compile(r"[^\s«(\"“]*$")
_WORD_AFTER = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@lru_cache(maxsize=512)
def split(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of `text` in order; offsets are Python string offsets.

    A line that starts a list item, a heading or a capital is a sentence of its own; a hard-wrapped
    line (no final stop, lower case after it) is not.
    """
    has_links = _MAY_BE_LINK.search(text) is not None
    protected = [match.span() for match in _PROTECTED.finditer(text)] if has_links else []
    sentences: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start or any(a <= match.start() < b for a, b in protected):
            continue
        if _is_boundary(text, start, match):
            _append(sentences, text, start, match.end())
            start = match.end()
    _append(sentences, text, start, len(text))
    return tuple(sentences)


def _append(sentences: list[Sentence], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    if marker := _MARKER.match(text, start, end):
        start = marker.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        sentences.append(Sentence(text[start:end], start, end))


def _is_boundary(text: str, start: int, match: re.Match[str]) -> bool:
    if match["line"] is not None:
        return _is_new_line_boundary(text, match)
    if match["emoji"] is not None:
        return True
    if _is_list_number(text, start, match):
        return False
    rest = text[match.end() :]
    if not rest.strip():
        return True
    if not rest[0].isspace():
        return _is_glued_boundary(text, match, rest)
    return _is_spaced_boundary(text, match, rest.lstrip())


def _is_new_line_boundary(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 1]
    is_blank_line = match["line"].count("\n") > 1
    is_link = text.startswith(_LINK, match.end())
    return is_blank_line or is_link or not after.islower()


def _is_list_number(text: str, start: int, match: re.Match[str]) -> bool:
    return match["stop"] == "." and text[start : match.start()].strip().isdigit()


def _is_glued_boundary(text: str, match: re.Match[str], rest: str) -> bool:
    """No space after the stop: « Merci !Nous », "fixed.We", but not « 10.30 » nor "Node.js"."""
    if match["stop"] != ".":
        return rest[0].isupper() and match["stop"][-1] in "!?…."
    word = _WORD_AFTER.match(rest)
    before = text[max(0, match.start() - 3) : match.start()]
    is_word = len(before) == 3 and before.isalpha() and before.islower()
    return bool(word and is_word and word[0][0].isupper() and word[0].lower() in _STARTERS)


def _is_spaced_boundary(text: str, match: re.Match[str], rest: str) -> bool:
    stop = match["stop"]
    first = rest[0]
    if stop[-1] in "!?":
        is_quoted = match.end() > match.end("stop") and text[match.end() - 1] in "»”\"'’)"
        return not (is_quoted and first.islower())
    if rest.startswith(_LINK):
        return _word_before(text, match.start()) not in _NEVER_ENDS
    if first.islower() or first in ",;:)":
        return False
    if stop != "." or match.end() > match.end("stop"):
        return True
    return _may_end(_word_before(text, match.start()), rest)


def _word_before(text: str, end: int) -> str:
    found = _WORD_BEFORE.search(text[max(0, end - 24) : end])
    return found[0] if found else ""


def _may_end(word: str, rest: str) -> bool:
    if word in _NEVER_ENDS:
        return False
    if word in _BEFORE_A_NUMBER:
        return not rest[0].isdigit()
    after = _WORD_AFTER.match(rest)
    if len(word) == 1 and word.isupper():
        return bool(after and after[0].lower() in _STARTERS)
    if word in _MAY_END:
        return not rest[0].isdigit()
    return True
