"""Puts the parts of a reply together, as rich as the channel allows, each with its source."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agent.domain.drafts import Citation
from agent.steps.draft.answer import Answer
from knowledge.text.sentences import split

COMPACT_CHARACTERS = 320
"""A reply up to this long is one paragraph; a longer one is set in paragraphs."""


class Kind(StrEnum):
    """The parts of a reply, in the order they stand."""

    GREETING = "greeting"
    BOT = "bot"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    STATEMENT = "statement"
    PASS_ON = "pass_on"  # noqa: S105 - a part of a reply, not a secret
    PATH = "path"
    CLOSING = "closing"
    SIGN_OFF = "sign_off"
    DISCLOSURE = "disclosure"


_OWN_LINE = frozenset({Kind.DISCLOSURE, Kind.SIGN_OFF})
_OWN_PARAGRAPH = _OWN_LINE | {Kind.PASS_ON, Kind.PATH, Kind.CLOSING}
_LITTLE = 0.6
"""A relevance below which a sentence hardly speaks of the question."""
_STANDS_ALONE = re.compile(r"(?:\n(?:- |\d{1,2}[.)] )[^\n]*|https://\S*\w/?)$")
"""A list item or a bare link: what follows starts a line."""


@dataclass(frozen=True, slots=True)
class Part:
    kind: Kind
    text: str
    source: str = ""
    """The passage or statement it is from; "" for courtesy."""


@dataclass(frozen=True)
class Recipe:
    """All that a reply would like to say. What is empty is not said."""

    greeting: str = ""
    bot: str = ""
    acknowledgement: str = ""
    short_acknowledgement: str = ""
    """Said instead when space is short and empathy is required."""
    answers: tuple[Answer, ...] = ()
    statement: str = ""
    statement_id: str = ""
    is_said_alone: bool = False
    """Nothing goes around it but the disclosure: a statement on a sensitive matter."""
    has_own_opening: bool = False
    """It says itself what an acknowledgement would say: none is put before it."""
    pass_on: str = ""
    path: str = ""
    closing: str = ""
    disclosure: str = ""
    sign_off: str = ""
    keeps_path: bool = True
    keeps_acknowledgement: bool = False
    keeps_greeting: bool = False
    keeps_sign_off: bool = False

    @property
    def has_substance(self) -> bool:
        """Whether it says more than hello and goodbye."""
        said = (self.bot, self.acknowledgement, self.statement, self.pass_on, self.path)
        return bool(self.answers) or any(said)


@dataclass(frozen=True)
class Composed:
    """A finished text and the sentences that need a source."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class _Trim:
    """How far a recipe has been shortened."""

    recipe: Recipe
    cuts: tuple[int, ...] = ()
    """For each answer, which of its versions."""
    has_links: bool = True
    has_steps: bool = True
    is_last_resort: bool = False
    """From here on something the reader would miss is left out: for a hard limit only."""

    def parts(self) -> tuple[Part, ...]:
        r = self.recipe
        listed = [
            Part(Kind.GREETING, r.greeting),
            Part(Kind.BOT, r.bot),
            Part(Kind.ACKNOWLEDGEMENT, r.acknowledgement),
            *self._answer_parts(),
            Part(Kind.STATEMENT, r.statement, r.statement_id),
            Part(Kind.PASS_ON, r.pass_on),
            Part(Kind.PATH, r.path),
            Part(Kind.CLOSING, r.closing),
            Part(Kind.SIGN_OFF, r.sign_off),
            Part(Kind.DISCLOSURE, r.disclosure),
        ]
        return tuple(part for part in listed if part.text)

    def _answer_parts(self) -> Iterator[Part]:
        for answer, cut in zip(self.recipe.answers, self.cuts, strict=True):
            said = [answer.version(cut)]
            said += [answer.next_step] * (self.has_steps and bool(answer.next_step))
            said += [answer.link] * (self.has_links and bool(answer.link))
            yield Part(Kind.ANSWER, _joined(said), answer.passage.id)

    def cut_once(self, below: float = math.inf) -> "_Trim | None":
        """Return this with the least relevant unit of all answers left out, or None.

        `below`: only a unit of less relevance than this.
        """
        options = [
            (self._loss(index), index)
            for index, cut in enumerate(self.cuts)
            if cut + 1 < len(self.recipe.answers[index].cuts)
        ]
        loss, index = min(options, default=(math.inf, 0))
        if loss >= below:
            return None
        cuts = (*self.cuts[:index], self.cuts[index] + 1, *self.cuts[index + 1 :])
        return replace(self, cuts=cuts)

    def _loss(self, index: int) -> float:
        answer, cut = self.recipe.answers[index], self.cuts[index]
        gone = set(answer.cuts[cut]) - set(answer.cuts[cut + 1])
        return max(answer.weights[unit] for unit in gone)


