"""What if, and activation: what the changes would have done, and the button that makes them so."""

from pathlib import Path

import streamlit as st

from agent.domain.errors import ConfigurationError
from agent.domain.packs import PackStamp, Proposal, Trial
from agent.services.packs import Examination
from evals.jobs import WHATIFS, Job, JobState, job_in, start_whatif
from evals.whatif import CHANGES, Replayed, WhatIf, from_json
from ui.desk import leading, state
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import warm_up, workspace
from ui.locales import Words
from ui.views.lead.frame import findings_html
from ui.views.lead.gate_words import reason_words
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, plain, row, tag
from ui.widgets.offers import offers_html

_LAST, _REASON, _KIND = "whatif_last", "activate_reason", "whatif_kind"
COLOUR_TONE = {"green": "good", "amber": "warn", "red": "danger", "invalid": "danger"}
_EXAMPLES = 20


def trial_view(
    proposal: Proposal, active: PackStamp, seen: Examination, text: Words, *, is_open: bool
) -> None:
    """Draw the what-if of a proposal and, under it, its activation."""
    folder = _folder(proposal)
    job = job_in(folder, workspace().clock.now())
    is_running = job is not None and job.state is JobState.RUNNING
    if is_open:
        _start_bar(proposal, seen, text, is_running=is_running)
    if job is not None:
        _job(job, folder, text)
    trial = proposal.trial if proposal.is_tried_on(active.version) else None
    if trial is not None:
        _trial(trial, text)
    elif proposal.trial is not None:
        st.html(tag("p", esc(text("whatif.outdated")), "pv-note"))
    if is_open:
        _activation(proposal, seen, text)


def _folder(proposal: Proposal) -> Path:
    name = f"{proposal.id}-{proposal.changes_sha256[:12]}"
    return workspace().settings.workspace / WHATIFS / name


def _start_bar(proposal: Proposal, seen: Examination, text: Words, *, is_running: bool) -> None:
    with st.container(key="whatif_bar", horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            text("whatif.last"), min_value=0, max_value=2000, value=200, step=50, key=_LAST,
            width=220,
        )  # fmt: skip
        st.button(
            text("whatif.start"),
            key="whatif_start",
            type="primary" if proposal.trial is None else "secondary",
            disabled=is_running or not proposal.changes or not seen.is_loadable,
            on_click=_start,
            args=(proposal.id,),
        )
    st.html(tag("p", esc(text("whatif.lead")), "pv-hint"))


@telling
def _start(proposal_id: str) -> None:
    proposal = workspace().proposals.proposal(proposal_id)
    by = require_lead(proposal.brand_id)
    start_whatif(workspace(), proposal, by, int(st.session_state[_LAST]))


def _job(job: Job, folder: Path, text: Words) -> None:
    if job.state is JobState.RUNNING:
        progress(folder, text)
    elif job.state is not JobState.DONE:
        told = text(f"job.{job.state.value}", problem=job.problem)
        st.html(tag("div", esc(told), "pv-notice pv-edge-danger", role="alert"))


@st.fragment(run_every="1s")
def progress(folder: Path, text: Words) -> None:
    """Draw how far a background run is; the whole page is drawn again when it ends."""
    job = job_in(folder, workspace().clock.now())
    if job is None or job.state is not JobState.RUNNING:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    told = text("job.progress", done=text.number(job.done), total=text.number(job.total))
    st.progress(share, text=told if job.total else text("job.starting"))


def _trial(trial: Trial, text: Words) -> None:
    head = badge(text(f"gate.{trial.colour.value}"), COLOUR_TONE[trial.colour.value])
    facts = text("whatif.facts", past=text.number(trial.past), cases=text.number(trial.cases))
    st.html(row([head, tag("span", esc(facts), "pv-hint")]))
    st.html(tag("p", esc(text(f"gate.{trial.colour.value}_means")), "pv-hint"))
    with st.container(key="whatif_counts", horizontal=True):
        for name in CHANGES:
            st.metric(text(f"whatif.change.{name}"), text.number(trial.counts.get(name, 0)))
    try:
        found = read_whatif(str(workspace().settings.workspace / WHATIFS / trial.place))
    except ConfigurationError:
        st.html(tag("p", esc(text("whatif.files_gone")), "pv-hint"))
        return
    reasons = (reason_words(one, found.report.comparison, text) for one in found.gate.reasons)
    st.html(tag("ul", "".join(tag("li", esc(one)) for one in reasons), "pv-help"))
    _examples(found, text)
    _cases(found, text)
    page = workspace().settings.workspace / WHATIFS / trial.place / "whatif.html"
    st.download_button(
        text("whatif.download"),
        data=page.read_bytes,
        file_name=f"what-if-{trial.place}.html",
        mime="text/html",
        on_click="ignore",
        key="whatif_download",
    )


