"""The passages behind a draft, with the words that support each of its sentences marked."""

import re
from collections.abc import Iterable, Sequence

from agent.domain.brand import BrandPack
from agent.domain.drafts import LedgerLine
from agent.domain.outcome import Outcome
from knowledge.passages import Audience, Passage
from ui.locales import Words
from ui.widgets.markup import Html, badge, esc, highlighted, tag

_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*", re.UNICODE)
_WORD = re.compile(r"\w+", re.UNICODE)
_MIN_SHARED = 0.34
"""Share of common words under which no sentence of the passage is shown as the support."""


def supporting_span(sentence: str, answer: str) -> tuple[int, int] | None:
    """Return where `answer` supports `sentence`: its very words, else its closest sentence."""
    needle = sentence.strip()
    at = answer.find(needle)
    if needle and at >= 0:
        return at, at + len(needle)
    wanted = set(_WORD.findall(needle.casefold()))
    best, span = 0.0, None
    for match in _SENTENCE.finditer(answer):
        shared = _overlap(wanted, set(_WORD.findall(match[0].casefold())))
        if shared > best:
            best, span = shared, (match.start(), match.end())
    return span if best >= _MIN_SHARED else None


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
    return (*outcome.passages, *statements)


def sources_html(
    passages: Sequence[Passage], lines: Iterable[LedgerLine], numbers: dict[str, int], words: Words
) -> Html:
    """Return one card a cited passage, in citation order; `lines` are both ledgers' sentences."""
    by_id = {passage.id: passage for passage in passages}
    by_id.update({passage.key: passage for passage in passages})
    supported = [line for line in lines if line.passage_id]
    cards = [
        _card(by_id[cited], number, [ln for ln in supported if ln.passage_id == cited], words)
        for cited, number in numbers.items()
        if cited in by_id
    ]
    return "".join(cards) or tag("div", esc(words("sources.none")), "pv-hint")


def _card(passage: Passage, number: int, lines: Sequence[LedgerLine], words: Words) -> Html:
    colour = (number - 1) % 5 + 1
    spans = (supporting_span(line.sentence, passage.answer) for line in lines)
    marked = [(*span, f"pv-support pv-num-{colour}") for span in spans if span]
    head = tag("i", esc(number), f"pv-num pv-num-{colour}") + tag("b", esc(passage.question))
    body = tag("div", highlighted(passage.answer, marked), "pv-text")
    return tag("div", tag("div", head, "pv-source-head") + body + _foot(passage, words), "pv-card")


def _foot(passage: Passage, words: Words) -> Html:
    facts = [badge(passage.id, "quiet", passage.source)]
    if passage.audience is Audience.PRIVATE:
        facts.append(badge(words("sources.private"), "warn"))
    if passage.valid_until:
        until = passage.valid_until.strftime("%d/%m/%Y")
        facts.append(badge(words("sources.until", day=until), "plain"))
    if passage.is_commitment:
        facts.append(badge(words("sources.commitment"), "plain"))
    return tag("div", "".join(facts), "pv-row")
