"""The logs of a process as the settings have them."""

from agent.adapters.logs import set_up_logs
from agent.adapters.logs import take_over as take_over_logs
from agent.settings import Settings

__all__ = ["keep_journal", "take_over_logs"]


def keep_journal(settings: Settings, process: str) -> None:
    """Log as `[logs]` says; `process` is what the lines call this one."""
    set_up_logs(process, settings.logs.format.value, settings.logs.level.value)
