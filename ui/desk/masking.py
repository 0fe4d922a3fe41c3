"""Earlier messages of a thread without personal data: the message itself is stored redacted."""

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from agent.bootstrap import build_redactor
from agent.domain.redaction import Redaction
from ui.desk.workspace import pack_of

if TYPE_CHECKING:
    from agent.ports import Redactor

KEPT = 2_000


@st.cache_resource(show_spinner=False)
def _redactor(brand_id: str) -> "Redactor":
    return build_redactor(pack_of(brand_id))


@lru_cache(maxsize=KEPT)
def masked(brand_id: str, text: str) -> Redaction | None:
    """Return `text` with its personal data masked, or None: it could not be searched."""
    try:
        return _redactor(brand_id).redact(text)
    except Exception:
        # Whatever failed, what could not be searched is not shown; the original is one key away.
        return None
