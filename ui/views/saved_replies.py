"""Saved replies in their dialog: keep the text on screen, change or delete one of one's own."""

import streamlit as st

from agent.domain.desk import BODY_MAX, TITLE_MAX, SavedReply
from agent.domain.messages import Surface
from agent.domain.reviews import Reviewer, ReviewItem
from knowledge.passages import Language
from ui.desk import editing
from ui.desk.state import Screen
from ui.desk.workspace import pack_of, workspace
from ui.locales import Words
from ui.widgets.markup import esc, tag


def keep_reply(item: ReviewItem, screen: Screen, words: Words) -> None:
    """Draw the form that keeps a text: at first, the one on screen."""
    with st.expander(words("saved.keep"), key="keep_reply"):
        body_key = f"keep_body_{screen.item_id}_{screen.revision}"
        own = item.outcome.message.surface
        first = screen.text(own) if own is not Surface.REVIEW else None
        st.session_state.setdefault(body_key, first or screen.public or screen.private or "")
        _fields("keep_title", body_key, words)
        st.button(
            words("saved.add"),
            key="keep_add",
            on_click=editing.keep,
            args=(screen, "keep_title", body_key, _language(item)),
        )


def change_reply(screen: Screen, reply: SavedReply, me: Reviewer, words: Words) -> None:
    """Draw the form that changes or deletes a saved reply, for who may."""
    if not workspace().saved_replies.may_change(reply, me):
        st.html(tag("div", esc(words("saved.not_yours", name=reply.owner.name)), "pv-hint"))
        return
    with st.expander(words("saved.change"), key=f"change_{reply.id}"):
        title_key, body_key = (f"change_{part}_{reply.id}_{reply.version}" for part in "tb")
        st.session_state.setdefault(title_key, reply.title)
        st.session_state.setdefault(body_key, reply.body)
        _fields(title_key, body_key, words)
        with st.container(horizontal=True, key="change_buttons"):
            st.button(
                words("saved.save"),
                key=f"change_save_{reply.id}",
                on_click=editing.mend,
                args=(screen, reply, title_key, body_key),
            )
            st.button(
                words("saved.delete"),
                key=f"change_delete_{reply.id}",
                on_click=editing.discard,
                args=(screen, reply.id, reply.brand_id),
            )


def _fields(title_key: str, body_key: str, words: Words) -> None:
    st.text_input(words("saved.title"), key=title_key, max_chars=TITLE_MAX)
    st.text_area(words("saved.body"), key=body_key, max_chars=BODY_MAX, height=140)


def _language(item: ReviewItem) -> Language:
    lang = item.outcome.triage.language
    pack = pack_of(item.brand_id)
    if lang is Language.UNKNOWN and pack is not None:
        return pack.policy.default_language
    return lang
