"""The figures of runs: rates with their intervals, trend, two runs compared, judges calibrated."""

from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st

from evals.compare import Comparison, compare
from evals.results import Rate
from evals.shelf import Run, calibration_of
from ui.locales import Words
from ui.views.lead.gate_words import points_words, reason_words
from ui.views.lead.trial import COLOUR_TONE
from ui.widgets.charts import NUMBERS
from ui.widgets.markup import Html, badge, esc, row, tag

_BEFORE, _AFTER = "evals_before", "evals_after"
_LISTED = 30
_LEAST_P = 0.001


def figures_view(run: Run, text: Words) -> None:
    """Draw what a run comes to: the gate and why, then the rates by criterion and language."""
    report = run.report
    colour = report.gate.colour.value if report.gate.is_valid else "invalid"
    reasons = [reason_words(reason, report.comparison, text) for reason in report.gate.reasons]
    why = "".join(tag("li", esc(reason)) for reason in reasons)
    overall = report.summary.overall
    head = row([badge(text(f"gate.{colour}"), COLOUR_TONE[colour]), _rate_words(overall, text)])
    brands = ", ".join(f"{name} {v[:12]}" for name, v in report.manifest.brands.items())
    st.html(head + tag("ul", why, "pv-help") + tag("p", esc(brands), "pv-hint"))
    named = (
        ("evals.by_criterion", "criterion", report.summary.by_criterion),
        ("evals.by_language", "language", report.summary.by_language),
    )
    for title, prefix, rates in named:
        st.html(tag("h3", esc(text(title))) + _rates(rates, prefix, text))


def _percent(share: float | None, text: Words) -> str:
    return "–" if share is None else text.percent(share, decimals=1)


def _interval(rate: Rate, text: Words) -> str:
    return f"{text.decimal(rate.low * 100)}–{text.percent(rate.high, decimals=1)}"


def _rate_words(rate: Rate, text: Words) -> Html:
    share, bounds = _percent(rate.share, text), _interval(rate, text)
    said = f"{share} ({bounds}) · {rate.passed}/{rate.total}"
    return tag("span", esc(said), "pv-fact")


def _rates(rates: tuple[Rate, ...], prefix: str, text: Words) -> Html:
    lines = "".join(
        tag(
            "tr",
            tag("td", esc(text.get(f"{prefix}.{rate.name}", rate.name or "–")))
            + tag("td", esc(_percent(rate.share, text)), "pv-figure")
            + tag("td", esc(_interval(rate, text)), "pv-figure")
            + tag("td", esc(f"{rate.passed}/{rate.total}"), "pv-figure"),
        )
        for rate in rates
    )
    return tag("table", tag("tbody", lines), "pv-table")


