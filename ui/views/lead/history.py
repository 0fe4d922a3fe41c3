"""Every version that was in force: who, when, why; what changed since; the way back."""

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.packs import PackStamp
from ui.desk import leading
from ui.desk.leading import require_lead, telling
from ui.desk.workspace import workspace, zone_of
from ui.locales import Words
from ui.views.lead.changes import versions_diff
from ui.widgets.markup import Html, badge, esc, tag

_OLD, _NEW = "history_old", "history_new"


def history_view(brand_id: BrandId, text: Words, *, may_guide: bool) -> None:
    """Draw the list of versions and the diff of any two."""
    stamps = workspace().guides.versions(brand_id)
    st.html(tag("ol", "".join(_line(one, text) for one in stamps), "pv-timeline"))
    if len(stamps) < 2:
        st.html(tag("p", esc(text("guide.history.first")), "pv-hint"))
        return
    numbers = [one.number for one in stamps]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        old = st.selectbox(text("guide.history.from"), numbers, index=1, key=_OLD, width=160)
        new = st.selectbox(text("guide.history.to"), numbers, index=0, key=_NEW, width=160)
        if may_guide and old != numbers[0]:
            st.button(
                text("guide.history.restore", number=old),
                key="restore",
                on_click=_restore,
                args=(brand_id, old),
            )
    guides = workspace().guides
    versions_diff(guides.texts(brand_id, old), guides.texts(brand_id, new), text)


def _line(stamp: PackStamp, text: Words) -> Html:
    when = tag("time", esc(text.moment(stamp.at, zone_of(stamp.brand_id))))
    who = text("guide.by_folder") if stamp.by.id == "folder" else stamp.by.name
    head = tag("b", esc(text("guide.version", number=stamp.number)))
    over = badge(text("guide.history.overridden"), "warn") if stamp.override_reason else ""
    note = " · ".join(part for part in (who, stamp.note, stamp.override_reason) if part)
    code = tag("code", esc(stamp.version[:12]))
    return tag("li", f"{when} {head} {over} {esc(note)} {code}")


@telling
def _restore(brand_id: BrandId, number: int) -> None:
    by = require_lead(brand_id)
    note = leading.said("guide.history.restored", number=number)
    proposal = workspace().proposals.restore(brand_id, number, by, note)
    leading.show_proposal(proposal.id)
