"""What lint says: findings with a place and a mend."""

from collections.abc import Iterable
from enum import StrEnum

from agent.domain.base import Frozen


class FindingSeverity(StrEnum):
    """An `ERROR` must be mended before the pack is used; a `WARNING` is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Frozen):
    """One thing to mend in a pack."""

    severity: FindingSeverity
    file: str
    line: int | None = None
    what: str
    mend: str = ""

    @property
    def where(self) -> str:
        """`file:line`, or the file alone."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class LintReport(Frozen):
    """Every finding on one pack."""

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "LintReport":
        """Return the report of `findings`: errors first, by file and line, no doubles."""
        order = list(FindingSeverity)
        kept = sorted(
            dict.fromkeys(findings),
            key=lambda f: (order.index(f.severity), f.file, f.line or 0, f.what),
        )
        return cls(findings=tuple(kept))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid using the pack."""
        return tuple(f for f in self.findings if f.severity is FindingSeverity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings for a person to judge."""
        return tuple(f for f in self.findings if f.severity is FindingSeverity.WARNING)
