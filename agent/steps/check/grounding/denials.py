"""Whether a passage denies of a thing what a reply affirms of it, or affirms what it denies.

« Le vin chaud est sans alcool » where the passage says so of the cider and the contrary of the
wine; « la formation en ligne est certifiante » where the one on site is and « la formation en
ligne ne l'est pas ». What agrees with the reply excuses it only where it covers the same words.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import Part, part_spans, spans
from agent.steps.check.grounding.polarity import (
    ANSWER,
    BEYOND_A_FIGURE,
    Clause,
    are_opposed,
    denied_stems,
    is_negated,
    opposes,
    opposites_of,
)
from agent.steps.check.words import stems
from knowledge.passages import Language

_WITH_A_CASE = re.compile(
    r"\b(?:si|s'il|sauf|sans|hors|tant qu\w*|quand|lorsqu\w*|seul\w*|uniquement|avant|apres|passe"
    r"|au-dela|a condition|if|unless|except\w*|without|only|when|once|until|before|after|beyond"
    r"|as long as|provided|otherwise|sinon|ni|nor|neither)\b"
    r"|\b(?:ne |n')(?:s'|se )?\w+ (?:\w+ )?qu(?:e |')"
    rf"|{BEYOND_A_FIGURE}"
)
"""A denial or an affirmation for some cases: which, only a reader can tell."""
_FEWEST = 2
_NEARLY_ALL = 0.8
_SHORT_OPENING = 3


def says_contrary(folded: str, parts: Sequence[Part], lang: Language) -> bool:
    """Whether a clause of a folded claim is the contrary of what the sentences `parts` state."""
    folded = ANSWER.sub("", folded)
    if _WITH_A_CASE.search(folded):
        return False
    theirs = _stated(tuple(parts), lang)
    return any(
        _is_contrary(clause, before, other, [o for _, o in theirs], lang)
        for clause in _clauses_of(folded, lang)
        for before, other in theirs
    )


def _clauses_of(folded: str, lang: Language) -> list[Clause]:
    """The clauses of a claim; the whole as well, where it denies nothing."""
    texts = [folded[start:end] for start, end in spans(folded, ())]
    if len(texts) > 1 and not is_negated(folded, lang):
        texts.append(folded)
    clauses = [Clause(text, frozenset(stems(text))) for text in texts]
    return [clause for clause in clauses if len(clause.stems) >= _FEWEST]


@lru_cache(maxsize=4096)
def _stated(parts: tuple[Part, ...], lang: Language) -> tuple[tuple[Clause | None, Clause], ...]:
    """The clauses of a passage, each with the one before it; whole sentences that only affirm."""
    pieces = [
        Clause(text, frozenset(stems(text)))
        for part in parts
        for start, end in part_spans(part)
        if (text := part.folded[start:end])
    ]
    opened = [
        Clause(text, frozenset(stems(text))) for part in parts if (text := _with_its_opening(part))
    ]
    whole = [
        Clause(part.folded, part.stems)
        for part in parts
        if not is_negated(part.folded, lang) and not _WITH_A_CASE.search(part.folded)
    ]
    return (*pairwise([None, *pieces]), *((None, one) for one in (*opened, *whole)))  # type: ignore[arg-type]


def _with_its_opening(part: Part) -> str:
    """« Le jeudi matin, le spa n'est pas mixte »: the short opening goes with what follows."""
    spans_of = part_spans(part)
    if len(spans_of) < _FEWEST:
        return ""
    first, second = (part.folded[start:end] for start, end in spans_of[:2])
    return f"{first}, {second}" if len(stems(first)) <= _SHORT_OPENING else ""


def _is_contrary(
    clause: Clause,
    before: Clause | None,
    other: Clause,
    theirs: Sequence[Clause],
    lang: Language,
) -> bool:
    """Whether `other` says the opposite of the same thing, and nothing said agrees on it."""
    if _WITH_A_CASE.search(other.folded) or not opposes(clause, other, lang):
        return False
    shared = held(clause.stems, other.stems)
    if not _is_about_the_same(clause, before, other, lang):
        return False
    return not any(
        shared <= held(clause.stems, one.stems) or is_nearer(clause.stems, one.stems, other.stems)
        for one in theirs
        if one is not other and not opposes(clause, one, lang)
    )


def is_nearer(claim: frozenset[str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether, of two clauses on one matter, a claim is about the thing of the first.

    « La formule Confort » is told apart by « Confort », which only one of them has, where the
    other has a word of its own: « Essentielle ».
    """
    with_one, with_other = held(claim, one), held(claim, other)
    has_more = bool(with_one - with_other) and len(with_one) >= len(with_other) - 1
    return has_more and bool(other - held(other, claim | one))


def _is_about_the_same(
    clause: Clause, before: Clause | None, other: Clause, lang: Language
) -> bool:
    polar = opposites_of(clause.stems | other.stems)
    rest = frozenset(word for word in other.stems - polar if not word.isdigit())
    mine = clause.stems - polar
    if _is_elliptic(clause, other, lang):
        taken_over = len(mine & (before.stems - rest)) if before else 0
        return bool(rest) and rest <= mine and len(rest) + taken_over > _FEWEST
    if len(rest) >= _FEWEST and held(rest, mine) == rest:
        return True
    return len(mine) >= _FEWEST and len(held(mine, rest)) >= _NEARLY_ALL * len(mine)


def _is_elliptic(clause: Clause, other: Clause, lang: Language) -> bool:
    """« La formation en ligne ne l'est pas », « refusés le dimanche »: the rest stands before."""
    if are_opposed(clause.stems, other.stems):
        return len(other.stems - opposites_of(other.stems)) < _FEWEST
    return is_negated(other.folded, lang) and not denied_stems(other.folded, lang)
