"""Tells « est gratuit » from « n'est pas gratuit »: same words, opposite claim."""

from agent.steps.check.phrases import phrases
from agent.steps.check.words import stem
from knowledge.passages import Language

_OPPOSITES = (
    ("gratuit", "payant"),
    ("offert", "payant"),
    ("inclus", "exclu"),
    ("inclus", "hors"),
    ("compris", "hors"),
    ("possible", "impossible"),
    ("autorise", "interdit"),
    ("ouvert", "ferme"),
    ("disponible", "indisponible"),
    ("disponible", "epuise"),
    ("obligatoire", "facultatif"),
    ("compatible", "incompatible"),
    ("adapte", "deconseille"),
    ("accepte", "refuse"),
    ("avant", "apres"),
    ("free", "paid"),
    ("included", "excluded"),
    ("possible", "impossible"),
    ("allowed", "forbidden"),
    ("allowed", "prohibited"),
    ("open", "closed"),
    ("available", "unavailable"),
    ("mandatory", "optional"),
    ("compatible", "incompatible"),
    ("suitable", "unsuitable"),
    ("accepted", "refused"),
    ("before", "after"),
)
_PAIRS = tuple((stem(one), stem(other)) for one, other in _OPPOSITES)


def is_negated(folded: str, lang: Language) -> bool:
    """Whether a folded sentence carries a negation."""
    return phrases("grounding.negation").search(folded, lang) is not None


def are_opposed(claim: frozenset[str], source: frozenset[str]) -> bool:
    """Whether two sets of stems hold opposite words, each side one of the pair only."""
    return any(
        (one in claim and other in source and other not in claim and one not in source)
        or (other in claim and one in source and one not in claim and other not in source)
        for one, other in _PAIRS
    )
