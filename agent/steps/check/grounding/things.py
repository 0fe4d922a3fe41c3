"""Whether a passage gives another thing the figure that a reply gives this one.

« La livraison à domicile coûte 4,90 € » where the passage has 4,90 € for a pick-up point and
another price at home. What tells the things of a passage apart are the words that stand beside
one of them only: a reply is faulted when it has such words of another thing and none of the
right one, never for lack of words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.outcomes import FREE, PAID, outcomes_in, with_outcomes
from agent.steps.check.grounding.pieces import Part, part_spans, spans
from agent.steps.check.words import stem, stems
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees

_BOUND = frozenset(
    {
        FactKind.MONEY,
        FactKind.PERCENT,
        FactKind.QUANTITY,
        FactKind.DATE,
        FactKind.TIME,
        FactKind.DURATION,
    }
)
_WEEKDAY = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b"
)
_PLURAL_DAY = re.compile(r"\b([a-z]+day)s\b")
_WEAK = frozenset(
    stems(
        "partir jusque compter comptez prévoir prévoyez environ maximum minimum moins prix tarif"
        " coûte coût ouvert ouverte ouvre ouvrons horaires ferme fermée livraison livrons délai"
        " durée prend jour jours heure heures semaine mois an ans depuis reste passe around price"
        " costs cost open opens opening hours closed close delivery deliver takes take day days"
        " hour week month year since each per h am pm"
    )
)
"""Words of any offer: they do not say which one a figure is of."""
_FOR_ALL = re.compile(
    r"\b(?:tous (?:nos|les)(?! (?:jours|mois|ans|deux))|toutes (?:nos|les)(?! (?:semaines|heures))"
    r"|tout le monde|quel(?:le)?s? que soi(?:t|ent)|all (?:our|the|of)|every(?:one|body)?"
    r"(?! (?:\d|day|week|month|year|two|three|hour))|any of|whichever|whatever|no matter)\b"
)
_FEWEST = 2
_FAR_APART = 24
_NAMED_PLUS = re.compile(
    r"(?<=\bformule )plus\b|(?<=\b(?:offre|carte) )plus\b|(?<=\b(?:pack|plan) )plus\b"
    r"|(?<=\bforfait )plus\b|\bplus(?= (?:plan|card|pass|pack|tier|membership)\b)"
)
"""A product called Plus."""
_SPELLED = {
    stem(word): str(number)
    for number, words in enumerate(
        (
            "deux two",
            "trois three",
            "quatre four",
            "cinq five",
            "six",
            "sept seven",
            "huit eight",
            "neuf nine",
            "dix ten",
        ),
        start=2,
    )
    for word in words.split()
}
_MINUTES_IN = {"min": 1, "business_days": 1440, "month": 43200}


def gives_figure_of_another(
    folded: str, facts: Sequence[tuple[Fact, str]], parts: Sequence[Part]
) -> bool:
    """Whether a figure of a claim is another thing's in the passage.

    `folded` is the claim, `facts` its facts with their folded words, `parts` the sentences of the
    passage, in the claim's language.
    """
    said = [(fact, folded[fact.start : fact.end]) for fact in outcomes_in(folded)]
    facts = (*facts, *((fact, words) for fact, words in said if not _is_in(words, facts)))
    parts = with_outcomes(tuple(parts))
    return any(
        _is_figure_of_another(piece, folded, facts, parts) for piece in _claimed(folded, facts)
    )


def gives_one_value_to_all(
    folded: str, facts: Sequence[tuple[Fact, str]], parts: Sequence[Part]
) -> bool:
    """Whether « tous », "any", « quel que soit » goes with one of the values that a sentence of
    the passage gives to one thing and to another.

    « Tous nos bijoux sont garantis deux ans » beside « argent, 2 ans ; plaqué or, 6 mois ».
    """
    if not _FOR_ALL.search(folded):
        return False
    said = [*(fact for fact, _ in facts), *outcomes_in(folded)]
    return any(
        _is_one_of_several(fact, said, part)
        for part in with_outcomes(tuple(parts))
        for fact in said
        if fact.kind in _BOUND and fact.kind is not FactKind.DATE
    )


def _is_one_of_several(fact: Fact, said: Sequence[Fact], part: Part) -> bool:
    things = [thing for thing in _things_of(part, fact.kind) if thing.is_measured_as(fact)]
    others = [thing for thing in things if not any(thing.has(mine) for mine in said)]
    return bool(others) and any(thing.has(fact) for thing in things)


def _is_in(words: str, facts: Sequence[tuple[Fact, str]]) -> bool:
    return any(words in other for _, other in facts)


def is_comparable(one: Fact, other: Fact) -> bool:
    """Whether figures of one kind are of one size: grams and no calories, an age and no delay."""
    if one.kind is FactKind.QUANTITY:
        return one.value.rpartition(" ")[2] == other.value.rpartition(" ")[2]
    if one.kind is FactKind.TIME:
        return ("/" in one.value) == ("/" in other.value)
    if one.kind is not FactKind.DURATION:
        return True
    sizes = [_minutes(fact) for fact in (one, other)]
    return max(sizes) <= _FAR_APART * max(min(sizes), 1.0)


def _minutes(fact: Fact) -> float:
    amounts, _, unit = fact.value.partition(" ")
    return float(amounts.rpartition("..")[2]) * _MINUTES_IN.get(unit, 1440)


class _Piece(NamedTuple):
    """A stretch of a sentence with the facts in it."""

    folded: str
    facts: tuple[Fact, ...]

    def words(self, kind: FactKind) -> frozenset[str]:
        """Return the words that may say what a fact of the kind is of."""
        return _telling(_blanked(self.folded, [f for f in self.facts if _is_mute(f, kind)]))


def _is_mute(fact: Fact, kind: FactKind) -> bool:
    """Whether a fact says nothing of what others are of: « 10 séances » and « lundi » do."""
    return fact.kind is kind or fact.kind not in (FactKind.NUMBER, FactKind.DATE)


def _telling(folded: str) -> frozenset[str]:
    folded = _NAMED_PLUS.sub("pluss", _PLURAL_DAY.sub(r"\1", folded))
    return frozenset(_SPELLED.get(word, word) for word in stems(folded)) - _WEAK


def _claimed(folded: str, facts: Sequence[tuple[Fact, str]]) -> list[_Piece]:
    """The pieces of a claim that hold facts, each at its place in the piece."""
    found: list[_Piece] = []
    for start, end in spans(folded, [word for _, word in facts]):
        piece = folded[start:end]
        inside = tuple(
            Fact(fact.kind, fact.value, at, at + len(words))
            for fact, words in facts
            if words and (at := piece.find(words)) >= 0
        )
        found.append(_Piece(piece, inside))
    return [piece for piece in found if piece.facts]


def _is_figure_of_another(
    piece: _Piece, folded: str, facts: Sequence[tuple[Fact, str]], parts: Sequence[Part]
) -> bool:
    return any(
        _belongs_to_another(fact, piece, said, parts)
        for fact in piece.facts
        if fact.kind in _BOUND
        for said in _said_with(fact, piece, folded, facts)
    )


def _said_with(
    fact: Fact, piece: _Piece, folded: str, facts: Sequence[tuple[Fact, str]]
) -> Iterator[frozenset[str]]:
    """Yield the words that may say what the fact is of: all, where its stretch has none.

    First with the days and counts of the claim, then without: they may be swapped with it.
    """
    alike = [words for other, words in facts if other.kind is fact.kind]
    is_alone = all(words in piece.folded for words in alike)
    near = _with_opening(piece, folded, [words for _, words in facts])
    is_mute = not _telling(_without(near, [words for _, words in facts]))
    text = folded if is_alone and is_mute else near if is_alone else piece.folded
    mute = [words for other, words in facts if _is_mute(other, fact.kind)]
    yield _telling(_without(text, mute))
    yield _telling(_WEEKDAY.sub(" ", _without(text, [words for _, words in facts])))


def _with_opening(piece: _Piece, folded: str, facts: Sequence[str]) -> str:
    """« Au comptoir, le bagage coûte 18 € »: what opens a clause goes with what follows it."""
    end = folded.find(piece.folded) + len(piece.folded)
    start = end - len(piece.folded)
    for low, high in reversed([s for s in spans(folded, facts) if s[1] <= start]):
        words = folded[low:high]
        if folded[high:start].strip() != "," or any(fact in words for fact in facts):
            break
        start = low
    return folded[start:end]


def _without(folded: str, mute: Iterable[str]) -> str:
    for words in mute:
        folded = folded.replace(words, " " * len(words))
    return folded


def _belongs_to_another(
    fact: Fact, piece: _Piece, said: frozenset[str], parts: Sequence[Part]
) -> bool:
    """Whether words of a rival's own, and none of the holder's, stand beside the fact."""
    things = [thing for thing in _things(tuple(parts), fact.kind) if thing.is_measured_as(fact)]
    holders = [thing for thing in things if thing.has(fact)]
    taken_up = [f for f in piece.facts if f.kind is fact.kind]
    rivals = [thing for thing in things if not any(thing.has(mine) for mine in taken_up)]
    return bool(holders) and any(
        all(_points_to(rival, said, holder) for holder in holders) for rival in rivals
    )


def _points_to(rival: "_Thing", said: frozenset[str], holder: "_Thing") -> bool:
    """Whether what is said names the rival, and not the holder that it could have named."""
    of_holder = holder.words - held(holder.words, rival.words)
    of_rival = rival.words - held(rival.words, holder.words)
    if not of_holder or not said & of_rival:
        return False
    return not (held(said, of_holder) or held(of_holder, said))


class _Thing(NamedTuple):
    """What a passage gives a figure for: the figures of one kind, and the words beside them."""

    facts: tuple[Fact, ...]
    words: frozenset[str]

    def has(self, fact: Fact) -> bool:
        """Whether the figure is this thing's."""
        return any(agrees(fact, mine) for mine in self.facts)

    def is_measured_as(self, fact: Fact) -> bool:
        """Whether its figures and the fact can be taken for one another."""
        return any(is_comparable(fact, mine) for mine in self.facts)


