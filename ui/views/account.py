"""The corner of the header: language, who is signed in, sign out."""

import streamlit as st

from agent.domain.people import SignedIn
from ui.components import spoken_language
from ui.desk import actions
from ui.desk.language import choose, language
from ui.desk.session import sign_out, sign_out_everywhere
from ui.locales import LANGUAGES, Words
from ui.views.work import freeze_controls
from ui.widgets.markup import label_text


def account_bar(person: SignedIn, words: Words) -> None:
    """Draw the corner."""
    spoken_language(words.lang)
    with st.container(key="account", horizontal=True, gap="small", vertical_alignment="center"):
        for lang, name in LANGUAGES.items():
            st.button(
                lang.upper(),
                key=f"language_{lang}",
                help=name,
                type="primary" if lang == language() else "tertiary",
                on_click=choose,
                args=(lang,),
            )
        with st.popover(label_text(person.person.name), key="account_menu"):
            roles = sorted({words(f"role.{role.value}") for role in person.roles.values()})
            st.text(" · ".join([person.person.name, *roles]))
            freeze_controls(person, words)
            st.button(words("account.sign_out"), key="sign_out", on_click=_leave)
            st.button(
                words("account.everywhere"),
                key="sign_out_everywhere",
                type="tertiary",
                on_click=_leave_everywhere,
            )


def _leave() -> None:
    actions.release_current()
    sign_out()


def _leave_everywhere() -> None:
    actions.release_current()
    sign_out_everywhere()
