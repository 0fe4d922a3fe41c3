"""The ways out of notifications, each made from its terms."""

from agent.adapters.notify.mail import MailMessenger
from agent.adapters.notify.slack import SlackMessenger
from agent.domain.destinations import AnyDestination, SlackDestination
from agent.ports.alerts import Messenger


def build_messenger(name: str, given: AnyDestination) -> Messenger:
    """Return the destination that `[notify.destinations.NAME]` describes; nothing is sent yet."""
    if isinstance(given, SlackDestination):
        return SlackMessenger(name, given)
    return MailMessenger(name, given)


__all__ = ["build_messenger"]
