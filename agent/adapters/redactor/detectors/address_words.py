"""Walking over the words of a street or a town: where its name ends."""

import re
from enum import Enum, auto

from agent.adapters.redactor.data_files import words
from agent.adapters.redactor.person.lexicon import fold, load_lexicon

FILE = "address_words.txt"
_MONTH = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre"
    r"|d[ée]cembre)"
)
_WORD = re.compile(
    rf"\d{{1,2}}(?:er)?[ -]{_MONTH}(?:[ -]\d{{4}})?(?!\w)|"
    r"[^\W\d_][^\W\d_]*(?:['’.\-][^\W\d_]+)*(?![\w])\.?|\d{1,4}(?:er|e)?(?![\w.,]*\d)",
    re.IGNORECASE,
)
_GAP = re.compile(r"[ ]?")
PARTICLES = words(FILE, "particles")
_ELISION = re.compile(r"^(?:[dl])['’]", re.IGNORECASE)
_ENDS = words(FILE, "ends")
_ABBREVIATIONS = words(FILE, "abbreviations")


class _Sort(Enum):
    CAPITAL = auto()
    PARTICLE = auto()
    NUMBER = auto()
    """A number; never after a capitalised word."""
    OTHER = auto()


def name_end(text: str, position: int, *, limit: int = 8, lower_limit: int = 0) -> int:
    """Return where a name of capitalised words, particles and numbers ends.

    Args:
        text: the message.
        position: where the name starts.
        limit: how many words at most.
        lower_limit: how many plain lower-case words to accept where capitals are not used at
            all; 0 refuses them.

    Returns:
        The offset after the last word that is not a mere particle; `position` if there is none.
    """
    end, cursor, lower_words, has_capital = position, position, 0, False
    for _ in range(limit):
        match = _WORD.match(text, _after_gap(text, cursor))
        if match is None or _ends_sentence(text, position, cursor):
            break
        core = _ELISION.sub("", match.group(0)).rstrip(".")
        sort = _sort(core, has_capital=has_capital)
        if has_capital and core.isupper() and _is_plain_word(core):
            break
        if sort is _Sort.OTHER:
            if has_capital or lower_words >= lower_limit or core.casefold() in _ENDS:
                break
            lower_words += 1
        elif sort is _Sort.PARTICLE and lower_words:
            break
        has_capital = has_capital or sort is _Sort.CAPITAL
        end = end if sort is _Sort.PARTICLE else _without_full_stop(match)
        cursor = match.end()
    return end


def _sort(core: str, *, has_capital: bool) -> _Sort:
    is_date = core[:1].isdigit() and any(char.isalpha() for char in core[3:])
    if core[:1].isupper() or is_date:
        return _Sort.CAPITAL
    if core.casefold() in PARTICLES:
        return _Sort.PARTICLE
    if core[:1].isdigit() and not has_capital:
        return _Sort.NUMBER
    return _Sort.OTHER


def _is_plain_word(core: str) -> bool:
    """Say whether a word in capitals goes on with the sentence: "59000 LILLE ET PERSONNE"."""
    folded = fold(core)
    if folded == "et":
        return True
    is_part = len(core) == 1 or folded in PARTICLES
    return not is_part and (folded in _ENDS or folded in load_lexicon().vocabulary)


def _ends_sentence(text: str, position: int, cursor: int) -> bool:
    """Say whether the word before was a whole word with a full stop: not "St." or "Gal."."""
    word = re.search(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.$", text[position:cursor])
    return word is not None and not _is_abbreviation(word.group(0))


def _is_abbreviation(word: str) -> bool:
    """Say whether the full stop belongs to the word: an initial or a listed abbreviation."""
    core = word.rstrip(".").casefold()
    return len(core) == 1 or core in _ABBREVIATIONS


def _without_full_stop(match: re.Match[str]) -> int:
    word = match.group(0)
    is_sentence_end = word.endswith(".") and not _is_abbreviation(word)
    return match.end() - is_sentence_end


def _after_gap(text: str, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position
