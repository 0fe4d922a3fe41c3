"""Evals: how good the replies are, run after run, case by case, and what changed between two."""

from pathlib import Path

import streamlit as st

from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId
from agent.domain.people import SignedIn
from evals.jobs import RUNS, JobState, jobs, start_run
from evals.shelf import Run, is_of, read_run, run_folders, take_in
from ui.desk import leading, state
from ui.desk.language import words
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.lead.eval_case import case_view
from ui.views.lead.eval_figures import calibration_view, compare_view, figures_view, trend_view
from ui.views.lead.frame import brand_picker, nothing, notice
from ui.views.lead.rejected import rejected_view
from ui.views.lead.trial import progress
from ui.widgets.markup import esc, tag

TABS = ("run", "trend", "compare", "judges", "rejected")
_TAB, _RUN, _SUITE, _UPLOAD = "evals_tab", "evals_run", "evals_suite", "evals_upload"
SUITES = ("smoke", "full", "regression")


def evals_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    brand_id = leading.brand_on_screen(person)
    if brand_id is None:
        nothing(text("guide.closed.title"), text("guide.closed.lead"))
        return
    may_guide = person.may_guide(brand_id)
    runs = _runs(brand_id)
    with st.container(key="pane_evals"):
        with st.container(key="evals_bar", horizontal=True, vertical_alignment="bottom"):
            brand_picker(person, brand_id, text)
            if may_guide:
                _start_bar(brand_id, text)
        notice(text)
        _background(brand_id, text)
        st.session_state.setdefault(_TAB, TABS[0])
        tab = st.segmented_control(
            text("evals.tabs"),
            list(TABS),
            key=_TAB,
            required=True,
            format_func=lambda name: text(f"evals.tab.{name}"),
            label_visibility="collapsed",
        )
        _draw(str(tab), person, brand_id, runs, text)


def _draw(
    tab: str, person: SignedIn, brand_id: BrandId, runs: tuple[Run, ...], text: Words
) -> None:
    if tab == "rejected":
        rejected_view(person, brand_id, text)
    elif tab == "judges":
        calibration_view(workspace().settings.workspace, text)
    elif not runs:
        st.html(tag("h2", esc(text("evals.none.title"))) + tag("p", esc(text("evals.none.lead"))))
    elif tab == "trend":
        trend_view(runs, text)
    elif tab == "compare":
        compare_view(runs, text)
    else:
        _one_run(runs, text)


@st.cache_data(show_spinner=False, max_entries=60)
def _read(folder: str, changed_at: float) -> Run:
    # `changed_at` is part of what is remembered: a report written again is read again.
    return read_run(Path(folder))


def _runs(brand_id: BrandId) -> tuple[Run, ...]:
    """Return the scored runs of a brand, oldest first; one that cannot be read is left out."""
    found: list[Run] = []
    for folder in run_folders(workspace().settings.workspace):
        try:
            run = _read(str(folder), (folder / "report.json").stat().st_mtime)
        except (ConfigurationError, OSError):
            continue
        if is_of(run, (brand_id,)):
            found.append(run)
    return tuple(sorted(found, key=lambda run: (run.report.manifest.created_at, run.name)))


def _start_bar(brand_id: BrandId, text: Words) -> None:
    st.selectbox(
        text("evals.suite"),
        SUITES,
        key=_SUITE,
        format_func=lambda name: text(f"evals.suite_{name}"),
        width=240,
    )
    st.button(
        text("evals.start"), key="evals_start", type="primary", on_click=_start, args=(brand_id,)
    )
    with st.popover(text("evals.upload"), key="upload_open"):
        st.file_uploader(text("evals.upload_file"), type=["json"], key=_UPLOAD)
        st.button(text("evals.take_in"), key="evals_take", on_click=_take, args=(brand_id,))


@telling
def _start(brand_id: BrandId) -> None:
    start_run(workspace(), brand_id, require_lead(brand_id), str(st.session_state[_SUITE]))


@telling
def _take(brand_id: BrandId) -> None:
    require_lead(brand_id)
    given = st.session_state.get(_UPLOAD)
    if given is None:
        return
    try:
        take_in(workspace().settings.workspace, given.getvalue())
    except ConfigurationError:
        state.notify(state.Notice("upload_bad", given.name, tone="danger"))


def _background(brand_id: BrandId, text: Words) -> None:
    known = jobs(workspace(), RUNS, brand_id)
    if not known:
        return
    last = known[0]
    if last.state is JobState.RUNNING:
        progress(workspace().settings.workspace / RUNS / last.name, text)
    elif last.state is not JobState.DONE:
        told = text(f"job.{last.state.value}", problem=last.problem)
        st.html(tag("div", esc(told), "pv-notice pv-edge-danger", role="alert"))


def _one_run(runs: tuple[Run, ...], text: Words) -> None:
    newest = runs[::-1]
    chosen = st.selectbox(
        text("evals.run"),
        range(len(newest)),
        key=_RUN,
        format_func=lambda at: newest[at].label,
        width=420,
    )
    run = newest[int(chosen or 0)]
    left, right = st.columns([0.42, 0.58], gap="medium")
    with left:
        figures_view(run, text)
    with right:
        case_view(run, text)
