"""Rejected drafts, each one click away from an eval case in a proposal."""

import streamlit as st

from agent.domain.ids import BrandId, ItemId
from agent.domain.people import SignedIn
from agent.domain.reviews import QueueQuery, ReviewItem, ReviewStatus
from evals.case_writing import added, case_of
from ui.desk import leading, state
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, plain, row, tag
from ui.widgets.removed import removed_html

_SHOWN = 25


def rejected_view(person: SignedIn, brand_id: BrandId, text: Words) -> None:
    """Draw the last rejected items of a brand."""
    query = QueueQuery(brand_id=brand_id, statuses=(ReviewStatus.REJECTED,), limit=_SHOWN)
    rows = workspace().review.queue(query).rows
    st.html(tag("p", esc(text("evals.rejected_lead")), "pv-hint"))
    if not rows:
        st.html(tag("p", esc(text("evals.rejected_none"))))
    for one in sorted(rows, key=lambda found: found.received_at, reverse=True):
        item = workspace().review.item(one.id)
        with st.container(key=f"rejected_{one.id}", border=True):
            st.html(_item(item, text))
            if person.may_guide(brand_id) and item.outcome.purged.message_at is None:
                st.button(
                    text("evals.make_case"),
                    key=f"case_{one.id}",
                    on_click=_make,
                    args=(one.id,),
                )


def _item(item: ReviewItem, text: Words) -> Html:
    outcome, decision = item.outcome, item.decision
    reason = decision.reason.value if decision and decision.reason else "other"
    note = outcome.redaction.mask(decision.note) if decision else ""
    head = [badge(text(f"rejection.{reason}"), "danger"), tag("span", esc(note), "pv-fact")]
    draft = outcome.redaction.mask(outcome.draft.public or outcome.draft.private or "")
    gone = removed_html(outcome.purged.message_at, text)
    message = tag("div", plain(outcome.redaction.text) + gone, "pv-bubble")
    said = diff_html(draft, draft) + removed_html(outcome.purged.draft_at, text)
    return row(head) + message + tag("div", said, "pv-bubble pv-ours")


@telling
def _make(item_id: ItemId) -> None:
    """Write the case into the person's open proposal, or into a new one, and show it."""
    space = workspace()
    item = space.review.item(item_id)
    by = require_lead(item.brand_id)
    proposals = space.proposals.proposals(item.brand_id)
    mine = next((one for one in proposals if one.is_open and one.owner.id == by.id), None)
    proposal = mine or space.proposals.propose(item.brand_id, by, leading.said("evals.case_note"))
    changes = added(space.proposals.result(proposal), case_of(item, by.name))
    space.proposals.save(proposal.id, proposal.revision, by, changes)
    leading.show_proposal(proposal.id)
    state.say(leading.said("toast.case_added"))
