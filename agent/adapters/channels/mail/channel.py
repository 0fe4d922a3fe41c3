"""The e-mail channel.

No server keeps a Message-ID from being sent twice, so we do: before the text is handed over, a
marker is left in a folder of the mailbox; after it, a copy goes to the folder of sent mail and the
marker goes away. A copy there: sent. Neither: never handed over. A marker alone: a person looks.
"""

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.mail.mailbox import MARKERS, Found, Mailbox
from agent.adapters.channels.mail.postman import hand_over, message_id_for, written
from agent.adapters.channels.mail.quotes import own_words
from agent.adapters.channels.mail.reading import OURS, Mail, inbound, message_id_of, words_of
from agent.adapters.channels.mail.signing_in import SignIn, token_of
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import EmailConnection
from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

if TYPE_CHECKING:
    from imapclient import IMAPClient

_PAGE = 25
_THREAD = 4
"""Earlier mails of the thread that are read."""
_THREAD_TEXT = 4_000
"""Characters of each."""
_BRAND = "brand"
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What broken mail makes parsers raise, the standard library's included."""


class Cursor(NamedTuple):
    """How far a folder is read. UIDs count within one UIDVALIDITY only: RFC 9051, 2.3.1.1."""

    validity: int
    uid: int
    since: date
    """The day the first reading began with: a reading from the start goes back as far."""


