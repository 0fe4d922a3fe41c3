"""An approved answer as units that may be left out, least relevant first, conditions kept."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from agent.steps.draft.linking import is_leaning, is_limiting
from agent.steps.draft.plain import to_plain, unwrap
from agent.steps.draft.relevance import Relevance
from knowledge.passages import Passage
from knowledge.text.normalise import fold
from knowledge.text.sentences import split

_LIST_ITEM = re.compile(r"(?:- |\d{1,2}[.)] )")
_LEANING_SHARE = 0.6
"""How much of its relevance a sentence lends to the one that leans on it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence (or one whole list) of an answer; never shown in part."""

    text: str
    starts_line: bool
    is_condition: bool
    """Holds a `must_include` fragment: never left out."""
    leans: bool
    """Means nothing, or something else, without the unit before it."""
    limits: bool
    """Narrows what the unit before it says: stays as long as that one does."""

    @property
    def asks(self) -> bool:
        """Whether it ends with a question."""
        return self.text.rstrip(' \u00a0\u202f»")').endswith("?")


def units_of(passage: Passage, *, is_markdown: bool = False) -> tuple[Unit, ...]:
    """Return the answer as units, in plain text unless the network renders Markdown."""
    text = unwrap(passage.answer) if is_markdown else to_plain(passage.answer)
    pieces = list(_pieces(text))
    conditions = _condition_spans(text, passage.must_include, is_markdown=is_markdown)
    units: list[Unit] = []
    for start, end, starts_line in pieces:
        words = fold(text[start:end])
        holds = any(low < end and start < high for low, high in conditions)
        limits = bool(units) and is_limiting(words)
        leans = bool(units) and (limits or is_leaning(words))
        units.append(Unit(text[start:end], starts_line, holds, leans, limits))
    return tuple(units)


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield `(start, end, starts_line)`; a list and the line that announces it are one piece."""
    lines: list[list[int]] = []
    at = 0
    for line in text.split("\n"):
        is_item = bool(_LIST_ITEM.match(line))
        if is_item and lines:
            lines[-1][1] = at + len(line)
        else:
            lines.append([at, at + len(line)])
        at += len(line) + 1
    for low, high in lines:
        yield from _sentences_of(text, low, high)


def _sentences_of(text: str, low: int, high: int) -> Iterator[tuple[int, int, bool]]:
    block = text[low:high]
    list_at = block.find("\n")
    head = block if list_at < 0 else block[:list_at]
    found = [(s.start, s.end) for s in split(head)]
    if list_at >= 0 or not found:
        last = found.pop()[0] if found else 0
        found.append((last, len(block)))
    for index, (start, end) in enumerate(found):
        yield low + start, low + end, index == 0


def _condition_spans(
    text: str, fragments: Sequence[str], *, is_markdown: bool
) -> list[tuple[int, int]]:
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for fragment in fragments:
        wanted = fold(unwrap(fragment) if is_markdown else to_plain(fragment))
        at = folded.find(wanted)
        # A fragment that cannot be found again might be any sentence: nothing may be cut then.
        spans.append((at, at + len(wanted)) if at >= 0 else (0, len(text)))
    return spans


