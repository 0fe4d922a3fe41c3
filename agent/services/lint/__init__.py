"""Lint: the guide put to the test of its own rules, before a customer does it."""

from collections.abc import Callable
from datetime import date

from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.services.lint import channels, consistency, coverage, examples, own_rules, texts
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding, FindingSeverity, LintReport

__all__ = ["Finding", "FindingSeverity", "LintReport", "lint_pack"]


def lint_pack(
    pack: BrandPack, day: date, limits_for: Callable[[str], ChannelLimits] | None = None
) -> LintReport:
    """Return every finding on `pack`, as of `day`, errors first, in the order of the files.

    `limits_for` gives a network's limits by the channel's name; None leaves lengths untested.
    """
    desk = LintDesk(pack, day, limits_for)
    findings = [
        *coverage.findings(desk),
        *consistency.findings(desk),
        *channels.findings(desk),
        *examples.findings(desk),
        *own_rules.findings(desk),
        *texts.findings(desk),
        *(Finding.from_problem(FindingSeverity.WARNING, w) for w in pack.load_warnings),
    ]
    return LintReport.of(findings)
