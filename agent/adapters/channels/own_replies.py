"""Finding our own reply again where a network keeps no key: by its author and its words."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from agent.domain.base import nfc
from agent.domain.channels import PostReceipt, Reply
from agent.domain.errors import ChannelError

_SPACE = re.compile(r"\s+")


class OwnReply(NamedTuple):
    """A reply of the account's, as the network shows it."""

    remote_id: str
    text: str
    url: str = ""

    @property
    def receipt(self) -> PostReceipt:
        """The network's word that it is there."""
        return PostReceipt(remote_id=self.remote_id, url=self.url)


class ReadsOwnReplies(Protocol):
    """A channel that can list what its account answered to a message."""

    def own_replies(self, parent_external_id: str) -> Iterable[OwnReply]:
        """Return the account's replies below that message.

        Raises:
            ChannelError: the network cannot be read now.
        """
        ...


class FoundByText:
    """`find_sent` and `find_reply` for such a channel."""

    def find_sent(self: ReadsOwnReplies, parent_external_id: str, key: str) -> PostReceipt | None:
        """Say that the reply is not there, if the account has not answered that message at all.

        Raises:
            ChannelError: the account has answered it, and without the text nobody can tell whether
                that is this reply; or the network cannot be read now.
        """
        del key
        if list(self.own_replies(parent_external_id)):
            raise ChannelError("the account answered that message; look whether it is this reply")
        return None

    def find_reply(self: ReadsOwnReplies, reply: Reply, key: str) -> PostReceipt | None:
        """Return the account's reply to that message with this very text, or None."""
        del key
        wanted = _words(reply.text)
        own = self.own_replies(reply.parent_external_id)
        return next((one.receipt for one in own if _words(one.text) == wanted), None)


def _words(text: str) -> str:
    """Return a text as networks leave it: they change spaces and line breaks, not words."""
    return _SPACE.sub(" ", nfc(text)).strip()
