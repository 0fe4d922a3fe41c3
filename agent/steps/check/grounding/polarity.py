"""Tells « est gratuit » from « n'est pas gratuit »: same words, opposite claim."""

import re
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.stance import stance_of
from agent.steps.check.phrases import phrases
from agent.steps.check.words import STOPWORDS, stem, stems
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
    ("ouvrons", "ferme"),
    ("opens", "closed"),
    ("open", "shut"),
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
    ("inclus", "supplement"),
    ("compris", "supplement"),
    ("gratuit", "supplement"),
    ("offert", "supplement"),
    ("included", "extra"),
    ("free", "extra"),
)
_PAIRS = tuple((stem(one), stem(other)) for one, other in _OPPOSITES)


_WITHOUT = re.compile(
    r"\b(?:without|sans|hors|excepte?|unless|sauf|zero|free (?:of|from)|a moins)\b"
)
"""Words that deny something inside an affirmation: which thing, only a reader can tell."""


_DENIES = re.compile(
    r"\b(?:deconseill|interdi|impossib|proscri|exclu|evit|refus|hors de|forbid|prohibit|avoid"
    r"|unsuit|keep \w+ (?:out|away|off)|out of)"
)
"""Denials without a « pas »."""


BEYOND_A_FIGURE = (
    r"\b(?:above|over|below|under|more than|less than|plus de|moins de|superieure?s? a"
    r"|inferieure?s? a|au-dessus de|au-dela de) [€£$]?\d"
)
"""A pattern: what is said of some sizes only."""
ANSWER = re.compile(
    r"^\W*(?:(?:oui|yes)\b\W*|(?:non|no)\b(?: ?[,:;.!-]\W*"
    r"| (?=(?:nous|vous|ils?|elles?|on|les?|la|ce|c'est|we|you|they|it)\b)))"
)
"""The yes or no that opens a reply; that of "no appointment needed" is none."""


class Clause(NamedTuple):
    """A piece of a sentence with one polarity."""

    folded: str
    stems: frozenset[str]


@lru_cache(maxsize=8192)
def is_negated(folded: str, lang: Language) -> bool:
    """Whether a folded sentence carries a negation; « ne … que » is none."""
    return phrases("grounding.negation").occurs(folded, lang)


def are_opposed(claim: frozenset[str], source: frozenset[str]) -> bool:
    """Whether two sets of stems hold opposite words, each side one of the pair only."""
    return any(
        (one in claim and other in source and other not in claim and one not in source)
        or (other in claim and one in source and one not in claim and other not in source)
        for one, other in _PAIRS
    )


def opposites_of(stems_of: frozenset[str]) -> frozenset[str]:
    """Return the words of a set that have an opposite."""
    return frozenset(word for pair in _PAIRS for word in pair if word in stems_of)


def opposes(clause: Clause, other: Clause, lang: Language) -> bool:
    """Whether two clauses on the same matter say opposite things."""
    ours, theirs = is_negated(clause.folded, lang), is_negated(other.folded, lang)
    if are_opposed(clause.stems, other.stems):
        return ours == theirs
    if ours == theirs:
        return False
    denying, affirming = (clause, other) if ours else (other, clause)
    if _DENIES.search(affirming.folded):
        return False
    denied = denied_stems(denying.folded, lang)
    without = _WITHOUT.search(affirming.folded)
    if without and denied & frozenset(stems(affirming.folded[without.end() :])):
        return _denies_having_none(denying.folded, affirming.folded[without.end() :])
    if not denied:
        return True
    return bool(denied & affirming.stems) and _speaks_of_its_verb(denying.folded, affirming, lang)


_VERB = re.compile(
    r"(?<!\w)(?:ne |n')(?:(?:vous|nous|se|le|la|les|l'|en|y) )?([a-z]{4,}) (?:pas|plus)\b"
)


def _speaks_of_its_verb(denying: str, affirming: Clause, lang: Language) -> bool:
    """Whether the verb that a French clause denies is one of the other's, or one of any offer.

    « Le code ne voyage pas avec la carte » denies nothing that is said of code and card alone.
    """
    verb = _VERB.search(denying)
    if verb is None or stance_of(verb[1], lang) is not None:
        return True
    own = frozenset(stems(verb[1]))
    return not own or bool(held(own, affirming.stems))


def _denies_having_none(denying: str, lacked: str) -> bool:
    """« Pas de pain sans gluten » denies « notre pain est sans gluten »."""
    without = _WITHOUT.search(denying)
    return without is not None and bool(
        frozenset(stems(denying[without.end() :])) & frozenset(stems(lacked))
    )


_WORD = re.compile(r"[^\W_]+")
_SMALL = re.compile(r"(?:ne|n|t|pas|plus|jamais|aucune?|rien|not|no|never|cannot|sans|without)$")
_CLAUSE_END = re.compile(r"[,;:.!?]")
_REACH = 3
_REACH_OF_NON = 1


@lru_cache(maxsize=8192)
def denied_stems(folded: str, lang: Language) -> frozenset[str]:
    """Return the stems of what a folded clause denies: its verb, and the words that follow.

    « n'est pas compris » denies « compris », « non démonté » denies « démonté » alone.
    """
    found: set[str] = set()
    for match in phrases("grounding.negation").finditer(folded, lang):
        is_narrow = match[0] in ("non", "ni", "no", "none", "nor")
        clause = _CLAUSE_END.split(folded[match.end() :])[0]
        after = [w for w in _WORD.findall(clause) if _is_content(w)]
        found.update(stem(w) for w in after[: _REACH_OF_NON if is_narrow else _REACH])
    return frozenset(found)


def _is_content(word: str) -> bool:
    return word not in STOPWORDS and _SMALL.match(word) is None