def _joined(said: Sequence[str]) -> str:
    """Join an answer, its next step and its link; what follows a list starts a line."""
    out = said[0]
    for piece in said[1:]:
        out += ("\n" if _STANDS_ALONE.search(out) else " ") + piece
    return out


def _ladder(recipe: Recipe) -> Iterator[_Trim]:
    """Yield ever shorter versions: courtesy goes first, then detail, the answer never.

    What says little of the question goes before the official page, which says the rest.
    """
    trim = _Trim(recipe, cuts=(0,) * len(recipe.answers))
    yield trim
    for change in _optional_first(recipe):
        trim = replace(trim, recipe=change(trim.recipe))
        yield trim
    while shorter := trim.cut_once(below=_LITTLE):
        trim = shorter
        yield trim
    trim = replace(trim, has_links=False)
    yield trim
    while shorter := trim.cut_once():
        trim = shorter
        yield trim
    trim = replace(trim, has_steps=False, is_last_resort=True)
    yield trim
    for change in _needed_last(trim.recipe):
        trim = replace(trim, recipe=change(trim.recipe))
        yield trim


def _optional_first(recipe: Recipe) -> Iterator[Callable[[Recipe], Recipe]]:
    yield lambda r: replace(r, closing="")
    if not recipe.keeps_acknowledgement and _has_more(recipe):
        yield lambda r: replace(r, acknowledgement="")
    if not recipe.keeps_sign_off:
        yield lambda r: replace(r, sign_off="")
    if not recipe.keeps_path:
        yield lambda r: replace(r, path="")


def _needed_last(recipe: Recipe) -> Iterator[Callable[[Recipe], Recipe]]:
    if recipe.acknowledgement and recipe.short_acknowledgement:
        yield lambda r: replace(r, acknowledgement=r.short_acknowledgement)
    if not recipe.keeps_greeting:
        yield lambda r: replace(r, greeting="")
    yield lambda r: replace(r, sign_off="", greeting="")
    if _has_more(recipe):
        yield lambda r: replace(r, acknowledgement="")


def _has_more(recipe: Recipe) -> bool:
    """Whether something remains to be said without the acknowledgement."""
    return replace(recipe, acknowledgement="").has_substance


def compose(
    recipe: Recipe,
    fits: Callable[[str], bool],
    is_wanted: Callable[[str], bool],
    polish: Callable[[tuple[Part, ...]], tuple[Part, ...]],
) -> Composed | None:
    """Return the richest text that fits, preferring those also `is_wanted`, or None.

    `fits` is the network's and the brand's hard limit; `is_wanted` the situation's wishes (words,
    questions); `polish` softens the parts (exclamations, emoji) before they are joined.
    """
    best: Composed | None = None
    for trim in _ladder(recipe):
        if best and trim.is_last_resort:
            break
        composed = _rendered(polish(trim.parts()), fits)
        if composed is None:
            continue
        if is_wanted(composed.text):
            return composed
        best = best or composed
    return best


def _rendered(parts: tuple[Part, ...], fits: Callable[[str], bool]) -> Composed | None:
    for is_airy in (True, False):
        page = _Page()
        for part in parts:
            page.add(part, is_airy=is_airy)
        if is_airy and len(page.text) <= COMPACT_CHARACTERS:
            continue
        if fits(page.text):
            return Composed(page.text, page.citations())
    return None


@dataclass
class _Page:
    text: str = ""
    previous: Kind | None = None
    spans: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, part: Part, *, is_airy: bool) -> None:
        """Write one part after the others."""
        self.text += self._gap(part.kind, is_airy=is_airy)
        start = len(self.text)
        self.text += part.text
        self.previous = part.kind
        if part.source:
            self.spans.append((start, len(self.text), part.source))

    def _gap(self, kind: Kind, *, is_airy: bool) -> str:
        if not self.text:
            return ""
        is_salutation = self.previous is Kind.GREETING and self.text.endswith(",")
        if is_airy:
            is_new_paragraph = kind in _OWN_PARAGRAPH or self.previous is kind is Kind.ANSWER
            return "\n\n" if is_salutation or is_new_paragraph or self._ends_line() else " "
        return "\n" if is_salutation or kind in _OWN_LINE or self._ends_line() else " "

    def _ends_line(self) -> bool:
        return bool(_STANDS_ALONE.search(self.text))

    def citations(self) -> tuple[Citation, ...]:
        """Return one citation for every sentence that holds sourced words, as a check reads it."""
        cited = []
        for sentence in split(self.text):
            for start, end, source in self.spans:
                if sentence.start < end and start < sentence.end:
                    cited.append(Citation(sentence=sentence.text, passage_id=source))
                    break
        return tuple(cited)
