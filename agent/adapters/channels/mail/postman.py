"""Makes the answering mail and hands it to the server, so that a failure says how far it came."""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from agent.adapters.channels.mail.mailbox import Found
from agent.adapters.channels.mail.reading import OURS
from agent.adapters.channels.mail.signing_in import SignIn, untrusted
from agent.domain.channels import Reply
from agent.domain.connections import EmailConnection, Security
from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown

_TEMPORARY = range(400, 500)
_OK = 250
_REFERENCES = 20
"""Earlier mails named; a header has its limits, and programs thread by the last ones."""


def message_id_for(key: str, address: str) -> str:
    """Return the Message-ID of the reply with that key: always the same."""
    told = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{OURS}{told}@{address.rpartition('@')[2].lower()}"


def written(
    given: EmailConnection, reply: Reply, parent: Found, message_id: str, now: datetime
) -> EmailMessage:
    """Return the mail that answers `parent`, word for word as approved."""
    above = parent.envelope
    mail = EmailMessage(policy=SMTP)
    local, _, domain = given.address.rpartition("@")
    mail["From"] = Address(given.display_name, local, domain)
    mail["To"] = above.answer_to
    mail["Subject"] = _subject(above.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}>"
    mail["In-Reply-To"] = f"<{above.message_id}>"
    earlier = dict.fromkeys([*above.references[-_REFERENCES:], above.message_id])
    mail["References"] = " ".join(f"<{one}>" for one in earlier)
    # RFC 3834, section 5: a person approved this text, so it is no automatic mail; the second
    # field asks the other side's out-of-office notices to leave us alone all the same.
    mail["Auto-Submitted"] = "no"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail.set_content(reply.text)
    return mail


def _subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}".strip()


def hand_over(
    name: str, given: EmailConnection, sign_in: SignIn, recipient: str, mail: bytes
) -> None:
    """Give the mail to the server.

    Raises:
        OutcomeUnknown: the connection broke after the text was on its way.
        CannotReply: the server refuses the recipient or the text for good.
        ChannelError: nothing was sent; it may be tried again.
    """
    try:
        server = _connected(given, sign_in)
    except smtplib.SMTPAuthenticationError:
        raise sign_in.refused("the outgoing server") from None
    except ssl.SSLCertVerificationError as error:
        raise untrusted(name, "the outgoing server", error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _not_sent(name, error) from None
    try:
        _address(name, server, given.address, recipient)
        _send(name, server, mail)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connected(given: EmailConnection, sign_in: SignIn) -> smtplib.SMTP:
    context = sign_in.context()
    host, port, patience = given.smtp_host, given.smtp_port, given.timeout_seconds
    server: smtplib.SMTP
    if given.smtp_security is Security.TLS:
        server = smtplib.SMTP_SSL(host, port, timeout=patience, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=patience)
    try:
        if given.smtp_security is Security.STARTTLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        sign_in.to_outgoing(server)
    except BaseException:
        server.close()
        raise
    return server


def _address(name: str, server: smtplib.SMTP, sender: str, recipient: str) -> None:
    try:
        for code, _ in (server.mail(sender), server.rcpt(recipient)):
            if code not in {250, 251}:
                raise _refused(name, code)
    except (OSError, smtplib.SMTPException) as error:
        raise _not_sent(name, error) from None


def _send(name: str, server: smtplib.SMTP, mail: bytes) -> None:
    try:
        code, _ = server.data(mail)
    except smtplib.SMTPDataError as error:
        # The server would not even hear the text.
        raise _refused(name, error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        kind = type(error).__name__
        raise OutcomeUnknown(f"{name}: the line broke while sending ({kind})") from None
    if code != _OK:
        raise _refused(name, code)


def _refused(name: str, code: int) -> ChannelError:
    if code in _TEMPORARY:
        return ChannelError(f"{name}: the outgoing server asks to try later ({code})")
    return CannotReply(f"{name}: the outgoing server refuses this mail ({code})")


def _not_sent(name: str, error: Exception) -> ChannelError:
    return ChannelError(f"{name}: the outgoing server cannot be used ({type(error).__name__})")
