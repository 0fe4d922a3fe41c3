"""Facts that claim nothing of the offer: an age, stars, an emergency number, a day in passing."""

import re

from agent.steps.check.case import Case
from knowledge.text.facts import Fact, FactKind, agrees

_SCHEDULE = re.compile(
    r"\b(?:ouv\w+|ferm\w+|livr\w+|rec(?:ev|oi)\w+|arriv\w+|horaires?|revien\w*|stock|disponib\w+|retour|expedi\w+"
    r"|part(?:ira)?|jusqu\w*|open\w*|clos\w+|deliver\w*|arriv\w+|ship\w*|back|availab\w+|until|by|from)\b"
)
_ASKS_DAY = re.compile(r"\b(?:quels? jours?|(?:what|which) days?)\b")
_CALLS = re.compile(r"\b(?:appel|compos|urgence|call|dial|ring|emergency|joign)\w*")
_OF_A_PERSON = re.compile(
    r"\b(?:enfant|fils|fille|bebe|personne|homme|femme|ado|garcon|age)e?s? de $"
)
_AT_AGE = re.compile(r"\b(?:a|avec|pour) $")
_AT_THAT_AGE = re.compile(r"(?:^|[,:;] ?)(?:a|at) $")
_STARS = re.compile(
    r"[- ]?(?:etoiles?|stars?)\b| ?(?:sur|out of|/) ?(?:5|10|20|cinq|dix|five|ten)\b"
)
EMERGENCY = frozenset(
    {"15", "17", "18", "112", "114", "115", "119", "3114", "3919", "3018", "116117", "116123"}
    | {"111", "911", "988", "999"}
)
_TIMES_IN = re.compile(r"\b(?:fois|times?) (?:en|dans|in) $")
_WEEK = re.compile(r"\b(?:semaine|week)\b")
_A_WEEK = "10080 min"
_OPENS_FOR = re.compile(r"(?:^|[.!?,:;] ?)(?:pour|for) $")
_QUOTED_BACK = re.compile(
    r"\b(?:(?:indiqu|dis|annonc)(?:ait|ions)|(?:avions|avait) (?:dit|ecrit|indique)"
    r"|we (?:said|wrote)|reply (?:\w+ )?(?:said|stated))\b[^.;:]*$"
)


def is_never_a_claim(case: Case, fact: Fact) -> bool:
    """An emergency number, a star rating, a day in passing, our earlier words quoted."""
    if fact.kind is FactKind.PHONE and fact.value in EMERGENCY:
        return True
    if fact.kind is FactKind.NUMBER and fact.value in EMERGENCY:
        return _CALLS.search(case.folded) is not None
    if fact.kind is FactKind.NUMBER and case.text[fact.start] == "0":
        return True
    if fact.kind is FactKind.NUMBER and _STARS.match(case.folded[fact.end :]):
        return True
    if fact.kind is FactKind.DURATION and (_is_age(case, fact) or _is_their_stay(case, fact)):
        return True
    if fact.value.startswith("wd-"):
        sentence = case.sentence_at(fact.start)
        is_asked = _ASKS_DAY.search(case.message) is not None
        return (
            sentence is not None and not is_asked and not _SCHEDULE.search(case.folded_of(sentence))
        )
    before = case.folded[max(0, fact.start - 40) : fact.start]
    return _QUOTED_BACK.search(before) is not None


def _is_their_stay(case: Case, fact: Fact) -> bool:
    """« Pour quinze jours, le pass … », « trois fois en une semaine »: the customer's own time."""
    before = case.folded[max(0, fact.start - 24) : fact.start]
    if _TIMES_IN.search(before) and fact.value == _A_WEEK:
        return _WEEK.search(case.message) is not None
    is_theirs = any(agrees(fact, known) for known in case.message_facts)
    return (
        is_theirs and bool(_OPENS_FOR.search(before)) and case.text[fact.end : fact.end + 1] == ","
    )


def _is_age(case: Case, fact: Fact) -> bool:
    """« un enfant de huit ans », "an eight-year-old"."""
    before = case.folded[max(0, fact.start - 20) : fact.start]
    after = case.folded[fact.end : fact.end + 6]
    is_theirs = any(agrees(fact, known) for known in case.message_facts)
    if is_theirs and _AT_AGE.search(before) and case.folded[fact.end - 3 : fact.end] == "ans":
        return True
    if is_theirs and _AT_THAT_AGE.search(before):
        return True
    return bool(_OF_A_PERSON.search(before) or re.match(r"[- ]?olds?\b", after))
