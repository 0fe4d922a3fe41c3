"""The guide: what is in force, and the proposals to change it."""

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.packs import PackStamp, PackTexts, Proposal, ProposalStatus
from agent.domain.people import SignedIn
from agent.services.packs import Examination
from ui.desk import leading, state
from ui.desk.language import words
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import workspace, zone_of
from ui.locales import Words
from ui.views.lead.changes import changes_view
from ui.views.lead.files import files_view
from ui.views.lead.form import pack_form_view
from ui.views.lead.frame import brand_name, brand_picker, findings_html, nothing, notice
from ui.views.lead.history import history_view
from ui.views.lead.importing import import_view
from ui.views.lead.trial import COLOUR_TONE, trial_view
from ui.widgets.markup import badge, esc, label_text, row, tag

TABS = ("form", "files", "import", "changes", "trial")
_TAB, _VIEW, _NOTE = "guide_tab", "guide_view", "guide_note"
IN_FORCE = "in_force"


def guide_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    brand_id = leading.brand_on_screen(person)
    if brand_id is None:
        nothing(text("guide.closed.title"), text("guide.closed.lead"))
        return
    may_guide = person.may_guide(brand_id)
    stamp, texts = workspace().guides.current(brand_id)
    proposal = leading.proposal_on_screen(brand_id)
    with st.container(key="pane_guide"):
        _bar(person, brand_id, proposal, stamp, text)
        notice(text)
        if proposal is None:
            _in_force(brand_id, stamp, texts, text, may_guide=may_guide)
        else:
            _proposal(person, proposal, stamp, texts, text)


def _bar(
    person: SignedIn,
    brand_id: BrandId,
    proposal: Proposal | None,
    stamp: PackStamp,
    text: Words,
) -> None:
    known = {one.id: one for one in workspace().proposals.proposals(brand_id)}
    options = [IN_FORCE, *(i for i, one in known.items() if one.is_open or one is proposal)]
    if proposal is not None and proposal.id not in options:
        options.append(proposal.id)
    st.session_state[_VIEW] = proposal.id if proposal else IN_FORCE

    def said(option: str) -> str:
        if option == IN_FORCE:
            return text("guide.in_force", number=stamp.number)
        one = known[option]
        return f"{one.note or text('guide.no_note')} · {one.owner.name}"

    with st.container(key="guide_bar", horizontal=True, vertical_alignment="bottom"):
        brand_picker(person, brand_id, text)
        st.selectbox(
            text("guide.on_screen"),
            options,
            key=_VIEW,
            format_func=said,
            on_change=_choose,
            width=420,
        )
        if person.may_guide(brand_id):
            st.button(
                text("guide.new"),
                key="new_proposal",
                type="primary" if proposal is None else "secondary",
                on_click=_open,
                args=(brand_id,),
            )


def _choose() -> None:
    chosen = st.session_state[_VIEW]
    leading.show_proposal(None if chosen == IN_FORCE else chosen)


@telling
def _open(brand_id: BrandId) -> None:
    by = require_lead(brand_id)
    leading.show_proposal(workspace().proposals.propose(brand_id, by).id)
    st.session_state[_TAB] = "form"


def _in_force(
    brand_id: BrandId, stamp: PackStamp, texts: PackTexts, text: Words, *, may_guide: bool
) -> None:
    who = text("guide.by_folder") if stamp.by.id == "folder" else stamp.by.name
    when = text.moment(stamp.at, zone_of(brand_id))
    st.html(
        tag("h2", esc(brand_name(brand_id)))
        + tag("p", esc(text("guide.since", number=stamp.number, when=when, who=who)), "pv-hint")
    )
    _by_hand(brand_id, text, may_guide=may_guide)
    if not may_guide:
        st.html(tag("p", esc(text("guide.read_only")), "pv-note"))
    files, history = st.tabs([text("guide.tab.files"), text("guide.tab.history")])
    with files:
        files_view(None, texts, text, is_open=False)
    with history:
        history_view(brand_id, text, may_guide=may_guide)


def _by_hand(brand_id: BrandId, text: Words, *, may_guide: bool) -> None:
    changes = workspace().guides.edited_by_hand(brand_id)
    if not changes:
        return
    with st.container(key="by_hand", horizontal=True, vertical_alignment="center"):
        listed = ", ".join(changes)
        body = tag("b", esc(text("guide.by_hand.title"))) + tag(
            "span", esc(text("guide.by_hand.mend", files=listed))
        )
        st.html(tag("div", body, "pv-notice pv-edge-warn", role="status"))
        if may_guide:
            st.button(
                text("guide.by_hand.take"), key="take_by_hand", on_click=_take, args=(brand_id,)
            )


@telling
def _take(brand_id: BrandId) -> None:
    by = require_lead(brand_id)
    changes = workspace().guides.edited_by_hand(brand_id)
    note = leading.said("guide.by_hand.note")
    leading.show_proposal(workspace().proposals.propose(brand_id, by, note, changes).id)
    st.session_state[_TAB] = "changes"


