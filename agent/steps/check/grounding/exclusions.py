"""A place or a case that a passage leaves out is not served because the rest is.

« Livraison en France, sauf Corse » does not carry « nous livrons en Corse ».
"""

import re
from collections.abc import Sequence

from agent.steps.check.families import held
from agent.steps.check.words import stems

_LEAVES_OUT = re.compile(
    r"\b(?:sauf|hors|hormis|excepte\w*|a l'exception d(?:e|u|es|')|a l'exclusion d(?:e|u|es|')"
    r"|n'est pas (?:le cas|possible) (?:pour|en|dans|au|aux|a)|en dehors d(?:e|u|es|')"
    r"|except(?:ing)?(?: for| in| on| to)?|exclud(?:ing|es)|apart from|other than|outside(?: of)?"
    r"|but not(?: to| in| on| for)?|with the exception of|(?<=all )bar|barring)\b([^.;:()!?]+)"
)
_BARS = re.compile(
    r"\b(?:sauf|hors|hormis|excepte\w*|excl\w+|except\w*|outside|unless|only|uniquement|seulement"
    r"|seule?s?"
    r"|ferm\w+|clos\w*|interdit\w*|refus\w+|supplement\w*|payant\w*|autre\w*|sur devis|other|extra"
    r"|forbidden|unavailable|indisponible\w*|impossible|longer|plus long\w*|apart|rather|instead"
    r"|en plus|en sus|a part|on top|separate(?:ly)?|in addition|without|sans|besides|ailleurs"
    r"|(?:every\w*|any\w*|all)(?: \w+)? but)\b"
)
_STOP = re.compile(r" (?:mais|but)\b| (?:en|sous|dans|in|within|for|pour|from|a partir de) [\d€£$]")
_NEXT = re.compile(r",| et | ou | and | or | ni ")
_IS_LISTED = re.compile(
    r"(?! ?(?:en|in|sous|a|au|vous|nous|il|elle|you|we|it|they|with|avec)\b)[^\d]+"
)
_LONGEST_LISTED = 3


def includes_what_is_left_out(folded_claim: str, is_denied: bool, parts: Sequence[str]) -> bool:
    """Whether an affirmation names what a sentence of the passage excepts.

    `parts` are the folded sentences of the passage; what they also name outside their exceptions
    is not left out.
    """
    if is_denied or _BARS.search(folded_claim):
        return False
    said = frozenset(stems(folded_claim))
    outside = frozenset(stems(_LEAVES_OUT.sub(" ", " ".join(parts))))
    return any(
        _names(said, left_out, part, outside) for part in parts for left_out in _left_out(part)
    )


def start_of_exception(folded: str) -> int | None:
    """Return where a folded sentence begins to leave something out, or None."""
    found = _LEAVES_OUT.search(folded)
    return found.start() if found else None


def _left_out(folded: str) -> list[frozenset[str]]:
    """The stems of each thing left out: « sauf Corse et outre-mer » leaves out two."""
    things: list[str] = []
    for match in _LEAVES_OUT.finditer(folded):
        first, *others = _NEXT.split(_STOP.split(match[1])[0])
        things.append(first)
        things.extend(other for other in others if _is_listed(other))
    return [words for thing in things if (words := frozenset(stems(thing)))]


def _is_listed(words: str) -> bool:
    return len(words.split()) <= _LONGEST_LISTED and _IS_LISTED.fullmatch(words) is not None


def _names(
    said: frozenset[str], left_out: frozenset[str], part: str, outside: frozenset[str]
) -> bool:
    kept = frozenset(stems(_LEAVES_OUT.sub(" ", part)))
    return left_out <= said and not left_out <= outside and bool(held(said, kept))


_ONLY = re.compile(r"\b(?:uniquement|seulement|exclusivement|only|exclusively|nowhere else)\b")
_MORE = re.compile(
    r"\b(?:aussi|egalement|meme|partout|(?:dans|a) tout(?:e|es)? (?:l'|la|le|les)?|tous|toutes"
    r"|every\w*|also|too|as well|even|all over|anywhere|throughout|all(?! means\b))\b"
)
_LIMITED = re.compile(
    r"\b(?:only|seul\w*|uniquement|just|rien que|but not|sauf|except\w*)\b|\bqu(?:e |')"
)


def adds_to_what_is_only(folded_claim: str, is_denied: bool, parts: Sequence[str]) -> bool:
    """Whether an affirmation adds to what a sentence of the passage says is all.

    « Nous livrons aussi en Suisse », where it is « en France et en Belgique uniquement ».
    """
    if is_denied or not _MORE.search(folded_claim) or _LIMITED.search(folded_claim):
        return False
    said = frozenset(stems(_MORE.sub(" ", folded_claim)))
    known = frozenset(stems(" ".join(parts)))
    more = said - held(said, known)
    return bool(more) and any(
        _ONLY.search(part) and held(said, frozenset(stems(part))) for part in parts
    )
