"""Suggestions: what the desk's work could teach the guide, for a lead to accept or refuse."""

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.packs import Proposal
from agent.domain.people import SignedIn
from agent.domain.reviews import Reviewer
from agent.services.learning import Example, Suggestion, SuggestionKind
from ui.desk import leading, state
from ui.desk.language import words
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.lead.frame import brand_picker, nothing, notice
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, plain, row, tag

_KIND = "suggestion_kind"
_SHOWN = 15


def suggestions_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    brand_id = leading.brand_on_screen(person)
    if brand_id is None:
        nothing(text("guide.closed.title"), text("guide.closed.lead"))
        return
    with st.container(key="pane_suggestions"):
        brand_picker(person, brand_id, text)
        notice(text)
        st.html(tag("p", esc(text("suggestion.lead")), "pv-hint"))
        with st.spinner(text("suggestion.reading"), show_time=False):
            found = workspace().learning.suggestions(brand_id)
        kinds = [kind.value for kind in SuggestionKind]
        st.session_state.setdefault(_KIND, SuggestionKind.GAP.value)
        chosen = st.segmented_control(
            text("suggestion.kinds"),
            kinds,
            key=_KIND,
            required=True,
            format_func=lambda kind: _count(kind, found, text),
            label_visibility="collapsed",
        )
        shown = [one for one in found if one.kind.value == chosen]
        if not shown:
            st.html(tag("p", esc(text(f"suggestion.none.{chosen}"))))
        for one in shown[:_SHOWN]:
            _draw(one, brand_id, text, may_guide=person.may_guide(brand_id))


def _count(kind: str, found: tuple[Suggestion, ...], text: Words) -> str:
    count = sum(one.kind.value == kind for one in found)
    return f"{text(f'suggestion.kind.{kind}')} · {count}"


def _draw(one: Suggestion, brand_id: BrandId, text: Words, *, may_guide: bool) -> None:
    with st.container(key=f"suggestion_{one.key}", border=True):
        st.html(_body(one, text))
        if not may_guide:
            return
        with st.container(horizontal=True):
            st.button(
                text("suggestion.accept"),
                key=f"accept_{one.key}",
                type="primary",
                on_click=_accept,
                args=(brand_id, one),
            )
            st.button(
                text("suggestion.refuse"),
                key=f"refuse_{one.key}",
                on_click=_refuse,
                args=(brand_id, one),
            )


def _body(one: Suggestion, text: Words) -> Html:
    marks = [badge(text(f"language.{one.lang.value}"), "quiet")]
    if one.category is not None:
        marks.append(badge(text(f"category.{one.category.value}"), "plain"))
    marks.append(badge(text.count("suggestion.behind", len(one.examples)), "accent"))
    if one.kind is SuggestionKind.WORDING:
        said = tag("div", diff_html(one.instead_of, one.text), "pv-bubble")
        folded = "".join(_edit(example) for example in one.examples)
    elif one.kind is SuggestionKind.GAP:
        said = tag("div", plain(one.text), "pv-bubble")
        folded = "".join(tag("li", esc(example.message)) for example in one.examples)
    else:
        asked = tag("div", plain(one.examples[0].message), "pv-bubble")
        said = asked + tag("div", plain(one.text), "pv-bubble pv-ours")
        return row(marks) + said
    summary = tag("summary", esc(text("suggestion.behind_it")))
    return row(marks) + said + tag("details", summary + tag("ul", folded), "pv-fold")


def _edit(example: Example) -> Html:
    return tag("li", diff_html(example.before, example.after))


def _own_proposal(brand_id: BrandId, by: Reviewer) -> Proposal:
    proposals = workspace().proposals.proposals(brand_id)
    mine = next((one for one in proposals if one.is_open and one.owner.id == by.id), None)
    note = leading.said("suggestion.note")
    return mine or workspace().proposals.propose(brand_id, by, note)


@telling
def _accept(brand_id: BrandId, one: Suggestion) -> None:
    by = require_lead(brand_id)
    proposal = _own_proposal(brand_id, by)
    workspace().learning.accept(proposal.id, proposal.revision, one, by)
    leading.show_proposal(proposal.id)
    state.say(leading.said("toast.entered"))


@telling
def _refuse(brand_id: BrandId, one: Suggestion) -> None:
    workspace().learning.refuse(brand_id, one, require_lead(brand_id))
    state.say(leading.said("toast.settled"))