@st.cache_data(show_spinner=False, max_entries=8)
def read_whatif(folder: str) -> WhatIf:
    """Return what a what-if found; read once."""
    return from_json(Path(folder) / "whatif.json")


def _examples(found: WhatIf, text: Words) -> None:
    changed = [one for one in found.past if one.changes]
    if not changed:
        st.html(tag("p", esc(text("whatif.no_change")), "pv-hint"))
        return
    kinds = [name for name in CHANGES if found.counts.get(name)]
    chosen = st.pills(
        text("whatif.show"),
        kinds,
        key=_KIND,
        format_func=lambda name: text(f"whatif.change.{name}"),
        label_visibility="collapsed",
    )
    shown = [one for one in changed if chosen is None or chosen in one.changes]
    st.html("".join(_example(one, text) for one in shown[:_EXAMPLES]))
    if len(shown) > _EXAMPLES:
        st.html(tag("p", esc(text("whatif.more", n=len(shown) - _EXAMPLES)), "pv-hint"))


def _example(one: Replayed, text: Words) -> Html:
    what = "".join(badge(text(f"whatif.change.{name}"), "accent") for name in one.changes)
    message = tag("div", tag("div", row([what]), "") + plain(one.message), "pv-bubble")
    sides = tag("div", _side(one, text, is_after=False) + _side(one, text, is_after=True), "pv-two")
    return tag("article", message + sides, "pv-example")


def _side(one: Replayed, text: Words, *, is_after: bool) -> Html:
    side = one.after if is_after else one.before
    head = tag("b", esc(text("whatif.after" if is_after else "whatif.before")))
    facts = [badge(text(f"route.{side.route}")), badge(text(f"category.{side.category}"), "quiet")]
    facts += [badge(rule, "warn") for rule in side.failing]
    said = _texts(side.public, side.private)
    was = _texts(one.before.public, one.before.private)
    body = diff_html(was, said) if is_after and was != said else plain(said)
    empty = "" if side.candidates else tag("span", esc(text("whatif.no_text")), "pv-hint")
    offered = offers_html(one, text, is_after=is_after)
    return tag("div", head + row(facts) + (body if said or was else empty) + offered, "pv-card")


def _texts(public: str | None, private: str | None) -> str:
    return "\n\n".join(part for part in (public, private) if part)


def _cases(found: WhatIf, text: Words) -> None:
    compared = found.report.comparison
    if compared is None:
        return
    st.html(tag("h3", esc(text("whatif.cases"))))
    st.html(tag("p", esc(text(f"compare.{compared.change.value}")), "pv-hint"))
    for name, ids in (("broken", compared.broken), ("fixed", compared.fixed)):
        listed = "".join(tag("li", tag("code", esc(case))) for case in ids[:_EXAMPLES])
        count = text.count(f"whatif.{name}", len(ids))
        st.html(tag("div", tag("b", esc(count)) + tag("ul", listed, "pv-help")))


def _activation(proposal: Proposal, seen: Examination, text: Words) -> None:
    with st.container(key="activation", border=True):
        st.html(tag("h2", esc(text("activate.title"))))
        if not seen.is_loadable:
            st.html(tag("p", esc(text("activate.unloadable")), "pv-hint"))
            st.html(findings_html(seen.problems[:5], text))
            return
        causes = workspace().proposals.blockers(proposal)
        for cause in causes:
            st.html(tag("p", esc(text(f"activate.cause.{cause}")), "pv-note"))
        if causes:
            st.text_area(
                text("activate.reason"), key=_REASON, height=80, help=text("activate.reason_help")
            )
        st.button(
            text("activate.anyway" if causes else "activate.go"),
            key="activate",
            type="primary",
            disabled=not proposal.changes,
            on_click=_activate,
            args=(proposal.id,),
        )
        st.html(tag("p", esc(text("activate.lead")), "pv-hint"))


@telling
def _activate(proposal_id: str) -> None:
    space = workspace()
    brand_id = space.proposals.proposal(proposal_id).brand_id
    by = require_lead(brand_id)
    reason = str(st.session_state.get(_REASON) or "")
    seen = leading.seen_revision(proposal_id)
    stamp = space.guides.activate(proposal_id, seen, by, reason)
    warm_up(brand_id)
    leading.show_proposal(None)
    state.say(leading.said("toast.activated", number=stamp.number))
