"""A fetched mail as a message: whose it is, whether a machine sent it, and what it says."""

import binascii
import hashlib
import quopri
import re
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import NamedTuple

from agent.adapters.channels.html_text import text_of_html
from agent.adapters.channels.mail.quotes import own_words
from agent.adapters.channels.mail.structure import Part, attachments
from agent.domain.base import nfc
from agent.domain.messages import InboundMessage, Surface, ThreadEntry

MAX_TEXT = 50_000
"""Characters of one message, as for every channel."""
MAX_FETCHED = 400_000
"""Bytes fetched of one text part: HTML needs many for few words."""
MAX_TEXT_PARTS = 5
OURS = "portevoix."
"""What the Message-ID of each reply of ours begins with."""
_NO_ID = "no-id"
_MAX_SUBJECT = 300
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,250})>")
_REPLY_MARK = re.compile(r"\s*(re|ré|rép|aw|sv|tr|fw|fwd)\s*:", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>\"',;:()\[\]\\]+@[^@\s<>\"',;:()\[\]\\]+")


class Envelope(NamedTuple):
    """The header of a mail, read with care: any of it may be missing or forged."""

    message_id: str
    """Without its brackets; empty: there is no usable one."""
    references: tuple[str, ...]
    sender: str
    """The address in `From`, in lower case."""
    answer_to: str
    """Where an answer goes: `Reply-To`, or `From`."""
    subject: str
    stamp: str
    """A hash of the header as it stands: it tells mails without an id apart."""
    machine: str
    """Why a machine sent it, or empty."""


def envelope_of(header: bytes) -> Envelope:
    """Read a header."""
    fields = BytesParser(policy=policy.compat32).parsebytes(header, headersonly=True)
    modern = BytesParser(policy=policy.default).parsebytes(header, headersonly=True)

    def raw(name: str) -> str:
        return str(fields.get(name, ""))

    ids = _MESSAGE_ID.findall(raw("Message-ID"))
    sender = _address(raw("From"))
    return Envelope(
        message_id=ids[0] if ids and ids[0].isascii() and ids[0].isprintable() else "",
        references=tuple(_MESSAGE_ID.findall(f"{raw('References')} {raw('In-Reply-To')}")),
        sender=sender,
        answer_to=_address(raw("Reply-To")) or sender,
        subject=_subject(modern, raw("Subject")),
        stamp=hashlib.sha256(header).hexdigest(),
        machine=_machine(raw("Return-Path"), fields),
    )


def _address(field: str) -> str:
    for _, address in getaddresses([field]):
        if _ADDRESS.fullmatch(address):
            return address.lower()
    return ""


def _subject(header: EmailMessage, raw: str) -> str:
    try:
        given = str(header.get("Subject", "")) or raw
    except (ValueError, LookupError, TypeError, AttributeError):
        # The parser of the standard library stumbles over some broken encodings.
        given = raw
    shown = "".join(char if char.isprintable() else " " for char in nfc(given))
    return re.sub(r"\s+", " ", shown).strip()[:_MAX_SUBJECT]


def _machine(return_path: str, fields: object) -> str:
    """Say why a mail is automatic. Source: RFC 3834, sections 2 and 5; RFC 3464.

    A mailing list alone is no reason: many brands read their mail through a group address.
    """
    get = fields.get  # type: ignore[attr-defined]
    submitted = str(get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return f"Auto-Submitted: {submitted[:30]}"
    if str(get("Content-Type", "")).strip().lower().startswith("multipart/report"):
        return "a delivery report"
    if return_path.strip() == "<>":
        return "an empty return path"
    if str(get("Precedence", "")).strip().lower() in {"auto_reply", "junk"}:
        return "Precedence"
    if get("X-Autoreply") or get("X-Autorespond"):
        return "X-Autoreply"
    return ""


def external_id_of(envelope: Envelope, texts: list[bytes]) -> str:
    """Return the mail's id: its Message-ID, and a hash of its sender and words.

    Two mails may claim the same Message-ID; one must not take the place of the other.
    """
    known = envelope.sender if envelope.message_id else f"{envelope.sender}\n{envelope.stamp}"
    told = hashlib.sha256(known.encode("utf-8", "replace") + b"\n" + b"\n".join(texts))
    return f"{envelope.message_id or _NO_ID}#{told.hexdigest()[:12]}"


def message_id_of(external_id: str) -> str:
    """Return the Message-ID in an external id, or an empty text: it had none."""
    found = external_id.rpartition("#")[0]
    return "" if found == _NO_ID else found


def text_parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts to fetch: plain text if there is some, and HTML in case it is empty."""
    return tuple(part for part in parts if part.is_text)[:MAX_TEXT_PARTS]


def words_of(found: list[tuple[Part, bytes]]) -> str:
    """Return the text of fetched parts; plain text wins over HTML."""
    plain = "\n\n".join(decode(p, raw) for p, raw in found if p.media == "text/plain").strip()
    if plain:
        return plain
    html = (text_of_html(decode(p, raw)) for p, raw in found if p.media == "text/html")
    return "\n\n".join(html).strip()


def decode(part: Part, raw: bytes) -> str:
    """Return a text part as text, whatever is wrong with its encodings; NUL is dropped."""
    data = _transfer_decoded(part.encoding, raw)
    for charset in (part.charset, "utf-8"):
        try:
            return data.decode(charset).replace("\x00", "").replace("\r\n", "\n")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace").replace("\x00", "").replace("\r\n", "\n")


def _transfer_decoded(encoding: str, raw: bytes) -> bytes:
    if encoding == "base64":
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        # A part that was cut is decoded as far as it goes.
        kept = kept[: len(kept) - (1 if len(kept) % 4 == 1 else 0)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    return quopri.decodestring(raw) if encoding == "quoted-printable" else raw


class Mail(NamedTuple):
    """All we take of one mail."""

    envelope: Envelope
    parts: tuple[Part, ...]
    texts: list[tuple[Part, bytes]]
    received_at: datetime
    """By the server's clock: the sender's may be wrong."""


def inbound(channel: str, mail: Mail, thread: tuple[ThreadEntry, ...]) -> InboundMessage:
    """Return the mail as a message. The subject leads a first mail: it often is the question."""
    external_id = external_id_of(mail.envelope, [raw for _, raw in mail.texts])
    attached = attachments(mail.parts)
    return InboundMessage.model_validate(
        {
            "id": f"{channel}:{external_id}",
            "external_id": external_id,
            "text": _text(mail) or ", ".join(one.name for one in attached) or "…",
            "channel": "email",
            "surface": Surface.PRIVATE,
            "author": mail.envelope.answer_to,
            "created_at": mail.received_at,
            "thread": thread,
            "attachments": attached,
        }
    )


def _text(mail: Mail) -> str:
    body, subject = own_words(words_of(mail.texts)), mail.envelope.subject
    is_follow_up = bool(mail.envelope.references or _REPLY_MARK.match(subject))
    if subject and not (is_follow_up and body) and subject not in body:
        body = f"{subject}\n\n{body}".strip()
    return body[:MAX_TEXT]
