"""A real mailbox server (Dovecot) and a real outgoing server (aiosmtpd), on loopback, throwaway."""

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.loopback import end_with_parent

PASSWORD = "the-password-of-every-mailbox"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class MailServer:
    """Dovecot: any name is a mailbox, with one password."""

    port: int
    folder: Path
    tls_port: int = 0

    def deliver(self, mailbox: str, mail: Message | bytes) -> None:
        """Put a mail into a mailbox's INBOX, as its delivery agent does."""
        with self.signed_in(mailbox) as client:
            raw = mail if isinstance(mail, bytes) else mail.as_bytes()
            assert client.append("INBOX", "", "", raw.replace(b"\r\n", b"\n"))[0] == "OK"

    def mails(self, mailbox: str, folder: str = "INBOX") -> list[Message]:
        """Return the mails of a folder, oldest first."""
        with self.signed_in(mailbox) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return []
            numbers = client.search(None, "ALL")[1][0].split()
            fetched = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        return [message_from_bytes(one[1]) for one in fetched if isinstance(one, tuple)]

    @contextmanager
    def signed_in(self, mailbox: str) -> Iterator[imaplib.IMAP4]:
        """Give a connection of the test's own, as another mail program has it."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(mailbox, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def renumber(self, mailbox: str) -> None:
        """Number the mails of INBOX anew, with another UIDVALIDITY: as after a restore."""
        for name in ("dovecot-uidlist", "dovecot-uidvalidity", "dovecot.index.cache"):
            (self.folder / "mail" / mailbox / name).unlink(missing_ok=True)
        for path in (self.folder / "mail" / mailbox).glob("dovecot*"):
            path.unlink()


@contextmanager
def running_mail_server(more: str = "") -> Iterator[MailServer]:
    """Start Dovecot in a new folder and stop it at the end.

    `more`: what its configuration says besides; with it, the server listens for TLS too.
    """
    folder = Path(tempfile.mkdtemp(prefix="portevoix-mail-"))
    folder.chmod(0o755)
    config = folder / "dovecot.conf"
    port = _free_port()
    tls_port = _free_port() if more else 0
    config.write_text(_config(folder, port, tls_port) + more, "utf-8")
    process = subprocess.Popen(
        [_program(), "-F", "-c", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )
    try:
        _wait_for(port, process, folder / "log")
        yield MailServer(port, folder, tls_port)
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _config(folder: Path, port: int, tls_port: int) -> str:
    """Return the configuration: as root with Dovecot's accounts, else all under our own."""
    mail = folder / "mail"
    mail.mkdir()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(mail, nobody.pw_uid, nobody.pw_gid)
        accounts = {"internal": "dovecot", "internal_group": "dovecot", "login": "dovenull"}
        ids = {"uid": nobody.pw_uid, "gid": nobody.pw_gid}
    else:
        me = pwd.getpwuid(os.geteuid())
        group = str(me.pw_gid)
        accounts = {"internal": me.pw_name, "internal_group": group, "login": me.pw_name}
        ids = {"uid": me.pw_uid, "gid": me.pw_gid}
    return _CONFIG.format(
        folder=folder, port=port, tls_port=tls_port, password=PASSWORD, **accounts, **ids
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program() -> str:
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise FileNotFoundError("dovecot: install Dovecot (`make system`) to run these tests")
    return found


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text() if log.exists() else "Dovecot ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Dovecot does not listen")


@dataclass
class Outgoing:
    """What the outgoing server does with the next mails, and what it did."""

    mailboxes: MailServer
    faults: list[str] = field(default_factory=list)
    """`later` (451), `no` (554), `hang up` before it has the text, `silent` after delivering it."""
    tokens: set[str] = field(default_factory=set)
    """What it takes by XOAUTH2."""
    unknown: set[str] = field(default_factory=set)
    """Recipients it refuses."""
    delivered: int = 0
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        del server
        given = b64decode(args[1]).decode()
        return AuthResult(success=given.split("\1")[1].removeprefix("auth=Bearer ") in self.tokens)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del session
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "later":
            return "451 try later"
        if fault == "no":
            return "554 refused"
        if fault == "hang up":
            server.transport.abort()
            return "421 bye"
        for address in envelope.rcpt_tos:
            self.mailboxes.deliver(address, envelope.content)
            self.delivered += 1
        if fault == "silent":
            server.transport.abort()
        return "250 OK"


@contextmanager
def running_outgoing(mailboxes: MailServer, **terms: Any) -> Iterator[Outgoing]:
    """Start an outgoing server that delivers into the mailboxes.

    `terms`: aiosmtpd's own, such as `ssl_context` (TLS) or `tls_context` (STARTTLS).
    """
    outgoing = Outgoing(mailboxes)
    controller = Controller(outgoing, hostname="127.0.0.1", port=_free_port(), **terms)
    controller.start()
    outgoing.port = controller.port
    try:
        yield outgoing
    finally:
        controller.stop(no_assert=True)


def mail(
    text: str = "Où est mon colis ?",
    subject: str = "Ma commande",
    sender: str = "Zoé Martin <zoe@example.net>",
    message_id: str = "<1@example.net>",
    **headers: str,
) -> EmailMessage:
    """Return a customer's mail; header names with `_` for `-`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "aide@maison.example", subject
    made["Date"] = "Sat, 21 Nov 2026 08:50:00 +0100"
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made
