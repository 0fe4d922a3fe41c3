"""What a visitor without a session sees: how to get a link, and nothing else."""

import streamlit as st

from ui.desk.language import choose, language, words
from ui.locales import LANGUAGES
from ui.widgets.markup import esc, tag


def closed_door() -> None:
    """Draw the page; it reads nothing of the workspace."""
    text = words()
    with st.container(key="door"):
        st.html(
            tag("h1", "Portevoix")
            + tag("h2", esc(text("door.title")))
            + tag("p", esc(text("door.lead")))
            + tag("pre", "portevoix desk --workspace …")
            + tag("p", esc(text("door.running")))
            + tag("pre", "portevoix user link")
            + tag("p", esc(text("door.why")), "pv-hint")
        )
        with st.container(horizontal=True, gap="small"):
            for lang, name in LANGUAGES.items():
                kind = "primary" if lang == language() else "tertiary"
                st.button(name, key=f"door_{lang}", type=kind, on_click=choose, args=(lang,))  # type: ignore[arg-type]
