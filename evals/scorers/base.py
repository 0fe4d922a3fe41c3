"""What a scorer is given, and how it says its verdict."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.domain.checks import Check, CheckReport
from agent.domain.drafts import LedgerLine
from evals.cases import Case
from evals.outputs import Observed, Output
from evals.results import Score, ScoreVerdict


@dataclass(frozen=True)
class Exhibit:
    """A case and what came out for it: of the message itself, and of each of its variants."""

    case: Case
    output: Output
    variants: Mapping[str, Output] = field(default_factory=dict)

    @property
    def observed(self) -> Observed | None:
        """What the pipeline made of the message; None for a reply case."""
        return self.output.observed

    @property
    def reports(self) -> tuple[CheckReport, ...]:
        """What the rubric said of the texts, or of the reply given."""
        if self.output.report is not None:
            return (self.output.report,)
        return self.observed.reports if self.observed else ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check on every text."""
        return tuple(check for report in self.reports for check in report.checks)

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """Every sentence of every text."""
        return tuple(line for report in self.reports for line in report.ledger.lines)


Scorer = Callable[[Exhibit], Iterator[Score]]
"""Yields the scores it has to say; none where the case does not ask."""


def passed(scorer: str, reason: str = "", *, is_autofail: bool = False) -> Score:
    """Return a pass."""
    return Score(scorer=scorer, verdict=ScoreVerdict.PASS, reason=reason, is_autofail=is_autofail)


def failed(scorer: str, reason: str, *, is_autofail: bool = False) -> Score:
    """Return a failure and why."""
    return Score(scorer=scorer, verdict=ScoreVerdict.FAIL, reason=reason, is_autofail=is_autofail)


def does_not_apply(scorer: str, reason: str) -> Score:
    """Return that there is nothing to judge."""
    return Score(scorer=scorer, verdict=ScoreVerdict.NOT_APPLICABLE, reason=reason)


def told(scorer: str, problem: str, *, is_autofail: bool = False) -> Score:
    """Return a failure for a problem, a pass for none."""
    if problem:
        return failed(scorer, problem, is_autofail=is_autofail)
    return passed(scorer, is_autofail=is_autofail)


def listed(values: object) -> str:
    """Return names for a reason: « a, b », or « none »."""
    names = [str(value) for value in values] if isinstance(values, list | tuple | set) else []
    return ", ".join(names) or "none"
