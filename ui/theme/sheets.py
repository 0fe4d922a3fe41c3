"""The style sheets of single pages, beside the one of the whole desk."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


def style_sheet(name: str) -> None:
    """Add a sheet of this folder to the page."""
    st.html(_HERE / name)
