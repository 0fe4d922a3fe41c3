"""Whether passages speak against a claim that none carries: they refuse its thing, or price it.

« Les chiens sont autorisés en laisse » where dogs are forbidden but for guide dogs; « entièrement
gratuite » where the passage has a price, "open day and night" where it has hours.
"""

import re
from collections.abc import Sequence

from agent.steps.check.families import held
from agent.steps.check.grounding.polarity import is_negated
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.words import stems
from knowledge.passages import Language, Passage
from knowledge.text.fact_types import FactKind

_REFUSES = re.compile(
    r"\b(?:interdi|refus|impossib|indisponib|hors\b|sauf\b|hormis|excep|exclu|forbid|prohibit"
    r"|unavailab|unsuit|deconseill)"
)
_AGAINST = (
    (
        re.compile(
            r"\b(?:gratuit|offert|sans (?:aucun )?frais|no charge)"
            r"|(?<!-)\bfree\b(?! (?:of|from|to)\b)"
            r"|\b(?:included in the|(?:inclus|compris)e?s? dans le) (?:price|fare|prix|tarif)"
        ),
        FactKind.MONEY,
    ),
    (
        re.compile(
            r"\b(?:jour et nuit|nuit et jour|24 ?h? ?(?:/|sur) ?(?:24|7)|a toute heure"
            r"|day and night|round the clock|24 hours|any time)"
        ),
        FactKind.TIME,
    ),
    (re.compile(r"\b(?:a vie|lifetime|for life|illimite|unlimited)\b"), FactKind.DURATION),
)
"""What a quality says there is none of, and the facts that say there is."""


def gives_for_nothing(folded: str, lang: Language) -> bool:
    """Return whether a claim says free, or for life: a price and a promise, not a mere quality."""
    (free, _), _, (for_life, _) = _AGAINST
    is_said = free.search(folded) or for_life.search(folded)
    return bool(is_said) and not is_negated(folded, lang)


def is_spoken_against(folded: str, lang: Language, passages: Sequence[Passage]) -> bool:
    """Return whether a passage on a claim's matter refuses it, or has the figures it rules out."""
    if is_negated(folded, lang):
        return False
    said = frozenset(stems(folded))
    kinds = {kind for pattern, kind in _AGAINST if pattern.search(folded)}
    parts = (part for passage in passages for part in read_passage(passage).parts)
    return any(
        _REFUSES.search(part.folded) or any(fact.kind in kinds for fact in part.facts)
        for part in parts
        if held(said, part.stems)
    )
