"""Each rule lets its good examples through and finds its bad ones."""

from datetime import UTC, datetime

import pytest

from agent.adapters.channels.limits_data import load_limits
from agent.domain.brand import BrandPack
from agent.domain.checks import Check, CheckSubject, Verdict
from agent.domain.decisions import Category, Route, Triage
from agent.domain.messages import ThreadEntry
from agent.steps.check import Rubric
from agent.steps.check.registry import RULES
from agent.steps.check.rule import Example, Rule
from knowledge.passages import Language, Passage

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
Labelled = tuple[Rule, Example]
GOOD: list[Labelled] = [(rule, example) for rule in RULES for example in rule.good]
BAD: list[Labelled] = [(rule, example) for rule in RULES for example in rule.bad]


def _name(value: object) -> str:
    return (
        value.id
        if isinstance(value, Rule)
        else value.reply[:40]
        if isinstance(value, Example)
        else ""
    )


def _passages(example: Example, pack: BrandPack, lang: Language) -> tuple[Passage, ...] | None:
    if example.passages is None:
        return None
    own = {f"@{p.id}": p for p in pack.passages if p.lang is lang}
    own |= {f"@{p.id}": p for p in pack.passages if f"@{p.id}" not in own}
    return tuple(
        own.get(text) or Passage(id=f"p{index}", lang=lang, question="", answer=text)
        for index, text in enumerate(example.passages)
    )


def _triage(category: Category, lang: Language) -> Triage:
    return Triage(language=lang, language_confidence=1.0, category=category, route=Route.REPLY)


def checks_of(rule: Rule, example: Example, rubric: Rubric, pack: BrandPack) -> list[Check]:
    """Return what `rule` says of `example`."""
    lang = Language(example.lang)
    subject = CheckSubject(
        reply=example.reply,
        message=example.message,
        surface=example.surface,
        channel=example.channel,
        lang=lang,
        thread=tuple(ThreadEntry(author=a, text=t) for a, t in example.thread),
        passages=_passages(example, pack, lang),
        triage=_triage(example.category, lang) if example.category else None,
        author=example.author,
        statement_id=example.statement_id,
        now=NOW,
    )
    used = rubric.with_overrides(register=example.register) if example.register else rubric
    report = used.check(subject, load_limits(example.channel))
    return [check for check in report.checks if check.rule == rule.id]


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=_name)
def test_lets_a_good_reply_through(
    rule: Rule, example: Example, rubric: Rubric, pack: BrandPack
) -> None:
    checks = checks_of(rule, example, rubric, pack)
    assert [check for check in checks if check.verdict is Verdict.FAIL] == []


@pytest.mark.parametrize(("rule", "example"), BAD, ids=_name)
def test_finds_a_bad_reply(rule: Rule, example: Example, rubric: Rubric, pack: BrandPack) -> None:
    checks = checks_of(rule, example, rubric, pack)
    assert [check.verdict for check in checks if check.verdict is Verdict.FAIL], checks


@pytest.mark.parametrize(("rule", "example"), BAD, ids=_name)
def test_explains_itself(rule: Rule, example: Example, rubric: Rubric, pack: BrandPack) -> None:
    for check in checks_of(rule, example, rubric, pack):
        if check.verdict is Verdict.PASS:
            continue
        assert check.reason.strip()
        if check.fix:
            assert 0 <= check.fix.start <= check.fix.end <= len(example.reply)