def _proposal(
    person: SignedIn, proposal: Proposal, stamp: PackStamp, texts: PackTexts, text: Words
) -> None:
    is_mine = proposal.owner.id == person.person.id
    may_guide = person.may_guide(proposal.brand_id)
    is_open = proposal.is_open and is_mine and may_guide
    result = workspace().proposals.result(proposal)
    _head(proposal, text, is_open=is_open, may_take=may_guide and proposal.is_open and not is_mine)
    st.session_state.setdefault(_TAB, TABS[0])
    tab = st.segmented_control(
        text("guide.tabs"),
        list(TABS),
        key=_TAB,
        required=True,
        format_func=lambda name: text(f"guide.tab.{name}"),
        label_visibility="collapsed",
    )
    left, right = st.columns([0.68, 0.32], gap="medium")
    with right:
        seen = _findings(proposal, text)
    with left:
        _tab(str(tab), proposal, stamp, texts, result, seen, text, is_open=is_open)


def _tab(
    tab: str,
    proposal: Proposal,
    stamp: PackStamp,
    texts: PackTexts,
    result: PackTexts,
    seen: Examination,
    text: Words,
    *,
    is_open: bool,
) -> None:
    match tab:
        case "form":
            pack_form_view(proposal, result, text, is_open=is_open)
        case "files":
            files_view(proposal, result, text, is_open=is_open)
        case "import":
            import_view(proposal, text, is_open=is_open)
        case "changes":
            changes_view(proposal, texts, text, is_open=is_open)
        case _:
            trial_view(proposal, stamp, seen, text, is_open=is_open)


def _head(proposal: Proposal, text: Words, *, is_open: bool, may_take: bool) -> None:
    badges = [badge(text(f"proposal.{proposal.status.value}"), _tone(proposal))]
    badges.append(badge(text.count("guide.files_changed", len(proposal.changes)), "quiet"))
    if proposal.trial is not None:
        colour = proposal.trial.colour.value
        badges.append(badge(text(f"gate.{colour}"), COLOUR_TONE[colour]))
    when = text.relative(proposal.updated_at, workspace().clock.now())
    saved = tag("span", esc(text("guide.saved", when=when, who=proposal.owner.name)), "pv-hint")
    with st.container(key="proposal_head", horizontal=True, vertical_alignment="bottom"):
        if is_open:
            key = f"{_NOTE}_{proposal.id}"
            st.session_state[key] = proposal.note
            st.text_input(
                text("guide.note"),
                key=key,
                placeholder=text("guide.note_hint"),
                max_chars=200,
                on_change=_keep_note,
                args=(proposal.id, key),
                width=420,
            )
        st.html(row([*badges, saved]))
        if is_open:
            st.button(
                text("guide.withdraw"),
                key="withdraw",
                type="tertiary",
                on_click=_withdraw,
                args=(proposal.id,),
            )
        if may_take:
            owner = label_text(proposal.owner.name)
            st.button(
                text("guide.take_over", owner=owner),
                key="take_over",
                on_click=_take_over,
                args=(proposal.id,),
            )


def _tone(proposal: Proposal) -> str:
    return {ProposalStatus.OPEN: "accent", ProposalStatus.ACTIVATED: "good"}.get(
        proposal.status, "quiet"
    )


@telling
def _keep_note(proposal_id: str, key: str) -> None:
    leading.save(proposal_id, note=str(st.session_state[key]))


@telling
def _withdraw(proposal_id: str) -> None:
    proposals = workspace().proposals
    by = require_lead(proposals.proposal(proposal_id).brand_id)
    proposals.withdraw(proposal_id, leading.seen_revision(proposal_id), by)
    leading.show_proposal(None)
    state.say(leading.said("toast.withdrawn"))


@telling
def _take_over(proposal_id: str) -> None:
    proposals = workspace().proposals
    by = require_lead(proposals.proposal(proposal_id).brand_id)
    proposals.take_over(proposal_id, leading.seen_revision(proposal_id), by)


def _findings(proposal: Proposal, text: Words) -> Examination:
    """Draw what is to be said of the result: why it does not load, else what lint finds."""
    with st.container(key="pane_findings"):
        seen = workspace().proposals.problems(proposal)
        if seen.is_loadable:
            with st.spinner(text("lint.running"), show_time=False):
                seen = workspace().proposals.examine(proposal)
        title = tag("h3", esc(text("lint.title")))
        listed = [*seen.problems, *seen.findings]
        verdict = _verdict(seen, text)
        st.html(tag("div", title + verdict, "pv-section") + findings_html(listed, text))
        if not listed:
            st.html(tag("p", esc(text("lint.clean")), "pv-hint"))
    return seen


def _verdict(seen: Examination, text: Words) -> str:
    if not seen.is_loadable:
        return badge(text.count("lint.problems", len(seen.problems)), "danger")
    if seen.errors:
        return badge(text.count("lint.errors", len(seen.errors)), "danger")
    return badge(text("lint.loads"), "good")
