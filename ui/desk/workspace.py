"""The workspace this server serves, opened once for every page and every session."""

import os
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import streamlit as st

from agent.bootstrap.live import LivePacks
from agent.domain.ids import BrandId

if TYPE_CHECKING:
    from agent.bootstrap import Workspace
    from agent.domain.brand import BrandPack

ENVIRONMENT = "PORTEVOIX_WORKSPACE"


@st.cache_resource(show_spinner=False)
def _open(folder: str) -> "Workspace":
    from agent.bootstrap import open_workspace
    from agent.settings import load_settings

    opened = open_workspace(load_settings(Path(folder)))
    opened.adopt_packs()
    return opened


def workspace() -> "Workspace":
    """Return the open workspace.

    Raises:
        ConfigurationError: it cannot be opened; the message says what to mend.
    """
    return _open(os.environ.get(ENVIRONMENT, "workspace"))


def refresh_packs() -> None:
    """Take up what was activated since the last run, here or in another process."""
    packs = workspace().packs
    if isinstance(packs, LivePacks):
        packs.refresh_all()


def warm_up(brand_id: BrandId) -> None:
    """Build the brand's new flow beside the page, so that the next decision does not wait."""

    def build() -> None:
        workspace_then.pipelines.get(brand_id)

    workspace_then = workspace()
    Thread(target=build, daemon=True).start()


def pack_of(brand_id: str) -> "BrandPack | None":
    """Return the brand's pack, or None: the brand was removed since its items were drafted."""
    return {str(key): pack for key, pack in workspace().packs.items()}.get(brand_id)


def zone_of(brand_id: str) -> ZoneInfo:
    """Return the time zone in which the brand's people read the clock."""
    pack = pack_of(brand_id)
    return ZoneInfo(pack.policy.brand.time_zone if pack else "UTC")
