"""Errors and states a person can act on, shown over the item."""

import streamlit as st

from agent.domain.reviews import Reviewer, ReviewItem
from ui.desk import actions, state
from ui.desk.state import Notice, Screen
from ui.desk.workspace import zone_of
from ui.locales import Words
from ui.widgets.markup import esc, tag


def notice_bar(notice: Notice, screen: Screen, words: Words) -> None:
    """Draw a notice: what happened, what to do, and the button that does it where there is one."""
    title = words(f"notice.{notice.kind}.title", about=notice.about)
    mend = words(f"notice.{notice.kind}.mend")
    role = "alert" if notice.tone == "danger" else "status"
    body = tag("b", esc(title)) + tag("span", esc(mend))
    with st.container(key=f"notice_{notice.kind}", horizontal=True, vertical_alignment="center"):
        st.html(tag("div", body, f"pv-notice pv-edge-{notice.tone}", role=role))
        if notice.can_redraft:
            st.button(
                words("action.redraft"),
                key="redraft",
                type="primary",
                width="content",
                disabled=state.dialog() is not None,
                on_click=actions.redraft,
                args=(screen,),
            )


def seconding_bar(item: ReviewItem, me: Reviewer, screen: Screen, words: Words) -> None:
    """Say that two people must approve, and who has: the text on screen is then theirs."""
    first = item.first_approval
    if first is None:
        if item.approvers_needed > 1:
            notice_bar(Notice("two_needed", tone="accent"), screen, words)
        return
    when = words.moment(first.at, zone_of(item.brand_id))
    kind = "second_is_other" if first.by.id == me.id else "second_is_you"
    about = f"{first.by.name} · {when} · {first.text_sha256[:10]}"
    notice_bar(Notice(kind, about, "accent"), screen, words)
