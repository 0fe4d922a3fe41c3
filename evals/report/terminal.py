"""The run on a terminal: the gate, the rates, and why each case that fails does."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.gate import Colour
from evals.report.model import Report
from evals.report.words import failing, interval, one_line, percent, reasons
from evals.results import Rate

_STYLES = {Colour.GREEN: "bold green", Colour.AMBER: "bold yellow", Colour.RED: "bold red"}
_MOST_CASES = 25


def show(report: Report, console: Console) -> None:
    """Print the run; texts of cases are shown as they are, never read as markup."""
    console.print(_rates(report))
    console.print(_overall(report))
    _show_failing(report, console)
    _show_known(report, console)
    _show_advice(report, console)
    _show_comparison(report, console)
    gate = report.gate
    name = gate.colour.value if gate.is_valid else "not valid"
    console.print(f"[{_STYLES[gate.colour]}]Gate: {name}[/]")
    for reason in gate.reasons:
        named = f": {', '.join(reason.cases[:10])}" if reason.cases else ""
        more = len(reason.cases) - 10
        console.print(f"  {escape(reason.text + named)}{f' and {more} more' if more > 0 else ''}")


def _rates(report: Report) -> Table:
    table = Table("Criterion", "Cases", "Pass", "Fail", "Error", "n/a", "Rate", "95 % interval")
    for column in table.columns[1:]:
        column.justify = "right"
    for rate in report.summary.by_criterion:
        table.add_row(*_row(rate))
    table.add_section()
    for rate in report.summary.by_language:
        table.add_row(*_row(rate))
    return table


def _row(rate: Rate) -> list[str]:
    cases = rate.total + rate.errors + rate.not_applicable
    counts = (cases, rate.passed, rate.failed, rate.errors, rate.not_applicable)
    bounds = interval(rate.low, rate.high) if rate.total else "–"
    return [rate.name, *map(str, counts), percent(rate.share), bounds]


def _overall(report: Report) -> str:
    summary = report.summary
    rate = summary.overall
    said = (
        f"All: {percent(rate.share)} of {rate.total} cases pass "
        f"(Wilson {interval(rate.low, rate.high)}; {summary.clusters} topics resampled "
        f"{interval(summary.low, summary.high)})"
    )
    repeats = ", ".join(f"pass^{k} {percent(value)}" for k, value in summary.pass_hat.items())
    return f"{said}\n{repeats}" if repeats else said


def _show_failing(report: Report, console: Console) -> None:
    found = failing(report)
    for page in found[:_MOST_CASES]:
        mark = " (gate)" if page.record.is_gate else ""
        console.print(f"[red]{page.record.verdict.value}[/] {escape(page.record.id)}{mark}")
        console.print(f"  [dim]{escape(page.source)}[/]")
        for reason in reasons(page):
            console.print(f"  {escape(one_line(reason, 300))}")
    if len(found) > _MOST_CASES:
        console.print(f"and {len(found) - _MOST_CASES} more: see the HTML report")


def _show_known(report: Report, console: Console) -> None:
    known = [page.record for page in report.cases if page.record.known_wrong]
    mended = [record.id for record in known if record.is_mended]
    if known:
        console.print(f"Known to be wrong: {len(known) - len(mended)} cases, left out of the rates")
    if mended:
        console.print(f"  mended, take their known_wrong out: {escape(', '.join(mended))}")


def _show_advice(report: Report, console: Console) -> None:
    if report.summary.advisory:
        console.print("Judges not calibrated against people, of no weight:")
    for rate in report.summary.advisory:
        bounds = interval(rate.low, rate.high) if rate.total else "–"
        told = f"{percent(rate.share)} of {rate.total} pass ({bounds}), {rate.errors} errors"
        console.print(f"  {escape(rate.name)}: {told}")


def _show_comparison(report: Report, console: Console) -> None:
    comparison = report.comparison
    if comparison is None:
        return
    console.print(f"Against the baseline: {escape(comparison.sentence)}")
    for name, cases in (("broke", comparison.broken), ("mended", comparison.fixed)):
        if cases:
            console.print(f"  {name}: {escape(', '.join(cases[:20]))}")
    for name, cases in (
        ("not in the baseline", comparison.only_after),
        ("only in the baseline", comparison.only_before),
    ):
        if cases:
            console.print(f"  {name}: {len(cases)} cases")
