"""The rules a brand wrote itself, run like those of the rubric under `BRAND.<id>`."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from agent.domain.brand import OwnRule, RuleKind
from agent.domain.checks import Fix
from agent.steps.check.brand.bounded import Found, PatternTooSlowError, find_all
from agent.steps.check.case import Case
from agent.steps.check.guide import Guide
from agent.steps.check.rule import Finding, Outcome, Rule, abstain, not_applicable, replace
from knowledge.passages import Language

FAMILY = "BRAND"
_QUOTES = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]{2,}\"")
_TWICE = r"(\w+)\s+\1"
_MAY_BE_TWICE = frozenset({"nous", "vous", "that", "had"})
"""« nous nous », « vous vous », "that that": right in their languages."""


@lru_cache(maxsize=512)
def own_rules(guide: Guide) -> tuple[Rule, ...]:
    """Return the brand's own rules, in the order of the guide."""
    return tuple(
        Rule(f"{FAMILY}.{own.id}", own.level, partial(_judge, own)) for own in guide.policy.rules
    )


def _judge(own: OwnRule, case: Case) -> Outcome:
    if own.lang is not None and case.reply_lang not in (own.lang, Language.UNKNOWN):
        return not_applicable("the rule is for another language")
    if own.scope and case.subject.surface not in own.scope:
        return not_applicable("the rule does not hold here")
    try:
        return list(_BY_KIND[own.kind](own, case)) or None
    except PatternTooSlowError:
        reason = f"The pattern of the rule `{own.id}` did not come to an end: mend it."
        return abstain(reason, own.level)


def _matches(own: OwnRule, pattern: str, case: Case) -> list[Found]:
    """The matches outside quotations and outside the exceptions."""
    spans = [match.span() for match in _QUOTES.finditer(case.text)]
    for words in own.exceptions:
        spans += [(f.start, f.end) for f in find_all(re.escape(words), case.text)]
    found = find_all(
        pattern,
        case.text,
        is_case_sensitive=own.is_case_sensitive,
        is_part_of_words=own.is_part_of_words,
    )
    return [f for f in found if not any(a <= f.start and f.end <= b for a, b in spans)]


def _said(own: OwnRule, found: Found, fix: Fix | None = None) -> Finding:
    return Finding(own.message.replace("%s", found.text), found.start, found.end, fix)


def _existence(own: OwnRule, case: Case) -> Iterator[Finding]:
    for token in own.tokens:
        yield from (_said(own, found) for found in _matches(own, token, case))


def _substitution(own: OwnRule, case: Case) -> Iterator[Finding]:
    for avoid, use in own.swaps.items():
        right = [(f.start, f.end) for f in find_all(re.escape(use), case.text)]
        for found in _matches(own, avoid, case):
            if not any(start <= found.start and found.end <= end for start, end in right):
                yield _said(own, found, replace(found.start, found.end, _like(found.text, use)))


def _like(written: str, use: str) -> str:
    """`use` with the capital of what it replaces."""
    return use[:1].upper() + use[1:] if written[:1].isupper() else use


def _occurrence(own: OwnRule, case: Case) -> Iterator[Finding]:
    found = sorted(f for token in own.tokens for f in _matches(own, token, case))
    if own.max is not None and len(found) > own.max:
        yield _said(own, found[own.max])
    if len(found) < own.min:
        yield _said(own, Found(0, len(case.text), ""))


def _repetition(own: OwnRule, case: Case) -> Iterator[Finding]:
    allowed = _MAY_BE_TWICE | {word.lower() for word in own.exceptions}
    for found in _matches(own, _TWICE, case):
        word = found.text.split()[0]
        if word.lower() not in allowed and not word.isdigit():
            yield _said(own, found, replace(found.start, found.end, word))


def _consistency(own: OwnRule, case: Case) -> Iterator[Finding]:
    for one, other in own.either.items():
        ours, theirs = _matches(own, one, case), _matches(own, other, case)
        if ours and theirs:
            yield _said(own, max(ours[0], theirs[0]))


def _conditional(own: OwnRule, case: Case) -> Iterator[Finding]:
    found = _matches(own, own.first, case)
    if found and not _matches(own, own.second, case):
        yield _said(own, found[0])


def _capitalization(own: OwnRule, case: Case) -> Iterator[Finding]:
    for word in own.exact:
        for found in _matches(own, re.escape(word), case):
            if found.text != word:
                yield _said(own, found, replace(found.start, found.end, word))


_BY_KIND: dict[RuleKind, Callable[[OwnRule, Case], Iterator[Finding]]] = {
    RuleKind.EXISTENCE: _existence,
    RuleKind.SUBSTITUTION: _substitution,
    RuleKind.OCCURRENCE: _occurrence,
    RuleKind.REPETITION: _repetition,
    RuleKind.CONSISTENCY: _consistency,
    RuleKind.CONDITIONAL: _conditional,
    RuleKind.CAPITALIZATION: _capitalization,
}
