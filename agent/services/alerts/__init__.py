"""Alerts: raised as their causes begin, told to people, resolved as their causes end."""

from agent.services.alerts.addressing import Addressing
from agent.services.alerts.notifying import NotifyService
from agent.services.alerts.watching import WatchService

__all__ = ["Addressing", "NotifyService", "WatchService"]
