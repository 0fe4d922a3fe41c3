"""Finds what is told as certain by how it is told: a gain, a service at a time, a word given."""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.grounding.courtesy import is_approved
from agent.steps.check.grounding.promises import is_denied
from agent.steps.check.grounding.reading import read_passage, usable_passages
from agent.steps.check.phrases import any_phrases, phrases

_CUES = ("gain", "nothing", "lasting", "sure", "time")
_NEAR = 70
"""Characters between a service and its time."""
_TIMES = (
    r"\d|jour|heure|semaine|mois\b|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|day\b|days\b|hour|week|month|tomorrow|minute|noon|midi\b"
)
_VALUES = (
    r"gratuit|offert|offr|cadeau|frais|rembours|bon d|geste|remise|reduction|avoir\b|credit|echang"
    r"|remplac|annul|reserv|free|charge|fee|refund|voucher|gift|discount|replac|exchang|cancel"
    r"|waive|upgrade|surclass|compens|indemn|reward|cover|prise? en charge|points|prix|tarif|price"
    r"|renvo|reexped|livr|deliver|ship|pret|lend|lent|\d ?(?:€|£|%)|[£$€]\d"
)
_KEPT = (
    r"bloqu|gel[eé]|fige|fixe|garanti|inchang|meme|lock|frozen|guarantee|same\b|cap|never|jamais"
    r"|n'augment|a vie|for life"
)
_HOURS = r"ouvert|ouvr|ferm|horaire|open|clos|hours"
_BACKING = {
    "gift": re.compile(_VALUES),
    "price": re.compile(_VALUES + r"|cout|cost|rate\b"),
    "lasting": re.compile(_KEPT),
    "guarantee": re.compile(_VALUES + r"|garanti|guarantee|promi|" + _TIMES),
    "deadline": re.compile(_TIMES),
    "hours": re.compile(_HOURS),
}
_REFUSED = re.compile(
    r"\b(?:aucune? (?:rembours|avoir|geste|annul|echange)|n'est (?:pas|plus)\b|non rembours"
    r"|ne (?:sont|peut|peuvent|sera|seront|donn\w+) (?:pas|plus)|no (?:refund|exchange|cancel)"
    r"|not (?:be )?(?:refund|exchang|cancel|transfer)|cannot|can't|non-?refund)"
)
"""A passage that refuses the thing allows no promise of it."""
_GRANTED = re.compile(
    r"granted|approved|accord|approuv|valide|voici|voila|here(?:'s| is)|take this|prenez"
)
_FIGURE = re.compile(r"\d+")
_JOINED = re.compile(r"\b(?:and|et|puis|then)\b")
"""After it the time said before is another's: « l'horaire de lundi, et nous vous répondrons »."""
_BREAK = re.compile(r"[;:!?]|, (?:mais|but)\b|\. ")


class Assurance(NamedTuple):
    """Something told as certain, of one kind, at `[start, end)` of the reply."""

    kind: str
    start: int
    end: int


def find_assurances(case: Case) -> Iterator[Assurance]:
    """Yield what sentences tell as certain that no passage speaks of at all.

    Where a passage speaks of such things, the ledger compares it with the sentence (X3).
    """
    cues = any_phrases(*(f"assurances.{name}" for name in _CUES))
    if not cues.occurs(case.bare, case.reply_lang):
        return
    demanded = _FIGURE.findall(case.message)
    parts = [part.folded for p in usable_passages(case) for part in read_passage(p).parts]
    sources = [part for part in parts if not _REFUSED.search(part)]
    for line in case.lines:
        sentence = line.sentence
        if line.status is LedgerStatus.SUPPORTED or _is_open(case, line.sentence.start):
            continue
        words = case.bare[sentence.start : sentence.end]
        for kind, start, end in _told(case, words):
            asked = [figure for figure in _FIGURE.findall(words[start:end]) if figure in demanded]
            is_backed = any(_backs(kind, asked, source) for source in sources)
            if not is_backed and not is_approved(case, sentence):
                yield Assurance(kind, sentence.start + start, sentence.start + end)


def _backs(kind: str, asked: list[str], source: str) -> bool:
    """Whether a passage speaks of such things, and of the figures that the customer asked for."""
    if _BACKING[kind].search(source) is None:
        return False
    figures = asked if kind == "gift" else []
    return all(re.search(rf"(?<!\d){figure}(?!\d)", source) for figure in figures)


def _is_open(case: Case, at: int) -> bool:
    """A question, or a passage's own words."""
    sentence = case.sentence_at(at)
    asks = sentence is not None and sentence.text.rstrip(" »\"')").endswith("?")
    return asks or stands_on_passage(case, at)


def _told(case: Case, words: str) -> Iterator[Assurance]:
    if phrases("assurances.everyday").search(words, case.reply_lang):
        return
    for kind, name in (("price", "nothing"), ("lasting", "lasting")):
        yield from (Assurance(kind, *span) for span in _spans(case, name, words))
    for start, end in _spans(case, "gain", words):
        if not is_denied(words, start, end) and not _is_theirs(case, words, start, end):
            yield Assurance("gift", start, end)
    yield from _dated(case, words)
    says = _spans(case, "says", words)
    for start, end in _spans(case, "sure", words):
        if says and says[0][0] < start:
            yield Assurance("guarantee", start, end)


def _dated(case: Case, words: str) -> Iterator[Assurance]:
    """« Le directeur vous appelle dans l'heure » : somebody does it, and by then."""
    times = _spans(case, "time", words)
    if not times:
        return
    for kind, name in (("hours", "open"), ("deadline", "act")):
        for act, time in product(_spans(case, name, words), times):
            start, end = min(act[0], time[0]), max(act[1], time[1])
            is_after = act[0] > time[0] and _JOINED.search(words[start:end]) is not None
            is_near = end - start <= _NEAR + (act[1] - act[0]) and not is_after
            if is_near and _is_one(words, start, end) and not is_denied(words, *act):
                yield Assurance(kind, start, end)


def _is_one(words: str, start: int, end: int) -> bool:
    return _BREAK.search(words[start:end]) is None


def _is_theirs(case: Case, words: str, start: int, end: int) -> bool:
    """« Le bon de 20 € » that the customer wrote of, and that is not granted there."""
    figures = _FIGURE.findall(words[start:end])
    is_told = bool(figures) and all(figure in case.message for figure in figures)
    return is_told and _GRANTED.search(words) is None


def _spans(case: Case, name: str, words: str) -> list[tuple[int, int]]:
    entry = phrases(f"assurances.{name}")
    return [found.span() for found in entry.finditer(words, case.reply_lang)]
