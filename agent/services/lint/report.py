"""What lint says: findings with a place and a mend."""

from collections.abc import Iterable
from enum import StrEnum

from agent.domain.base import Frozen
from knowledge.problems import Problem, Remark, Values


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
    """In English, as `what`: for the command line, and where there are no other words."""
    code: str = ""
    """What kind of finding it is, for a desk to word it; empty: these words are all there is."""
    values: Values = ()
    """What fills the blanks of the desk's words, by name."""

    @classmethod
    def of(
        cls, severity: FindingSeverity, file: str, line: int | None, remark: Remark
    ) -> "Finding":
        """Return what a remark says, at a place."""
        code, values, what, mend = remark
        return cls(
            severity=severity,
            file=file,
            line=line,
            what=what,
            mend=mend,
            code=code,
            values=values,
        )

    @classmethod
    def from_problem(cls, severity: FindingSeverity, problem: Problem) -> "Finding":
        """Return a problem of the pack's files as a finding."""
        remark = Remark(problem.code, problem.values, problem.what, problem.mend)
        return cls.of(severity, problem.file, problem.line, remark)

    @property
    def said(self) -> tuple[object, ...]:
        """What a reader sees: two findings that read alike are one."""
        return self.severity, self.file, self.line, self.what, self.mend

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
            {one.said: one for one in findings}.values(),
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
