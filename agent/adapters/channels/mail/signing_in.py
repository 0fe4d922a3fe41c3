"""Signing in to the two servers of a mailbox, by password or by OAuth 2, over a checked line."""

import smtplib
import ssl
from typing import TYPE_CHECKING

from agent.adapters.channels.refreshed import Grant, RefreshedToken
from agent.adapters.channels.requests import Requests
from agent.domain.connections import EmailConnection
from agent.domain.errors import ChannelError, CredentialsRefused
from agent.ports import Clock

if TYPE_CHECKING:
    from imapclient import IMAPClient


class SignIn:
    """The credentials of one mailbox. Safe to share between threads."""

    def __init__(
        self, name: str, given: EmailConnection, token: RefreshedToken | None = None
    ) -> None:
        """`name`: the channel's, for messages. `token`: in place of the password."""
        self._name = name
        self._given = given
        self._token = token

    def context(self) -> ssl.SSLContext:
        """Return what checks the servers' certificates: always, by name and by authority.

        Raises:
            ChannelError: the file of authorities cannot be read.
        """
        path = self._given.ca_file
        try:
            return ssl.create_default_context(cafile=None if path is None else str(path))
        except OSError:
            raise ChannelError(
                f"{self._name}: ca_file {path}: no readable file of certificates (PEM)"
            ) from None

    def to_mailbox(self, client: "IMAPClient") -> None:
        """Sign in by IMAP.

        Raises:
            ChannelError: the provider gives no token.
        """
        login = self._given.login
        if self._token is None:
            client.login(login, self._password())
        else:
            client.oauth2_login(login, self._token.now())

    def to_outgoing(self, server: smtplib.SMTP) -> None:
        """Sign in by SMTP, if the server wants it.

        Raises:
            ChannelError: the provider gives no token.
        """
        if not server.has_extn("auth"):
            return
        if self._token is None:
            server.login(self._given.login, self._password())
            return
        # Google and Microsoft, « XOAUTH2 »: an error comes as a challenge, answered by nothing.
        told = f"user={self._given.login}\1auth=Bearer {self._token.now()}\1\1"
        server.auth("XOAUTH2", lambda challenge=None: told if challenge is None else "")

    def _password(self) -> str:
        given = self._given.password
        return "" if given is None else given.get_secret_value()

    def refused(self, what: str) -> CredentialsRefused:
        """Return what to say of a login that a server refuses; a token is made anew next time.

        `what`: the server, as people call it.
        """
        kind = "password"
        if self._token is not None:
            self._token.forget()
            kind = "OAuth grant"
        return CredentialsRefused(
            f"{self._name}: {what} refuses the login; renew the {kind} in the settings"
        )


def token_of(name: str, given: EmailConnection, clock: Clock) -> RefreshedToken | None:
    """Return what makes the access tokens of an account, or None: it has a password."""
    if given.refresh_token is None:
        return None
    secret = given.client_secret.get_secret_value() if given.client_secret else ""
    refresh = given.refresh_token.get_secret_value()
    grant = Grant(given.token_url or "", given.client_id, secret, refresh)
    requests = Requests(name, clock, timeout_seconds=given.timeout_seconds)
    return RefreshedToken(name, grant, requests, clock)


def untrusted(name: str, what: str, error: ssl.SSLCertVerificationError) -> ChannelError:
    """Return what to say of a certificate that does not hold; nothing was said to that server."""
    return ChannelError(
        f"{name}: the certificate of {what} is not trusted ({error.verify_message}); check the "
        "host's name in the settings, or name its authority's file in ca_file"
    )
