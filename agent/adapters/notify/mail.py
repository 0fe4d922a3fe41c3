"""Mail: through the same outgoing transport as the e-mail channel."""

import hashlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from agent.adapters.channels.mail.postman import hand_over
from agent.adapters.channels.mail.signing_in import SignIn
from agent.adapters.notify.wording import body, title
from agent.domain.alerts import Bulletin
from agent.domain.connections import ChannelKind, EmailConnection
from agent.domain.destinations import EmailDestination
from agent.domain.errors import CannotReply, ChannelError, NoticeFailed, OutcomeUnknown
from agent.domain.ids import BrandId


class MailMessenger:
    """One destination."""

    def __init__(self, name: str, given: EmailDestination) -> None:
        self._name = name
        self._given = given

    def deliver(self, bulletin: Bulletin) -> None:
        recipient = bulletin.target or self._given.to[0]
        mail = self._written(bulletin, recipient)
        try:
            account = _account(self._given)
            sign_in = SignIn(self._name, account)
            hand_over(self._name, account, sign_in, recipient, mail.as_bytes())
        except OutcomeUnknown as error:
            raise NoticeFailed(str(error), is_unknown=True) from None
        except CannotReply as error:
            raise NoticeFailed(str(error), is_final=True) from None
        except ChannelError as error:
            raise NoticeFailed(str(error)) from None

    def _written(self, bulletin: Bulletin, recipient: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._given.sender
        mail["To"] = recipient
        mail["Subject"] = title(bulletin)
        mail["Date"] = format_datetime(bulletin.at)
        # The same at every try: mail programs show one of two with the same id.
        told = hashlib.sha256(f"{bulletin.key} {recipient}".encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<portevoix-notice-{told}@{self._given.sender.rpartition('@')[2]}>"
        # RFC 3834: nobody wrote this, and no answering machine need answer it.
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(body(bulletin))
        return mail


def _account(given: EmailDestination) -> EmailConnection:
    """Return the terms as the channel's transport reads them; nothing is read by IMAP here."""
    return EmailConnection(
        kind=ChannelKind.EMAIL,
        brand=BrandId("*"),
        address=given.sender,
        username=given.username,
        password=given.password,
        imap_host=given.smtp_host,
        smtp_host=given.smtp_host,
        smtp_port=given.smtp_port,
        smtp_security=given.smtp_security,
        timeout_seconds=given.timeout_seconds,
    )
