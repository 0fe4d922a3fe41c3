"""Markdown for a pull request or a chat: short, and safe to paste."""

import re

from evals.report.model import Report
from evals.report.words import failing, interval, one_line, percent, points, reasons, told

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")
_MOST_CASES = 50


def to_markdown(report: Report) -> str:
    """Return the run as Markdown; whatever a case or the agent wrote is escaped."""
    lines = [f"# Evals: {_gate(report)}", ""]
    for reason in report.gate.reasons:
        named = ", ".join(f"`{case}`" for case in reason.cases[:20])
        lines.append(f"- {_escaped(reason.text)}" + (f": {named}" if named else ""))
    lines += ["", *_rates(report), "", *_comparison(report), *_failing(report), *_origin(report)]
    return "\n".join(lines).rstrip() + "\n"


def _gate(report: Report) -> str:
    return report.gate.colour.value if report.gate.is_valid else "run not valid"


def _rates(report: Report) -> list[str]:
    summary = report.summary
    rows = ["| | Pass | Rate | 95 % interval | Errors | n/a |", "|---|---:|---:|---:|---:|---:|"]
    for rate in (summary.overall, *summary.by_criterion, *summary.by_language):
        bounds = interval(rate.low, rate.high) if rate.total else "–"
        rows.append(
            f"| {rate.name} | {told(rate)} | {percent(rate.share)} | {bounds} "
            f"| {rate.errors} | {rate.not_applicable} |"
        )
    hats = [f"pass^{k}: {percent(value)}" for k, value in summary.pass_hat.items()]
    return [*rows, *(["", ", ".join(hats)] if hats else [])]


def _comparison(report: Report) -> list[str]:
    found = report.comparison
    if found is None:
        return []
    lines = ["## Against the baseline", ""]
    lines += [f"{points(found.difference, found.interval)}. {_escaped(found.sentence)}.", ""]
    for name, cases in (("Broke", found.broken), ("Mended", found.fixed)):
        lines += [f"- {name}: {', '.join(f'`{case}`' for case in cases)}"] if cases else []
    return [*lines, ""]


def _failing(report: Report) -> list[str]:
    found = failing(report)
    if not found:
        return []
    lines = ["## Cases that do not pass", ""]
    for page in found[:_MOST_CASES]:
        gate = " (gate)" if page.record.is_gate else ""
        lines.append(f"- `{page.record.id}`{gate}: {_escaped(one_line(page.message))}")
        lines += [f"  - {_escaped(one_line(reason, 300))}" for reason in reasons(page)]
    if len(found) > _MOST_CASES:
        lines.append(f"- and {len(found) - _MOST_CASES} more")
    return [*lines, ""]


def _origin(report: Report) -> list[str]:
    made = report.manifest
    brands = ", ".join(f"{name} {version[:12]}" for name, version in made.brands.items())
    models = ", ".join(f"{role}: {model}" for role, model in made.models.items())
    return [
        f"{made.created_at:%Y-%m-%d %H:%M} UTC, suite {made.suite}, {made.cases} cases, "
        f"{made.repeats} repeat(s), guideline {_escaped(brands)}, {_escaped(models)}, "
        f"commit {made.git[:12] or 'unknown'}"
    ]


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
