"""The page for an error that no part of the desk foresaw."""

import logging
import traceback

import streamlit as st

from agent.domain.errors import PortevoixError
from ui.desk.language import words
from ui.widgets.markup import esc, tag

_LOG = logging.getLogger("portevoix.desk")


def trouble(error: Exception) -> None:
    """Say what to do. The log gets the error's kind and place, never its text or the customer's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    _LOG.error("%s at %s", type(error).__name__, place)
    text = words()
    # A foreseen error's message is written for people and quotes nobody.
    detail = str(error) if isinstance(error, PortevoixError) else type(error).__name__
    with st.container(key="empty"):
        st.html(
            tag("h2", esc(text("trouble.title")))
            + tag("p", esc(text("trouble.lead")))
            + tag("p", esc(detail), "pv-hint")
        )
