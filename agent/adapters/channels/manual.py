"""The manual channel: messages come from a file, a person copies the reply and posts it by hand."""

from pathlib import Path

from agent.adapters.channels.file import read_page
from agent.adapters.channels.limits_data import load_limits
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.errors import ChannelError, PostByHand
from agent.domain.messages import InboundMessage, Surface
from agent.ports import Channel


class _PostedByHand:
    """What every channel says where a person posts."""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Never post.

        Raises:
            PostByHand: always; the post waits for a person to mark it as posted.
        """
        raise PostByHand

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Say that nothing can be looked up: a person's post carries no key of ours.

        Raises:
            ChannelError: always; a person knows.
        """
        raise ChannelError("a person posts here; ask who did")

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Leave it to a person.

        Raises:
            ChannelError: always.
        """
        raise ChannelError("moderate on the network itself, by hand")


class ManualChannel(_PostedByHand):
    """For a network without an interface for replies: the desk shows the text to copy."""

    def __init__(self, name: str, inbox: Path | None = None) -> None:
        self._name = name
        self._inbox = inbox

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("manual")

    def fetch(self, cursor: str | None) -> FetchPage:
        return read_page(self._name, self._inbox, cursor) if self._inbox else FetchPage()

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        return ReplyPermission(is_allowed=True)


class HandedOver(_PostedByHand):
    """A channel that is read, while a person posts: where the network has not granted more."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @property
    def name(self) -> str:
        return self._channel.name

    @property
    def limits(self) -> ChannelLimits:
        return self._channel.limits

    def fetch(self, cursor: str | None) -> FetchPage:
        return self._channel.fetch(cursor)

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        return self._channel.can_reply(message, surface)