@lru_cache(maxsize=8192)
def _things(parts: tuple[Part, ...], kind: FactKind) -> tuple[_Thing, ...]:
    found: list[_Thing] = []
    for part in parts:
        things = _things_of(part, kind)
        if things and found and _opens_with_figure(part, kind):
            things[0] = things[0]._replace(words=things[0].words | found[-1].words)
        found.extend(things)
    return tuple(found)


def _opens_with_figure(part: Part, kind: FactKind) -> bool:
    """ "Free for badge holders.": of what it is stands in the sentence before."""
    first = next(fact for fact in part.facts if fact.kind is kind)
    return not _telling(part.folded[: first.start])


def _things_of(part: Part, kind: FactKind) -> list[_Thing]:
    pieces = _with_kind(part, kind)
    heading = _heading(pieces, kind)
    return [
        _Thing(tuple(f for f in piece.facts if f.kind is kind), piece.words(kind) - heading)
        for piece in pieces
    ]


def _heading(pieces: Sequence[_Piece], kind: FactKind) -> frozenset[str]:
    """The words that open a list and are of all its things: « Colis : 6 € en relais, 8 € … »."""
    if len(pieces) < _FEWEST:
        return frozenset()
    first, *others = pieces
    label, colon, _ = first.folded.partition(" :" if " :" in first.folded else ": ")
    is_of_all = colon and not any(":" in _before(piece, kind) for piece in others)
    heading = _telling(label) if is_of_all else frozenset()
    if any(not _telling(_before(piece, kind)) for piece in others):
        return heading | _telling(_before(first, kind))
    if not any(_telling(_WEEKDAY.sub(" ", _before(piece, kind))) for piece in others):
        return heading | _telling(_WEEKDAY.sub(" ", _before(first, kind)))
    return heading


def _before(piece: _Piece, kind: FactKind) -> str:
    """The words before the first figure; before a « gratuit » where there is no other."""
    own = [fact for fact in piece.facts if fact.kind is kind]
    written = [fact for fact in own if fact.value not in (FREE, PAID)]
    return piece.folded[: (written or own)[0].start]


def _with_kind(part: Part, kind: FactKind) -> list[_Piece]:
    """The pieces with a fact of the kind; the words that open the sentence go with the first."""
    found: list[_Piece] = []
    for start, end in part_spans(part):
        facts = [f for f in part.facts if start <= f.start < end]
        if any(f.kind is kind for f in facts):
            first = start if found else 0
            within = [f for f in part.facts if first <= f.start < end]
            inside = tuple(f._replace(start=f.start - first, end=f.end - first) for f in within)
            found.append(_Piece(part.folded[first:end], inside))
    return found


def _blanked(folded: str, facts: Iterable[Fact]) -> str:
    for fact in facts:
        folded = folded[: fact.start] + " " * (fact.end - fact.start) + folded[fact.end :]
    return folded
