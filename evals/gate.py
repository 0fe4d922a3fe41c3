"""May this go live? Red for a named regression, green if surely no worse, amber in between."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from agent.domain.base import Frozen
from evals.compare import Change, Comparison
from evals.results import CaseRecord, Rate, ScoreVerdict
from evals.statistics import is_non_inferior

MARGIN = 0.03
"""How many of the suite's cases, as a share, may break before it counts: three in a hundred."""
MOST_ERRORS = 1 / 3
"""From this share of errors on, what a scorer or a judge says means nothing."""
MOST_BROKEN_CASES = 0.1
"""From this share of cases that could not be told on, the run means nothing."""


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    """Inconclusive: not red, and not shown to be no worse either."""
    RED = "red"


class ReasonKind(StrEnum):
    """Why the gate has its colour."""

    GATE_CASE = "gate_case"
    AUTOFAIL = "autofail"
    WORSE = "worse"
    ERRORS = "errors"
    NOT_SHOWN = "not_shown"
    """Not worse beyond doubt, not surely within the margin either."""
    NO_BASELINE = "no_baseline"
    NON_INFERIOR = "non_inferior"
    ALL_PASS = "all_pass"  # noqa: S105 - a verdict, not a secret
    NO_CASES = "no_cases"


class Reason(Frozen):
    """One reason, with the cases it names."""

    kind: ReasonKind
    text: str
    cases: tuple[str, ...] = ()


class Gate(Frozen):
    """The colour and why."""

    colour: Colour
    is_valid: bool = True
    """Whether the run may be read at all: too many errors, and it may not."""
    reasons: tuple[Reason, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 green, 1 regression, 3 inconclusive (2 is a wrong configuration)."""
        if not self.is_valid:
            return 3
        return {Colour.GREEN: 0, Colour.RED: 1, Colour.AMBER: 3}[self.colour]


def decide(
    records: Sequence[CaseRecord],
    scorer_rates: Sequence[Rate],
    comparison: Comparison | None = None,
    margin: float = MARGIN,
) -> Gate:
    """Return the gate of a run.

    (a) A gate case that fails, or an auto-fail that comes back on a named case, is red whatever
    the statistics say; so is a run that is worse beyond doubt. (b) It is green if the paired
    interval stays above `-margin` and every gate case could be told. (c) Otherwise it is amber. A
    run with too many errors is not valid: neither its failures nor its passes can be believed.
    """
    errors = tuple(_errors(records, scorer_rates))
    if errors:
        return Gate(colour=Colour.AMBER, is_valid=False, reasons=errors)
    red = tuple(_red(records, comparison))
    if red:
        return Gate(colour=Colour.RED, reasons=red)
    colour, reason = _without_red(records, comparison, margin)
    return Gate(colour=colour, reasons=(reason,))


def _errors(records: Sequence[CaseRecord], rates: Sequence[Rate]) -> Iterator[Reason]:
    if not records:
        yield Reason(kind=ReasonKind.NO_CASES, text="no case was run")
        return
    for rate in rates:
        if rate.errors and rate.error_share >= MOST_ERRORS:
            asked = rate.total + rate.errors
            text = f"{rate.name} could not tell {rate.errors} of {asked} cases"
            yield Reason(kind=ReasonKind.ERRORS, text=text)
    spoilt = tuple(one.id for one in records if one.verdict is ScoreVerdict.ERROR)
    if len(spoilt) >= MOST_BROKEN_CASES * len(records) and spoilt:
        text = f"{len(spoilt)} of {len(records)} cases could not be told"
        yield Reason(kind=ReasonKind.ERRORS, text=text, cases=spoilt)


def _red(records: Sequence[CaseRecord], comparison: Comparison | None) -> Iterator[Reason]:
    failing = tuple(one.id for one in records if one.is_gate and one.verdict is ScoreVerdict.FAIL)
    if failing:
        text = f"{len(failing)} gate cases fail"
        yield Reason(kind=ReasonKind.GATE_CASE, text=text, cases=failing)
    if comparison is None:
        return
    if comparison.regressions:
        scorers = ", ".join(sorted({one.scorer for one in comparison.regressions}))
        cases = tuple(dict.fromkeys(one.case for one in comparison.regressions))
        text = f"an auto-fail came back on {len(cases)} cases ({scorers})"
        yield Reason(kind=ReasonKind.AUTOFAIL, text=text, cases=cases)
    if comparison.change is Change.WORSE:
        yield Reason(kind=ReasonKind.WORSE, text=comparison.sentence, cases=comparison.broken)


def _without_red(
    records: Sequence[CaseRecord], comparison: Comparison | None, margin: float
) -> tuple[Colour, Reason]:
    untold = tuple(one.id for one in records if one.is_gate and one.verdict is ScoreVerdict.ERROR)
    if untold:
        text = f"{len(untold)} gate cases could not be told"
        return Colour.AMBER, Reason(kind=ReasonKind.ERRORS, text=text, cases=untold)
    failing = tuple(one.id for one in records if one.verdict is ScoreVerdict.FAIL)
    if comparison is None or not comparison.common:
        if not failing:
            return Colour.GREEN, Reason(kind=ReasonKind.ALL_PASS, text="every case passes")
        text = f"{len(failing)} cases fail, and there is no baseline to say whether that is new"
        return Colour.AMBER, Reason(kind=ReasonKind.NO_BASELINE, text=text, cases=failing)
    points = f"{comparison.difference:+.1%} ({comparison.low:+.1%} to {comparison.high:+.1%})"
    if is_non_inferior(comparison.interval, margin):
        text = f"no worse than the baseline within {margin:.0%}: {points}"
        return Colour.GREEN, Reason(
            kind=ReasonKind.NON_INFERIOR, text=text, cases=comparison.broken
        )
    text = f"{points}: a loss of {margin:.0%} cannot be excluded; {comparison.sentence}"
    return Colour.AMBER, Reason(kind=ReasonKind.NOT_SHOWN, text=text, cases=comparison.broken)
