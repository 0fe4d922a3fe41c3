"""What every lint check works with: the pack, the day, the rubric, and where things are written."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property

from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.checks import Check, CheckSubject
from agent.services.lint.report import Finding, FindingSeverity
from agent.steps.check import Rubric
from knowledge.passages import Language

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

    def error(self, path: str, what: str, mend: str = "") -> Finding:
        """Return an error at a dotted path of `brand.yaml`."""
        return self._finding(FindingSeverity.ERROR, POLICY_FILE, self.line(path), what, mend)

    def warn(self, path: str, what: str, mend: str = "") -> Finding:
        """Return a warning at a dotted path of `brand.yaml`."""
        return self._finding(FindingSeverity.WARNING, POLICY_FILE, self.line(path), what, mend)

    def error_in(self, source: str, what: str, mend: str = "") -> Finding:
        """Return an error at `file:line`."""
        return self._finding(FindingSeverity.ERROR, *_place(source), what, mend)

    def warn_in(self, source: str, what: str, mend: str = "") -> Finding:
        """Return a warning at `file:line`."""
        return self._finding(FindingSeverity.WARNING, *_place(source), what, mend)

    def at(self, place: str, what: str, mend: str, *, is_error: bool) -> Finding:
        """Return a finding at `file:line`, or at a dotted path of `brand.yaml`."""
        if ":" in place:
            return (self.error_in if is_error else self.warn_in)(place, what, mend)
        return (self.error if is_error else self.warn)(place, what, mend)

    def warn_at(self, file: str, line: int | None, what: str, mend: str) -> Finding:
        """Return a warning at a file and line."""
        return self._finding(FindingSeverity.WARNING, file, line, what, mend)

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

    @staticmethod
    def _finding(
        severity: FindingSeverity, file: str, line: int | None, what: str, mend: str
    ) -> Finding:
        return Finding(severity=severity, file=file, line=line, what=what, mend=mend)


def _place(source: str) -> tuple[str, int | None]:
    file, colon, line = source.rpartition(":")
    return (file, int(line)) if colon and line.isdigit() else (source, None)
