"""One case in full: what was asked, what came out, each verdict and why."""

import streamlit as st

from evals.report.model import CasePage
from evals.report.words import one_line
from evals.results import Score, ScoreVerdict
from evals.shelf import Run
from ui.locales import Words
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, plain, row, tag

TONE = {
    ScoreVerdict.PASS: "good",
    ScoreVerdict.FAIL: "danger",
    ScoreVerdict.ERROR: "warn",
    ScoreVerdict.NOT_APPLICABLE: "quiet",
}
_VERDICT, _CASE = "evals_verdict", "evals_case"
_ORDER = (ScoreVerdict.FAIL, ScoreVerdict.ERROR, ScoreVerdict.PASS, ScoreVerdict.NOT_APPLICABLE)


def case_view(run: Run, text: Words) -> None:
    """Draw the choice of a case, failures first, and the case."""
    pages = sorted(
        run.report.cases,
        key=lambda page: (_ORDER.index(page.record.verdict), not page.record.is_gate),
    )
    kinds = [one for one in _ORDER if any(page.record.verdict is one for page in pages)]
    chosen = st.pills(
        text("evals.verdict"),
        [one.value for one in kinds],
        key=_VERDICT,
        format_func=lambda one: text(f"verdict.{one}"),
        label_visibility="collapsed",
    )
    shown = {p.record.id: p for p in pages if chosen is None or p.record.verdict.value == chosen}
    if st.session_state.get(_CASE) not in shown:
        st.session_state.pop(_CASE, None)
    case_id = st.selectbox(
        text("evals.case"),
        list(shown),
        key=_CASE,
        format_func=lambda one: f"{one} — {one_line(shown[one].message, 60)}",
    )
    if case_id is not None:
        st.html(case_html(shown[case_id], text))


def case_html(page: CasePage, text: Words) -> Html:
    """Return a case as markup."""
    record = page.record
    head = [
        badge(text(f"verdict.{record.verdict.value}"), TONE[record.verdict]),
        badge(text(f"criterion.{record.criterion.value}"), "accent"),
        *([badge(text("evals.gate_case"), "strong")] if record.is_gate else []),
        *([badge(text("evals.known_wrong"), "warn")] if record.known_wrong else []),
    ]
    facts = " · ".join(
        f"{label}{text('evals.colon')}{value}" for label, value in _facts(page, text) if value
    )
    asked = tag("h3", esc(text("evals.asked"))) + tag("div", plain(page.message), "pv-bubble")
    said = tag("h3", esc(text("evals.said"))) + _said(page, text)
    told = tag("h3", esc(text("evals.verdicts"))) + _verdicts(page, text)
    source = tag("div", tag("code", esc(record.id)), "pv-who")
    return tag(
        "section", source + row(head) + tag("p", esc(facts), "pv-hint") + asked + said + told
    )


def _facts(page: CasePage, text: Words) -> tuple[tuple[str, str], ...]:
    route, category = page.record.route, page.category
    return (
        (text("filter.route"), text.get(f"route.{route}", route)),
        (text("filter.category"), text.get(f"category.{category}", category)),
        (text("filter.team"), page.team),
        (text("evals.cited"), ", ".join(page.cited)),
        (text("evals.owner"), page.owner),
        (text("evals.why_wrong"), page.record.known_wrong),
    )


def _said(page: CasePage, text: Words) -> Html:
    now = _texts(page.record.public, page.record.private) or (page.reply or "")
    if not now:
        note = page.note or text("whatif.no_text")
        return tag("p", esc(note), "pv-hint")
    was = _texts(page.before.public, page.before.private) if page.before else ""
    body = diff_html(was, now) if was and was != now else plain(now)
    return tag("div", body, "pv-bubble pv-ours")


def _texts(public: str | None, private: str | None) -> str:
    return "\n\n".join(part for part in (public, private) if part)


def _verdicts(page: CasePage, text: Words) -> Html:
    scores = [score for one in page.scores for score in one.scores]
    scores.sort(key=lambda score: _ORDER.index(score.verdict))
    return tag("table", tag("tbody", "".join(_score(one, text) for one in scores)), "pv-table")


def _score(one: Score, text: Words) -> Html:
    marks = badge(text(f"verdict.{one.verdict.value}"), TONE[one.verdict])
    if one.is_autofail:
        marks += " " + badge(text("evals.autofail"), "quiet")
    if one.is_advisory:
        marks += " " + badge(text("evals.advisory"), "quiet")
    return tag(
        "tr",
        tag("td", tag("code", esc(one.scorer))) + tag("td", marks) + tag("td", esc(one.reason)),
    )
