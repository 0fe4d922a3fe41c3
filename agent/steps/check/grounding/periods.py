"""Whether a price is said for another stretch of time, or for another one, than the passage does.

"£10 a month" is not carried by "£10 per year", nor « 12 € pour toute l'équipe » by « 12 € par
utilisateur ».
"""

import re
from collections.abc import Iterable

from agent.steps.check.grounding.derived import Stated
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees

_EACH = (
    r" ?(?:ttc |ht |off |de (?:remise|reduction) )?"
    r"(?:/ ?|par |per |an? |each |every |chaque |la |le |l'|pour (?:une?|chaque) )"
)
_PERIODS = {
    "minute": r"minutes?|min",
    "hour": r"heures?|h|hours?|hr",
    "day": r"jours?|j|days?|journee",
    "night": r"nuits?|nuitees?|nights?",
    "week": r"semaines?|sem|weeks?",
    "month": r"mois|months?",
    "quarter": r"trimestres?|quarters?",
    "year": r"ans?|annee|years?",
}
_ADJECTIVES = {
    "day": r" (?:daily|quotidien\w*)",
    "week": r" (?:weekly|hebdomadaires?)",
    "month": r" (?:monthly|mensuel\w*)",
    "year": r" (?:yearly|annually|annuel\w*)",
}
_SAID = {
    name: re.compile(rf"(?:{_EACH}(?:{words})|{_ADJECTIVES.get(name, '(?!)')})(?![a-z])")
    for name, words in _PERIODS.items()
}


def is_of_another_period(fact: Fact, folded: str, parts: Iterable[Stated]) -> bool:
    """Return whether a price is for one period in the claim and for others in every passage.

    `fact` stands at its place in `folded`. A price without a period, on either side, is of any.
    """
    if fact.kind is not FactKind.MONEY:
        return False
    ours = _period(folded[fact.end :])
    theirs = [
        _period(part.folded[known.end :])
        for part in parts
        for known in part.facts
        if agrees(fact, known)
    ]
    return ours is not None and bool(theirs) and None not in theirs and ours not in theirs


def _period(after: str) -> str | None:
    return next((name for name, said in _SAID.items() if said.match(after)), None)