class EmailChannel:
    """Reads one folder; answers in the thread, from the mailbox's own address."""

    def __init__(self, name: str, given: EmailConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._sign_in = SignIn(name, given, token_of(name, given, clock))
        self._mailbox = Mailbox(name, given, self._sign_in)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("email")

    def close(self) -> None:
        """Leave the server; the next call connects again."""
        self._mailbox.close()

    def fetch(self, cursor: str | None) -> FetchPage:
        with self._mailbox.session() as client:
            opened = self._mailbox.open(client, self._given.folder)
            at = self._valid(_read_cursor(cursor), opened.validity, opened.next_uid)
            uids = self._mailbox.uids_after(client, at.uid, at.since)
            page = uids[:_PAGE]
            read = [self._read(client, uid) for uid in page]
        after = at._replace(uid=page[-1] if page else at.uid)
        return FetchPage(
            messages=tuple(m for m, _ in read if m is not None),
            problems=tuple(problem for _, problem in read if problem),
            cursor=_written_cursor(after),
            has_more=len(uids) > len(page),
        )

    def _valid(self, at: Cursor | None, validity: int, next_uid: int) -> Cursor:
        """Begin again if the server numbers its mails anew, or has lost some: ids stay known."""
        if at is None:
            since = self._clock.now().date() - timedelta(days=self._given.first_days)
            return Cursor(validity, 0, since)
        is_lost = at.validity != validity or (next_uid and at.uid >= next_uid)
        return Cursor(validity, 0, at.since) if is_lost else at

    def _read(self, client: "IMAPClient", uid: int) -> tuple[InboundMessage | None, str]:
        """Return a mail as a message, or what is to be said about it instead.

        One mail that the server or a parser stumbles over must not keep the others waiting.
        """
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

        try:
            self._mailbox.open(client, self._given.folder)
            mail = self._mailbox.read(client, uid)
            if mail is None:
                return None, ""
            reason = mail.envelope.machine
            if reason:
                return None, f"mail {uid}: automatic ({reason}); left in the mailbox"
            if self._is_ours(mail):
                return None, ""
            return inbound(self._name, mail, self._thread(client, mail)), ""
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, *_STUMBLES) as error:
            return self._unreadable(uid), f"mail {uid}: cannot be read ({type(error).__name__})"

    def _unreadable(self, uid: int) -> InboundMessage:
        """Stand in for a mail that no parser takes: a person opens it in the mailbox."""
        text = f"⚠ E-mail {uid} ({self._given.folder})"
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:unreadable-{uid}",
                "external_id": f"no-id#unreadable-{uid}",
                "text": text,
                "channel": "email",
                "surface": Surface.PRIVATE,
            }
        )

    def _is_ours(self, mail: Mail) -> bool:
        """Whether we wrote it. A web form writes from our address too, for somebody else."""
        own = self._given.address.lower()
        return mail.envelope.message_id.startswith(OURS) or mail.envelope.answer_to == own

    def _thread(self, client: "IMAPClient", mail: Mail) -> tuple[ThreadEntry, ...]:
        earlier = list(dict.fromkeys(mail.envelope.references))[-_THREAD:]
        folders = (self._given.folder, self._mailbox.sent_folder(client)) if earlier else ()
        entries = []
        for message_id in earlier:
            found = next((e for f in folders if (e := self._entry(client, f, message_id))), None)
            if found is not None:
                entries.append(found)
        return tuple(entries)

    def _entry(self, client: "IMAPClient", folder: str, message_id: str) -> ThreadEntry | None:
        found = self._mailbox.find(client, folder, message_id)
        mail = self._mailbox.read(client, found.uid) if found else None
        if mail is None:
            return None
        text = own_words(words_of(mail.texts))[:_THREAD_TEXT]
        author = _BRAND if self._is_ours(mail) else mail.envelope.answer_to
        return ThreadEntry(author=author, text=text, created_at=mail.received_at) if text else None

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Refuse if the mail has left its folder or a colleague answered it from the mailbox."""
        reason = self._obstacle(self._parent(message.external_id or ""))
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _parent(self, external_id: str) -> Found | None:
        message_id = message_id_of(external_id)
        if not message_id:
            return None
        with self._mailbox.session() as client:
            return self._mailbox.find(client, self._given.folder, message_id)

    def _obstacle(self, parent: Found | None) -> str:
        if parent is None:
            return f"the mail is not in {self._given.folder} any more, or has no id to answer to"
        if parent.is_answered:
            return "somebody answered this mail from the mailbox already"
        if not parent.envelope.answer_to:
            return "the mail names no address to answer to"
        return ""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Send the mail once.

        Raises:
            OutcomeUnknown: it may be with the outgoing server.
            CannotReply: refused for good, or there is nothing to answer to any more.
            ChannelError: nothing was sent.
        """
        already = self._in_sent(key)
        if already is not None:
            return already
        parent = self._parent(reply.parent_external_id)
        if parent is None or self._obstacle(parent):
            raise CannotReply(f"{self._name}: {self._obstacle(parent)}")
        return self._send(reply, key, parent)

    def _send(self, reply: Reply, key: str, parent: Found) -> PostReceipt:
        now = self._clock.now()
        message_id = message_id_for(key, self._given.address)
        mail = written(self._given, reply, parent, message_id, now).as_bytes()
        with self._mailbox.session() as client:
            self._mailbox.mark(client, message_id, mail)
        try:
            hand_over(self._name, self._given, self._sign_in, parent.envelope.answer_to, mail)
        except OutcomeUnknown:
            raise
        except ChannelError:
            self._settle(message_id)
            raise
        # It is sent from here on, whatever becomes of our own copies.
        with suppress(ChannelError):
            self._keep(message_id, mail, parent)
        return PostReceipt(remote_id=message_id, posted_at=now)

    def _settle(self, message_id: str) -> None:
        with suppress(ChannelError), self._mailbox.session() as client:
            self._mailbox.unmark(client, message_id)

    def _keep(self, message_id: str, mail: bytes, parent: Found) -> None:
        with self._mailbox.session() as client:
            if not self._given.server_keeps_sent:
                self._mailbox.keep_sent(client, mail)
            self._mailbox.unmark(client, message_id)
            self._mailbox.flag_answered(client, self._given.folder, parent.uid)

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Look for the reply among what was sent.

        Raises:
            ChannelError: the mailbox cannot be read, or only a marker is there.
        """
        found = self._in_sent(key)
        if found is not None:
            return found
        with self._mailbox.session() as client:
            if self._mailbox.has_marker(client, message_id_for(key, self._given.address)):
                raise ChannelError(
                    f"{self._name}: the reply in the folder {MARKERS} may have been sent; look at "
                    "the outgoing server, or ask the customer"
                )
        return None

    def _in_sent(self, key: str) -> PostReceipt | None:
        message_id = message_id_for(key, self._given.address)
        with self._mailbox.session() as client:
            found = self._mailbox.find(client, self._mailbox.sent_folder(client), message_id)
        return PostReceipt(remote_id=message_id) if found else None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Leave it to a person: nothing in a mailbox is public.

        Raises:
            ChannelError: always.
        """
        raise ChannelError("mail is not public; move or report it in the mailbox, by hand")


def _read_cursor(cursor: str | None) -> Cursor | None:
    try:
        given = json.loads(cursor or "")
        return Cursor(int(given[0]), int(given[1]), date.fromisoformat(given[2]))
    except (ValueError, TypeError, LookupError):
        return None


def _written_cursor(cursor: Cursor) -> str:
    return json.dumps([cursor.validity, cursor.uid, cursor.since.isoformat()])
