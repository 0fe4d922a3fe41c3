"""The last decision, for as long as it can be undone: what it was, how long, and the key."""

import streamlit as st

from ui.components import countdown
from ui.desk import state, undo
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.widgets.markup import esc, tag


def undo_bar(words: Words) -> None:
    """Draw the offer to undo, if there is one; the seconds run down in the browser."""
    offer = undo.last()
    if offer is None:
        return
    is_free = state.dialog() is None
    left = (offer.until - workspace().clock.now()).total_seconds()
    with st.container(key="undo_bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(tag("b", esc(words(f"undo.{offer.kind.value}"))), width="content")
        countdown(left, words("undo.left", n="%"), ".st-key-undo_bar")
        st.button(
            words("undo.button"),
            key=f"undo_last_{offer.item_id}",
            shortcut="z" if is_free else None,
            disabled=not is_free,
            on_click=undo.undo_last,
            args=(offer.item_id,),
        )