@dataclass(frozen=True)
class Answer:
    """What one passage says to one question, from the whole of it to the least that is true."""

    passage: Passage
    units: tuple[Unit, ...]
    weigh: Callable[[], tuple[float, ...]]
    """Returns the relevance of each unit to the question; asked only when something must go."""
    next_step: str = ""
    link: str = ""

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The relevance of each unit to the question asked."""
        return self.weigh()

    def version(self, number: int) -> str:
        """Return one version of the answer as text: 0 is the whole of it, without any weighing."""
        return self.text(self.cuts[number] if number else range(len(self.units)))

    @cached_property
    def cuts(self) -> tuple[tuple[int, ...], ...]:
        """The indices kept, longest version first; each is a shortening of the one before."""
        versions = [tuple(range(len(self.units)))]
        while shorter := self._shortened(versions[-1]):
            versions.append(shorter)
        return tuple(versions)

    def _shortened(self, kept: tuple[int, ...]) -> tuple[int, ...]:
        """Drop the least relevant unit that can go, and what hangs on it. Empty: none can."""
        options: list[tuple[float, int, frozenset[int]]] = []
        for index in kept:
            cluster = self._cluster(index, kept)
            if cluster is not None and len(cluster) < len(kept):
                weight = max(self.weights[member] for member in cluster)
                options.append((weight, -index, cluster))
        if not options:
            return ()
        gone = min(options)[2]
        return tuple(index for index in kept if index not in gone)

    def _cluster(self, index: int, kept: tuple[int, ...]) -> frozenset[int] | None:
        """Return `index` and the kept units that hang on it, or None if they must stay."""
        unit = self.units[index]
        if unit.is_condition or unit.limits:
            return None
        cluster = {index}
        for follower in range(index + 1, len(self.units)):
            if not self.units[follower].leans or follower not in kept:
                break
            if self.units[follower].is_condition:
                return None
            cluster.add(follower)
        return frozenset(cluster)

    def text(self, kept: Sequence[int]) -> str:
        """Return the units of `kept` as one text; a line of its own starts where it did."""
        out = ""
        for index in kept:
            unit = self.units[index]
            out += ("\n" if unit.starts_line else " ") * bool(out) + unit.text
        return out

    def without_questions(self) -> "Answer":
        """Return the answer without its rhetorical questions, where nothing hangs on them."""
        kept = [
            index
            for index in range(len(self.units))
            if not self.units[index].asks
            or self._cluster(index, tuple(range(len(self.units)))) != frozenset({index})
        ]
        if not kept:
            return self
        return replace(
            self,
            units=tuple(self.units[index] for index in kept),
            weigh=lambda: tuple(self.weights[index] for index in kept),
        )


def pointer(answer: Answer) -> Answer | None:
    """Return the next step and official page of `answer` alone, or None if it has no next step.

    For a channel too short for the answer: it sends the customer on and states nothing.
    """
    if not answer.next_step:
        return None
    step = Unit(answer.next_step, starts_line=True, is_condition=True, leans=False, limits=False)
    return replace(answer, units=(step,), weigh=lambda: (1.0,), next_step="")


def _inherited(units: Sequence[Unit], weights: Sequence[float]) -> tuple[float, ...]:
    """Give a unit that leans on another part of its weight: it speaks of the same thing."""
    heard: list[float] = []
    for unit, weight in zip(units, weights, strict=True):
        heard.append(max(weight, _LEANING_SHARE * heard[-1]) if unit.leans else weight)
    return tuple(heard)


@dataclass(frozen=True, slots=True)
class _Page:
    """One passage made ready to be said on networks of one kind."""

    passage: Passage
    units: tuple[Unit, ...]
    next_step: str
    link: str


class AnswerBook:
    """The passages of a brand as answers; each is cut into units once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._relevance = Relevance(passage.answer for passage in passages)
        self._pages: dict[tuple[str, bool], _Page] = {}

    def answer(
        self, passage: Passage, question: str, *, is_markdown: bool, has_links: bool
    ) -> Answer:
        """Return `passage` as an answer to `question`."""
        page = self._page(passage, is_markdown)

        def weigh() -> tuple[float, ...]:
            texts = [unit.text for unit in page.units]
            return _inherited(
                page.units, self._relevance.weights(texts, question, passage.question)
            )

        link = page.link if has_links else ""
        return Answer(passage, page.units, weigh, page.next_step, link)

    def _page(self, passage: Passage, is_markdown: bool) -> _Page:
        key = (passage.key, is_markdown)
        known = self._pages.get(key)
        if known is None or (known.passage is not passage and known.passage != passage):
            known = self._pages[key] = _page_of(passage, is_markdown=is_markdown)
        return known


def _page_of(passage: Passage, *, is_markdown: bool) -> _Page:
    units = units_of(passage, is_markdown=is_markdown)
    said = "\n".join(unit.text for unit in units)
    step, link = to_plain(passage.next_step or ""), passage.link or ""
    is_new = bool(link) and link not in said and link not in step
    return _Page(passage, units, "" if step in said else step, link if is_new else "")
