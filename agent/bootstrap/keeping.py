"""What removes texts past their retention, put together."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.bootstrap.workspace import Workspace
    from agent.services.retention import RetentionService

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
    )
