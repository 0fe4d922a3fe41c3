"""What a visitor sees who has no session, or no role: how to get one, and nothing else."""

from urllib.parse import quote, urlsplit

import streamlit as st

from agent.domain.people import SignedIn
from ui.desk.language import choose, language, words
from ui.desk.session import sign_out
from ui.desk.workspace import workspace
from ui.locales import LANGUAGES, Words
from ui.serving.provider import NAME
from ui.widgets.markup import esc, label_text, tag


def closed_door() -> None:
    """Draw the page; it reads nothing of the workspace but its settings."""
    text = words()
    given = workspace().settings.sign_in
    with st.container(key="door"):
        st.html(tag("h1", "Portevoix") + tag("h2", esc(text("door.title"))))
        if given.local:
            label, there = esc(text("door.local")), f"/sign-in?next={quote(_here())}"
            st.html(tag("a", label, "pv-button", href=there, target="_self"))
        if given.oidc is not None:
            label = label_text(text("door.provider", label=given.oidc.label))
            st.button(label, key="door_provider", type="primary", on_click=st.login, args=(NAME,))
        st.html(
            _console(text) if not given.is_set_up else tag("p", esc(text("door.ask")), "pv-hint")
        )
        _languages()


def _console(text: Words) -> str:
    return (
        tag("p", esc(text("door.lead")))
        + tag("pre", "portevoix desk --workspace …")
        + tag("p", esc(text("door.running")))
        + tag("pre", "portevoix user link")
        + tag("p", esc(text("door.why")), "pv-hint")
    )


def _here() -> str:
    """Return the page that was asked for, to come back to it."""
    asked = urlsplit(st.context.url or "/")
    return (asked.path or "/") + (f"?{asked.query}" if asked.query else "")


def no_role(person: SignedIn) -> None:
    """Tell somebody who is signed in that nobody has given them a role yet."""
    text = words()
    with st.container(key="door"):
        st.html(
            tag("h1", "Portevoix")
            + tag("h2", esc(text("no_role.title", name=person.person.name)))
            + tag("p", esc(text("no_role.lead")))
            + tag("p", esc(text("no_role.next")), "pv-hint")
        )
        st.button(text("account.sign_out"), key="sign_out", on_click=sign_out)
        _languages()


def _languages() -> None:
    with st.container(horizontal=True, gap="small"):
        for lang, name in LANGUAGES.items():
            kind = "primary" if lang == language() else "tertiary"
            st.button(name, key=f"door_{lang}", type=kind, on_click=choose, args=(lang,))  # type: ignore[arg-type]
