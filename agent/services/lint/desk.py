"""What every lint check works with: the pack, the day, the rubric, and where things are written."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property

from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.checks import Check, CheckSubject
from agent.services.lint.report import Finding, FindingSeverity
from agent.services.lint.wording import LintWording
from agent.steps.check import Rubric
from knowledge.passages import Language
from knowledge.problems import Remark, Value

POLICY_FILE = "brand.yaml"
NEEDS_SOURCES = frozenset({"X3", "X4", "X5", "X8", "X10"})
"""Families about what stands behind a reply: an example of manner has no message, no passage."""


def family(check: Check) -> str:
    """Return the rubric's id of a check: `T6` of `T6.non_apology`."""
    return check.rule.split(".")[0]


class LintDesk:
    """One pack under test."""

    def __init__(
        self, pack: BrandPack, day: date, limits_for: Callable[[str], ChannelLimits] | None
    ) -> None:
        self.pack = pack
        self.policy = pack.policy
        self.day = day
        self.limits_for = limits_for

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages the brand writes."""
        return tuple(self.policy.languages)

    @property
    def noon(self) -> datetime:
        """A moment of the day under test."""
        return datetime.combine(self.day, time(12), UTC)

    @cached_property
    def rubric(self) -> Rubric:
        """The rules, as they run on every draft."""
        return Rubric(self.pack)

    def failures(self, subject: CheckSubject) -> tuple[Check, ...]:
        """Return the rules that fail `subject`, gravest first."""
        limits = self.limits_for(subject.channel) if self.limits_for else None
        return self.rubric.check(subject, limits).failures

    def error(self, path: str, wording: LintWording, /, **values: Value) -> Finding:
        """Return an error at a dotted path of `brand.yaml`."""
        return self._in_policy(FindingSeverity.ERROR, path, wording.filled(**values))

    def warn(self, path: str, wording: LintWording, /, **values: Value) -> Finding:
        """Return a warning at a dotted path of `brand.yaml`."""
        return self._in_policy(FindingSeverity.WARNING, path, wording.filled(**values))

    def error_in(self, source: str, wording: LintWording, /, **values: Value) -> Finding:
        """Return an error at `file:line`."""
        return Finding.of(FindingSeverity.ERROR, *_place(source), wording.filled(**values))

    def warn_in(self, source: str, wording: LintWording, /, **values: Value) -> Finding:
        """Return a warning at `file:line`."""
        return Finding.of(FindingSeverity.WARNING, *_place(source), wording.filled(**values))

    def at(self, place: str, remark: Remark, *, is_error: bool) -> Finding:
        """Return a finding at `file:line`, or at a dotted path of `brand.yaml`."""
        severity = FindingSeverity.ERROR if is_error else FindingSeverity.WARNING
        if ":" in place:
            return Finding.of(severity, *_place(place), remark)
        return self._in_policy(severity, place, remark)

    def _in_policy(self, severity: FindingSeverity, path: str, remark: Remark) -> Finding:
        return Finding.of(severity, POLICY_FILE, self.line(path), remark)

    def line(self, path: str) -> int | None:
        """Return the line of the value at a dotted path, or of its nearest parent."""
        while path and path not in self.pack.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.pack.lines.get(path)

    def acknowledgements(self) -> Iterator[tuple[str, int, int]]:
        """Yield the dotted path of each acknowledgement, its situation's index and its own."""
        for at, situation in enumerate(self.policy.situations):
            for index in range(len(situation.acknowledgements)):
                yield f"situations[{at}].acknowledgements[{index}]", at, index


def _place(source: str) -> tuple[str, int | None]:
    file, colon, line = source.rpartition(":")
    return (file, int(line)) if colon and line.isdigit() else (source, None)


def failure_values(check: Check, text: str) -> dict[str, Value]:
    """Return what a wording says of a failed check on `text`: its rule, reason and words."""
    is_placed = check.start is not None and check.end is not None
    quote = text[check.start : check.end].strip() if is_placed else ""
    return {"rule": check.rule, "reason": check.reason, "quote": quote}
