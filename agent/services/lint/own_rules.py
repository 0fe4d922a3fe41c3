"""The brand's own rules put to the test: their examples, and patterns that never end."""

from collections.abc import Iterator

from agent.domain.brand import OwnRule
from agent.domain.checks import CheckSubject, Verdict
from agent.domain.messages import Surface
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding
from agent.services.lint.slow import is_slow
from agent.services.lint.wording import LintWording as Wording
from agent.steps.check.brand.own_rules import FAMILY


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield what is wrong with the rules of `brand.yaml`."""
    for at, own in enumerate(desk.policy.rules):
        path = f"rules[{at}]"
        whole = own.is_part_of_words
        slow = next((p for p in own.patterns() if is_slow(p, is_part_of_words=whole)), None)
        if slow:
            yield desk.error(path, Wording.RULE_ENDLESS, rule=own.id, pattern=slow)
        else:
            yield from _examples(desk, own, path)


def _examples(desk: LintDesk, own: OwnRule, path: str) -> Iterator[Finding]:
    for at, text in enumerate(own.bad):
        if not _is_caught(desk, own, text):
            yield desk.error(f"{path}.bad[{at}]", Wording.RULE_MISSES, rule=own.id)
    for at, text in enumerate(own.good):
        if _is_caught(desk, own, text):
            yield desk.error(f"{path}.good[{at}]", Wording.RULE_OVERREACHES, rule=own.id)


def _is_caught(desk: LintDesk, own: OwnRule, text: str) -> bool:
    subject = CheckSubject(
        reply=text,
        lang=own.lang or desk.policy.default_language,
        surface=own.scope[0] if own.scope else Surface.PUBLIC,
        now=desk.noon,
    )
    failed = {check.rule for check in desk.failures(subject) if check.verdict is Verdict.FAIL}
    return f"{FAMILY}.{own.id}" in failed
