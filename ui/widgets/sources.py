"""The passages behind a draft, with the words that support each of its sentences marked."""

import re
from collections.abc import Iterable, Sequence

from agent.domain.brand import BrandPack
from agent.domain.outcome import Outcome
from knowledge.passages import Audience, Passage
from knowledge.text.sentences import split
from ui.locales import Words
from ui.widgets.ledger import Linked
from ui.widgets.markup import Html, Mark, badge, esc, highlighted, tag

_WORD = re.compile(r"\w+", re.UNICODE)
_MIN_SHARED = 0.34
"""Share of common words under which no sentence of the passage is shown as the support."""


def supporting_span(sentence: str, answer: str) -> tuple[int, int] | None:
    """Return where `answer` supports `sentence`: its very words, else its closest sentence."""
    found = _support(sentence, (answer,))
    return found[1:] if found else None


def _support(sentence: str, parts: Sequence[str]) -> tuple[int, int, int] | None:
    """Return `(part, start, end)` of the words that support `sentence`."""
    needle = sentence.strip()
    for at, part in enumerate(parts):
        start = part.find(needle)
        if needle and start >= 0:
            return at, start, start + len(needle)
    wanted = _words(needle)
    shared = [
        (_overlap(wanted, _words(said.text)), at, said.start, said.end)
        for at, part in enumerate(parts)
        for said in split(part)
    ]
    best = max(shared, default=(0.0, 0, 0, 0), key=lambda one: one[0])
    return best[1:] if best[0] >= _MIN_SHARED else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def citable(outcome: Outcome, pack: BrandPack | None, words: Words) -> tuple[Passage, ...]:
    """Return what a draft of `outcome` may cite: the passages found, and approved statements."""
    lang = outcome.triage.language
    said = [s for s in pack.statements if s.lang is lang] if pack else []
    statements = (
        Passage(
            id=statement.id,
            lang=lang,
            question=words("sources.statement", by=statement.approver),
            answer=statement.text,
            valid_from=statement.valid_from,
            valid_until=statement.valid_until,
            source=statement.source,
        )
        for statement in said
    )
    private = outcome.retrieval.in_private
    also = tuple(hit.passage for hit in private.hits) if private else ()
    return (*outcome.passages, *also, *statements)


def sources_html(
    passages: Sequence[Passage], lines: Iterable[Linked], numbers: dict[str, int], words: Words
) -> Html:
    """Return one card a cited passage, in citation order; `lines` are both texts' sentences."""
    by_id = {passage.key: passage for passage in passages}
    by_id |= {passage.id: passage for passage in reversed(passages)}
    supported = [one for one in lines if one.line.passage_id]
    cards = [
        _card(by_id[cited], number, [o for o in supported if o.line.passage_id == cited], words)
        for cited, number in numbers.items()
        if cited in by_id
    ]
    return "".join(cards) or tag("div", esc(words("sources.none")), "pv-hint")


def _card(passage: Passage, number: int, lines: Sequence[Linked], words: Words) -> Html:
    colour = (number - 1) % 5 + 1
    parts = tuple(filter(None, (passage.answer, passage.next_step, passage.link)))
    marks: list[list[Mark]] = [[] for _ in parts]
    for one in lines:
        found = _support(one.line.sentence, parts)
        if found:
            at, start, end = found
            marks[at].append(Mark(start, end, f"pv-support pv-num-{colour}", one.link))
    head = tag("i", esc(number), f"pv-num pv-num-{colour}") + tag("b", esc(passage.question))
    body = "".join(
        tag("div", highlighted(part, marks[at]), "pv-text") for at, part in enumerate(parts)
    )
    return tag("div", tag("div", head, "pv-source-head") + body + _foot(passage, words), "pv-card")


def _foot(passage: Passage, words: Words) -> Html:
    is_private = passage.audience is Audience.PRIVATE
    audience = words("sources.private" if is_private else "sources.public")
    facts = [
        badge(passage.id, "quiet", passage.source),
        badge(audience, "warn" if is_private else "plain"),
        badge(validity(passage, words), "plain"),
    ]
    if passage.is_commitment:
        facts.append(badge(words("sources.commitment"), "plain"))
    return tag("div", "".join(facts), "pv-row")


def validity(passage: Passage, words: Words) -> str:
    """Return from when to when a passage may be said."""
    start, end = passage.valid_from, passage.valid_until
    if start and end:
        return words("sources.between", start=words.day(start), end=words.day(end))
    if end:
        return words("sources.until", day=words.day(end))
    return words("sources.since", day=words.day(start)) if start else words("sources.always")
