"""One IMAP account: a connection that is kept, and every trouble of it as a channel's."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.adapters.channels.mail.reading import (
    MAX_FETCHED,
    Envelope,
    Mail,
    envelope_of,
    text_parts,
)
from agent.adapters.channels.mail.signing_in import SignIn, untrusted
from agent.adapters.channels.mail.structure import parts_of
from agent.domain.connections import EmailConnection, Security
from agent.domain.errors import ChannelError

if TYPE_CHECKING:
    from imapclient import IMAPClient

MARKERS = "Portevoix-Sending"
"""The folder of replies on their way: what is left there may or may not have been sent."""
_MAX_HEADER = 65_536
_HEADER = b"BODY[HEADER]<0>"
_ANSWERED = b"\\Answered"
_SENT = b"\\Sent"


class Opened(NamedTuple):
    """A folder as it is now."""

    validity: int
    next_uid: int


class Found(NamedTuple):
    """A mail found by its Message-ID."""

    uid: int
    envelope: Envelope
    is_answered: bool


class Mailbox:
    """Safe to share between threads: one command at a time."""

    def __init__(self, name: str, given: EmailConnection, sign_in: SignIn) -> None:
        """`name`: the channel's, for messages."""
        self._name = name
        self._sign_in = sign_in
        self._given = given
        self._lock = threading.RLock()
        self._client: IMAPClient | None = None
        self._sent: str | None = None

    @contextmanager
    def session(self) -> Iterator["IMAPClient"]:
        """Give the connection, alive.

        Raises:
            ChannelError: it cannot be had, or it broke meanwhile.
        """
        with self._lock:
            try:
                yield self._alive()
            except ChannelError:
                raise
            except Exception as error:
                self._drop()
                raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> ChannelError:
        from imapclient.exceptions import IMAPClientError, LoginError

        if isinstance(error, LoginError):
            return self._sign_in.refused("the mailbox")
        if isinstance(error, ssl.SSLCertVerificationError):
            return untrusted(self._name, "the mailbox's server", error)
        if isinstance(error, IMAPClientError | OSError):
            kind = type(error).__name__
            return ChannelError(f"{self._name}: the mailbox cannot be used now ({kind})")
        raise error

    def _alive(self) -> "IMAPClient":
        if self._client is not None:
            try:
                self._client.noop()
            except Exception:
                # Whatever ended it: a new connection tells.
                self._drop()
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> "IMAPClient":
        from imapclient import IMAPClient

        given = self._given
        context = self._sign_in.context()
        client = IMAPClient(
            given.imap_host,
            given.imap_port,
            ssl=given.imap_security is Security.TLS,
            ssl_context=context if given.imap_security is Security.TLS else None,
            timeout=given.timeout_seconds,
        )
        try:
            if given.imap_security is Security.STARTTLS:
                client.starttls(context)
            self._sign_in.to_mailbox(client)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
        return client

    def _drop(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                self._client.shutdown()
        self._client = None

    def close(self) -> None:
        """Leave the server."""
        with self._lock:
            self._drop()

    def open(self, client: "IMAPClient", folder: str, *, for_change: bool = False) -> Opened:
        """Select a folder."""
        answer = client.select_folder(folder, readonly=not for_change)
        return Opened(
            validity=int(answer.get(b"UIDVALIDITY", 0)), next_uid=int(answer.get(b"UIDNEXT", 0))
        )

    def uids_after(self, client: "IMAPClient", uid: int, since: date) -> list[int]:
        """Return the UIDs above `uid` of mails received since a day, in order."""
        # « n:* » always names the last mail, even one below n: RFC 9051, section 9, seq-range.
        found = client.search(["UID", f"{uid + 1}:*", "SINCE", since])
        return sorted(one for one in found if one > uid)

    def read(self, client: "IMAPClient", uid: int) -> Mail | None:
        """Fetch what we take of a mail: never more than its text parts. None: it is gone."""
        wanted = [b"BODYSTRUCTURE", b"INTERNALDATE", f"BODY.PEEK[HEADER]<0.{_MAX_HEADER}>"]
        data = client.fetch([uid], wanted).get(uid)
        if not data:
            return None
        parts = parts_of(data[b"BODYSTRUCTURE"])
        texts = [(part, self._part(client, uid, part.section)) for part in text_parts(parts)]
        return Mail(envelope_of(data[_HEADER]), parts, texts, _aware(data[b"INTERNALDATE"]))

    def _part(self, client: "IMAPClient", uid: int, section: str) -> bytes:
        data = client.fetch([uid], [f"BODY.PEEK[{section}]<0.{MAX_FETCHED}>"]).get(uid, {})
        return bytes(data.get(f"BODY[{section}]<0>".encode(), b"") or b"")

    def find(self, client: "IMAPClient", folder: str, message_id: str) -> Found | None:
        """Find a mail by its Message-ID, exactly."""
        self.open(client, folder)
        uids = client.search(["HEADER", "Message-ID", f"<{message_id}>"])
        wanted = [b"FLAGS", f"BODY.PEEK[HEADER]<0.{_MAX_HEADER}>"]
        for uid, data in sorted(client.fetch(uids, wanted).items()) if uids else ():
            envelope = envelope_of(data[_HEADER])
            if envelope.message_id == message_id:
                return Found(uid, envelope, _ANSWERED in data[b"FLAGS"])
        return None

    def sent_folder(self, client: "IMAPClient") -> str:
        """Return the folder of what was sent, as set or as the server marks it (RFC 6154)."""
        if self._sent is None:
            found = self._given.sent_folder or client.find_special_folder(_SENT) or "Sent"
            self._make(client, str(found))
            self._sent = str(found)
        return self._sent

    def mark(self, client: "IMAPClient", message_id: str, mail: bytes) -> None:
        """Leave a marker: from now on, nobody can tell whether this reply was sent."""
        self._make(client, MARKERS)
        self.unmark(client, message_id)
        client.append(MARKERS, mail)

    def has_marker(self, client: "IMAPClient", message_id: str) -> bool:
        """Whether a reply was on its way, and nobody said what became of it."""
        return client.folder_exists(MARKERS) and bool(self.find(client, MARKERS, message_id))

    def unmark(self, client: "IMAPClient", message_id: str) -> None:
        """Take the marker away."""
        self.open(client, MARKERS, for_change=True)
        uids = client.search(["HEADER", "Message-ID", f"<{message_id}>"])
        if uids:
            client.delete_messages(uids)
            client.expunge()

    def keep_sent(self, client: "IMAPClient", mail: bytes) -> None:
        """Put a copy where people look for what was sent."""
        client.append(self.sent_folder(client), mail, [b"\\Seen"])

    def flag_answered(self, client: "IMAPClient", folder: str, uid: int) -> None:
        """Show colleagues, in their mail programs, that this one is answered."""
        self.open(client, folder, for_change=True)
        client.add_flags([uid], [_ANSWERED])

    def _make(self, client: "IMAPClient", folder: str) -> None:
        if not client.folder_exists(folder):
            client.create_folder(folder)


def _aware(value: Any) -> datetime:
    moment: datetime = value
    # IMAPClient gives the server's time in this machine's zone, without naming it.
    return moment.astimezone(UTC)
