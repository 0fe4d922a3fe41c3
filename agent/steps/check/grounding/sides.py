"""Whether a reply allows, forbids or demands what a passage says the contrary of."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.denials import is_nearer
from agent.steps.check.grounding.pieces import Part, part_spans, spans
from agent.steps.check.grounding.polarity import ANSWER, BEYOND_A_FIGURE
from agent.steps.check.grounding.stance import Matter, Stance, done_without, needless, stance_of
from agent.steps.check.words import stems
from knowledge.passages import Language

WITH_A_CASE = re.compile(
    r"\b(?:si|s'il|sauf|sans|hors|tant qu\w*|quand|lorsqu\w*|seul\w*|uniquement|avant|apres|passe"
    r"|au-dela|a condition|if|unless|except\w*|without|only|when|once|until|before|after|beyond"
    r"|as long as|provided|otherwise|sinon)\b|\bqu(?:e |')"
    rf"|{BEYOND_A_FIGURE}"
)
"""What holds for some cases: which, only a reader can tell."""
_GOES_ON = re.compile(r"\W*(?:ils?|elles?|they|it|these|those|ceux-ci|celles-ci|cela)\b")
_MOST = 0.75
_FEWEST = 2
_LONGEST_FOR_ONE = 3


class Side(NamedTuple):
    """A stretch of a passage: its stance, all its stems, and the thing it goes on about."""

    stance: Stance | None
    words: frozenset[str]
    goes_on: frozenset[str]
    has_case: bool


def takes_other_side(folded: str, parts: Sequence[Part], lang: Language) -> bool:
    """Whether a clause of a folded claim says the contrary of the passage on one matter."""
    theirs = _sides(tuple(parts), lang)
    if any(_is_demanded(thing, theirs) for thing in needless(folded)):
        return True
    return any(
        _is_contrary(ours, theirs) or _is_dispensed(ours, parts) for ours in _stances(folded, lang)
    )


def takes_same_side(folded: str, parts: Sequence[Part], lang: Language) -> bool:
    """Whether every clause with a stance has one of the passage beside it, and none against."""
    ours, theirs = _stances(folded, lang), _sides(tuple(parts), lang)
    return bool(ours) and all(
        any(_is_same(one, side) for side in theirs)
        and not any(_is_against(one, side) for side in theirs)
        for one in ours
    )


@lru_cache(maxsize=8192)
def _stances(folded: str, lang: Language) -> tuple[Stance, ...]:
    pieces = _joined(ANSWER.sub("", folded), (), lang)
    found = (stance_of(piece, lang) for piece in pieces if not WITH_A_CASE.search(piece))
    return tuple(stance for stance in found if stance is not None and stance.about)


def _joined(folded: str, kept: Sequence[str], lang: Language) -> list[str]:
    """The stretches of a sentence; what opens one, without a stance, goes with what follows.

    « Le gîte de la Source, lui, n'accepte pas les animaux »
    """
    pieces: list[str] = []
    opening, end = "", 0
    for start, stop in spans(folded, kept):
        is_new = folded[end:start].strip() not in ("", ",")
        piece = folded[start:stop] if is_new or not opening else f"{opening} {folded[start:stop]}"
        opening = piece if stance_of(piece, lang) is None else ""
        pieces.append(piece)
        end = stop
    return pieces


@lru_cache(maxsize=4096)
def _sides(parts: tuple[Part, ...], lang: Language) -> tuple[Side, ...]:
    found: list[Side] = []
    first: frozenset[str] = frozenset()
    for part in parts:
        if not _GOES_ON.match(part.folded):
            first = frozenset(stems(part.folded)[:1])
        for start, end in part_spans(part):
            text = part.folded[start:end]
            has_case = WITH_A_CASE.search(text) is not None
            words = frozenset(stems(text))
            found.append(Side(stance_of(text, lang), words, first - words, has_case))
    return tuple(found)


def _is_contrary(ours: Stance, theirs: Sequence[Side]) -> bool:
    against = [side for side in theirs if _is_against(ours, side)]
    return any(not _is_excused(ours, side, theirs) for side in against)


def _is_against(ours: Stance, side: Side) -> bool:
    stance = side.stance
    return (
        stance is not None
        and not side.has_case
        and stance.matter is ours.matter
        and stance.is_affirmed is not ours.is_affirmed
        and _is_about_the_same(ours.about, side)
    )


def _is_same(ours: Stance, side: Side) -> bool:
    stance = side.stance
    return (
        stance is not None
        and stance.matter is ours.matter
        and stance.is_affirmed is ours.is_affirmed
        and _is_about_the_same(ours.about, side)
    )


def _is_about_the_same(mine: frozenset[str], side: Side) -> bool:
    theirs = side.stance.about if side.stance else side.words
    shared = held(mine, theirs | side.goes_on)
    if not shared or not theirs:
        return False
    if shared == mine and (len(mine) >= _FEWEST or len(theirs) <= _LONGEST_FOR_ONE):
        return True
    if held(theirs, mine) == theirs:
        return True
    return len(shared) >= _FEWEST and len(shared) >= _MOST * len(mine)


def _is_excused(ours: Stance, against: Side, theirs: Sequence[Side]) -> bool:
    """Whether another stretch covers as much of the claim and does not speak against it."""
    shared = held(ours.about, against.words | against.goes_on)
    alike = [side for side in theirs if _is_same(ours, side) and not side.has_case]
    if any(len(held(ours.about, side.words)) > len(shared) for side in alike):
        return True
    return any(
        shared <= held(ours.about, side.words)
        or is_nearer(ours.about, side.words, against.words | against.goes_on)
        for side in theirs
        if side is not against and not _is_against(ours, side) and not _is_apart(ours, side)
    )


def _is_apart(ours: Stance, side: Side) -> bool:
    """Whether a stretch takes the other side, on something that is not quite the claim's."""
    stance = side.stance
    return (
        stance is not None
        and stance.matter is ours.matter
        and stance.is_affirmed is not ours.is_affirmed
    )


def _is_dispensed(ours: Stance, parts: Sequence[Part]) -> bool:
    """Whether the passage does without what the claim demands: « sans créer de compte »."""
    if ours.matter is not Matter.MUST or not ours.is_affirmed:
        return False
    things = (frozenset(done_without(part.folded)) for part in parts)
    return any(bool(thing) and held(ours.about, thing) == ours.about for thing in things)


def _is_demanded(thing: str, theirs: Sequence[Side]) -> bool:
    """Whether the passage demands what the claim says one does without, and never the contrary."""
    about = [side for side in theirs if held(frozenset({thing}), side.words)]
    return bool(about) and all(
        side.stance is not None and side.stance.matter is Matter.MUST and side.stance.is_affirmed
        for side in about
    )
