"""What removes texts past their retention, put together."""

import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.bootstrap.workspace import Workspace
    from agent.services.retention import RetentionService
    from agent.settings import Settings

_BREATH_SECONDS = 0.05
"""Between two transactions: whoever waits to write on SQLite looks again within this time."""


def build_retention(space: "Workspace") -> "RetentionService":
    """Return the service; it reads each brand's retention from its pack in force at every run."""
    from agent.services.retention import RetentionService

    return RetentionService(
        space.store,
        space.clock,
        lambda: {brand_id: pack.policy.retention for brand_id, pack in space.packs.items()},
        lambda: time.sleep(_BREATH_SECONDS),
        partial(_forget_answers, space),
    )


def _forget_answers(space: "Workspace", before: datetime) -> None:
    from agent.adapters.chat_model.cache import FileCache

    path = kept_answers(space.settings)
    if path.is_file():
        FileCache(path, space.clock).forget(before)


def kept_answers(settings: "Settings") -> Path:
    """Return the file that keeps what models answered."""
    return settings.workspace / "cache" / "answers.db"
