"""The page for an error that no part of the desk foresaw."""

import logging
import traceback
from pathlib import Path

import streamlit as st

from agent.domain.errors import PortevoixError
from agent.ports.journal import Happened, note
from ui.desk.language import words
from ui.widgets.markup import esc, tag


def trouble(error: Exception) -> None:
    """Say what to do. The log gets the error's kind and place, never its text or the customer's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    note(Happened.PAGE_FAILED, logging.ERROR, error=type(error).__name__, place=place)
    text = words()
    # A foreseen error's message is written for people and quotes nobody.
    detail = str(error) if isinstance(error, PortevoixError) else type(error).__name__
    with st.container(key="empty"):
        st.html(
            tag("h2", esc(text("trouble.title")))
            + tag("p", esc(text("trouble.lead")))
            + tag("p", esc(detail), "pv-hint")
        )
