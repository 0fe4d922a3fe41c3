"""The reader's language: chosen by hand, else from the URL, the browser, the default."""

import streamlit as st

from ui.locales import DEFAULT, LANGUAGES, Words

_KEY = "desk_language"
PARAMETER = "lang"


def language() -> str:
    """Return the language of this session, remembered at the first call."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _first_guess()
    return str(st.session_state[_KEY])


def words() -> Words:
    """Return the texts of this session's language."""
    return Words(language())


def choose(lang: str) -> None:
    """Change the session's language and keep it in the URL."""
    st.session_state[_KEY] = lang if lang in LANGUAGES else DEFAULT
    st.query_params[PARAMETER] = st.session_state[_KEY]


def _first_guess() -> str:
    asked = (st.query_params.get(PARAMETER), (st.context.locale or "")[:2])
    return next((lang for lang in asked if lang in LANGUAGES), DEFAULT)
