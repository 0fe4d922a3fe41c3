"""The rubric on one brand: the same rules on a draft, an edited text, before posting, in evals."""

from collections.abc import Iterable
from functools import lru_cache

from agent.domain.brand import BrandPack
from agent.domain.brand.identity import Register
from agent.domain.channels import ChannelLimits
from agent.domain.checks import Check, CheckReport, CheckSubject, Severity, Verdict
from agent.domain.drafts import ClaimLedger
from agent.domain.messages import Surface
from agent.steps.check.brand.own_rules import own_rules
from agent.steps.check.case import Case
from agent.steps.check.grounding.ledger import ground
from agent.steps.check.guide import Guide
from agent.steps.check.registry import RULES
from agent.steps.check.rule import Finding, Rule, Unsaid

_MOST_OVERRIDES = 256


class Rubric:
    """A brand's rules, compiled once; `check` may be called from several threads."""

    def __init__(self, pack: BrandPack) -> None:
        self._guide = Guide.of(pack)
        self._overridden: dict[tuple[object, ...], Rubric] = {}

    def check(
        self,
        subject: CheckSubject,
        limits: ChannelLimits | None,
    ) -> CheckReport:
        """Return the verdict of every rule on `subject`, and its claim ledger.

        `limits` are the network's; None leaves the rules that need them without a verdict.
        """
        case = Case(subject, self._guide, limits)
        case.lines = ground(case)
        rules = (*RULES, *own_rules(self._guide))
        checks = tuple(check for rule in rules for check in _apply(rule, case))
        ledger = ClaimLedger(lines=tuple(line.to_ledger() for line in case.lines))
        return CheckReport(checks=checks, ledger=ledger)

    def blocks(self, subject: CheckSubject, limits: ChannelLimits | None) -> bool:
        """Return whether `check` would find what forbids approval, without writing the report.

        That is an auto-fail rule that fails, or a claim that no passage carries.
        """
        case = Case(subject, self._guide, limits)
        case.lines = ground(case)
        if any(line.is_blocking for line in case.lines):
            return True
        return any(_fails_for_good(rule, case) for rule in _blocking(self._guide))

    def with_overrides(
        self,
        brand_name: str | None = None,
        register: str | None = None,
        competitors: Iterable[str] | None = None,
        products: Iterable[str] | None = None,
    ) -> "Rubric":
        """Return the rubric with what is given put in place of the pack's own.

        Raises:
            ValueError: `register` is not `tu`, `vous` or `mirror`.
        """
        spoken = Register(register) if register is not None else None
        rivals = tuple(competitors) if competitors is not None else None
        goods = tuple(products) if products is not None else None
        key = (brand_name, spoken, rivals, goods)
        if key not in self._overridden:
            changed = Rubric.__new__(Rubric)
            changed._guide = self._guide.with_overrides(*key)
            changed._overridden = {}
            if len(self._overridden) >= _MOST_OVERRIDES:
                self._overridden.clear()
            self._overridden[key] = changed
        return self._overridden[key]


@lru_cache(maxsize=512)
def _blocking(guide: Guide) -> tuple[Rule, ...]:
    return tuple(rule for rule in (*RULES, *own_rules(guide)) if rule.may_block)


def _fails_for_good(rule: Rule, case: Case) -> bool:
    outcome = rule.find(case)
    if outcome is None or isinstance(outcome, Unsaid):
        return False
    findings = [outcome] if isinstance(outcome, Finding) else outcome
    return any((one.severity or rule.severity) is Severity.AUTOFAIL for one in findings)


def _apply(rule: Rule, case: Case) -> list[Check]:
    outcome = rule.find(case)
    surface = case.subject.surface
    if outcome is None:
        return [_said(rule.id, Verdict.PASS, rule.severity, "", surface)]
    if isinstance(outcome, Unsaid):
        severity = outcome.severity or rule.severity
        said = _said(rule.id, outcome.verdict, severity, outcome.reason, surface)
        if outcome.start is None:
            return [said]
        return [said.model_copy(update={"start": outcome.start, "end": outcome.end})]
    findings = [outcome] if isinstance(outcome, Finding) else outcome
    return [_failure(rule, finding, case) for finding in findings]


@lru_cache(maxsize=2048)
def _said(
    rule_id: str, verdict: Verdict, severity: Severity, reason: str, surface: Surface
) -> Check:
    """A check without words of the reply; the same one serves every reply."""
    return Check(rule=rule_id, verdict=verdict, severity=severity, reason=reason, surface=surface)


def _failure(rule: Rule, finding: Finding, case: Case) -> Check:
    severity: Severity = finding.severity or rule.severity
    return Check(
        rule=rule.id,
        verdict=Verdict.FAIL,
        severity=severity,
        reason=finding.reason,
        start=finding.start,
        end=finding.end,
        fix=finding.fix,
        surface=case.subject.surface,
    )