def trend_view(runs: tuple[Run, ...], text: Words) -> None:
    """Draw the share that passed, by criterion, over the runs, with the 95 % intervals."""
    if len(runs) < 2:
        st.html(tag("p", esc(text("evals.trend_one")), "pv-hint"))
    rows = [
        {
            "at": run.report.manifest.created_at,
            "criterion": text(f"criterion.{rate.name}"),
            "share": rate.share,
            "low": rate.low,
            "high": rate.high,
            "cases": rate.total,
        }
        for run in runs
        for rate in run.report.summary.by_criterion
        if rate.share is not None
    ]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%d/%m %H:%M", labelAngle=0)),
    )
    y = alt.Y("share:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="%"))
    line = base.mark_line(point=True, color="#4f6ae0").encode(
        y=y, tooltip=["criterion:N", alt.Tooltip("share:Q", format=".1%"), "cases:Q"]
    )
    band = base.mark_errorbar(color="#8a94a8").encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    chart = (band + line).properties(width=260, height=110)
    facets = chart.facet(facet=alt.Facet("criterion:N", title=None), columns=3)
    st.altair_chart(facets.configure(locale={"number": NUMBERS[text.lang]}))


def compare_view(runs: tuple[Run, ...], text: Words) -> None:
    """Draw what may be said of two runs, and the cases that changed."""
    if len(runs) < 2:
        st.html(tag("p", esc(text("evals.compare_one")), "pv-hint"))
        return
    newest = runs[::-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        old = _choose(newest, _BEFORE, 1, text("evals.before"))
        new = _choose(newest, _AFTER, 0, text("evals.after"))
    found = compare(
        [page.record for page in newest[old].report.cases],
        [page.record for page in newest[new].report.cases],
    )
    tone = {"better": "good", "worse": "danger"}.get(found.change.value, "quiet")
    head = badge(text(f"evals.change.{found.change.value}"), tone)
    st.html(
        row([head, tag("span", esc(points_words(found, text)), "pv-fact")])
        + tag("p", esc(text(f"evals.means.{found.change.value}")), "pv-hint")
    )
    st.html(_parts(found, text) + _lists(found, text))


def _choose(runs: tuple[Run, ...], key: str, first: int, label: str) -> int:
    chosen = st.selectbox(
        label,
        range(len(runs)),
        index=first,
        key=key,
        format_func=lambda at: runs[at].label,
        width=360,
    )
    return int(chosen or 0)


def _parts(found: Comparison, text: Words) -> Html:
    names = ("criterion", "common", "broken", "mended", "p")
    head = "".join(tag("th", esc(text(f"evals.col.{name}"))) for name in names)
    lines = "".join(
        tag(
            "tr",
            tag("td", esc(text(f"criterion.{part.name}")))
            + "".join(
                tag("td", esc(value), "pv-figure")
                for value in (part.common, part.broken, part.fixed, _p_value(part.p_adjusted, text))
            ),
        )
        for part in found.parts
    )
    return tag("table", tag("thead", tag("tr", head)) + tag("tbody", lines), "pv-table")


def _lists(found: Comparison, text: Words) -> Html:
    parts = []
    for name, ids in (("broken", found.broken), ("fixed", found.fixed)):
        listed = "".join(tag("li", tag("code", esc(one))) for one in ids[:_LISTED])
        parts.append(tag("h3", esc(text.count(f"whatif.{name}", len(ids)))))
        parts.append(tag("ul", listed, "pv-help"))
    return "".join(parts)


def calibration_view(workspace: Path, text: Words) -> None:
    """Draw how far judges agree with people, by question and language."""
    found = calibration_of(workspace)
    st.html(tag("p", esc(text("evals.judges_lead")), "pv-hint"))
    if found is None:
        command = "portevoix eval calibrate … --out …/evals/calibration.json"
        st.html(tag("p", esc(text("evals.judges_none"))) + tag("pre", esc(command)))
        return
    names = ("question", "lang", "judge", "n", "raw", "kappa", "tpr", "tnr", "status")
    head = "".join(tag("th", esc(text(f"evals.col.{name}"))) for name in names)
    lines = []
    for one in found.measured:
        agreed = one.agreement
        figures = (
            agreed.total, _percent(agreed.agreement, text), _figure(agreed.kappa, text),
            _percent(agreed.sensitivity, text), _percent(agreed.specificity, text),
        )  # fmt: skip
        cells = [tag("td", esc(v)) for v in (one.question.value, one.lang, one.teller)]
        cells += [tag("td", esc(value), "pv-figure") for value in figures]
        tone = "good" if one.status.value == "gating" else "quiet"
        cells.append(tag("td", badge(text(f"evals.status.{one.status.value}"), tone)))
        lines.append(tag("tr", "".join(cells)))
    body = tag("thead", tag("tr", head)) + tag("tbody", "".join(lines))
    st.html(tag("div", tag("table", body, "pv-table"), "pv-scroll"))


def _figure(value: float | None, text: Words) -> str:
    return "–" if value is None else text.decimal(value, 2)


def _p_value(value: float, text: Words) -> str:
    """Three decimals, as a smaller one says nothing more."""
    is_tiny = value < _LEAST_P
    return f"< {text.decimal(_LEAST_P, 3)}" if is_tiny else text.decimal(value, 3)
