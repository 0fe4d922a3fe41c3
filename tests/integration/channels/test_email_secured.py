"""The e-mail channel over TLS, certificates checked, and signed in by OAuth 2, on real servers."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.smtp import AuthResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from agent.adapters.channels.mail import EmailChannel
from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import PostStatus
from agent.domain.connections import EmailConnection
from agent.domain.errors import ChannelError
from agent.domain.ids import ItemId
from agent.services.posting import PostingService
from tests.certificates import Authority
from tests.desk_kit import BRAND, Desk
from tests.loopback import serving
from tests.mail_server import (
    PASSWORD,
    MailServer,
    Outgoing,
    mail,
    running_mail_server,
    running_outgoing,
)

SECRET = "the-refresh-token"
CUSTOMER = "zoe@example.net"
_DOVECOT = """
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {oauth}
}}
"""
_OAUTH = """
introspection_mode = get
introspection_url = {address}/introspect?token=
username_attribute = username
active_attribute = active
active_value = true
"""


class Provider:
    """Gives access tokens for a refresh token, and tells Dovecot which are good."""

    def __init__(self) -> None:
        self.user = ""
        self.is_revoked = False
        self.given: list[str] = []
        self.good: set[str] = set()

    def app(self) -> Starlette:
        routes = [
            Route("/token", self._token, methods=["POST"]),
            Route("/introspect", self._introspect),
        ]
        return Starlette(routes=routes)

    async def _token(self, request: Request) -> JSONResponse:
        form = await request.form()
        wanted = {
            "grant_type": "refresh_token",
            "refresh_token": SECRET,
            "client_id": "app",
            "client_secret": "app-secret",
        }
        if dict(form) != wanted or self.is_revoked:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = f"token-{uuid4().hex}"
        self.given.append(token)
        self.good.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    async def _introspect(self, request: Request) -> JSONResponse:
        is_good = request.query_params.get("token") in self.good
        return JSONResponse({"active": is_good, "username": self.user})


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Dovecot's own accounts read it, so it is no folder of pytest's.
    made = Path(tempfile.mkdtemp(prefix="portevoix-tls-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder, "authority")


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app()) as address:
        yield made, address


@pytest.fixture(scope="module")
def certificate(authority: Authority, folder: Path) -> tuple[Path, Path]:
    return authority.certify("localhost", folder)


@pytest.fixture(scope="module")
def server(
    certificate: tuple[Path, Path], provider: tuple[Provider, str], folder: Path
) -> Iterator[MailServer]:
    oauth = folder / "oauth.conf"
    oauth.write_text(_OAUTH.format(address=provider[1]), "utf-8")
    more = _DOVECOT.format(certificate=certificate[0], key=certificate[1], oauth=oauth)
    with running_mail_server(more) as running:
        yield running


def _knows_password(server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
    del server, session, envelope, how
    return AuthResult(success=getattr(data, "password", b"") == PASSWORD.encode())


@pytest.fixture
def outgoing(
    request: pytest.FixtureRequest, server: MailServer, certificate: tuple[Path, Path]
) -> Iterator[Outgoing]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    terms: dict[str, Any] = {"auth_require_tls": True, "authenticator": _knows_password}
    if request.param == "tls":
        # aiosmtpd counts only STARTTLS as TLS.
        terms |= {"ssl_context": context, "auth_require_tls": False}
    else:
        terms |= {"tls_context": context, "require_starttls": True}
    with running_outgoing(server, **terms) as running:
        yield running


class Post:
    """A desk and a mailbox, both servers spoken to over TLS."""

    def __init__(
        self, server: MailServer, outgoing: Outgoing, store: SqlStore, kind: str, ca_file: Path
    ) -> None:
        self.server, self.outgoing, self.kind = server, outgoing, kind
        self.desk = Desk(store)
        self.address = f"aide-{uuid4().hex[:8]}@maison.example"
        self.terms = {
            "kind": "email",
            "brand": BRAND,
            "address": self.address,
            "imap_host": "localhost",
            "imap_port": server.tls_port if kind == "tls" else server.port,
            "imap_security": kind,
            "smtp_host": "localhost",
            "smtp_port": outgoing.port,
            "smtp_security": kind,
            "ca_file": ca_file,
            "timeout_seconds": 5,
        }

    def channel(self, **given: Any) -> EmailChannel:
        credential = {} if "refresh_token" in given else {"password": PASSWORD}
        terms = EmailConnection.model_validate(self.terms | credential | given)
        return EmailChannel("mail", terms, self.desk.clock)

    def receive(self, channel: EmailChannel) -> Any:
        return self.desk.intake.receive(channel, BRAND)

    def approved(self, channel: EmailChannel) -> ItemId:
        self.server.deliver(self.address, mail())
        assert self.receive(channel).added == 1
        self.desk.intake.draft_pending()
        with self.desk.store.read() as work:
            item: ItemId = work.queue.ids(BRAND, None, 2)[0]
        self.desk.approve(item, private="Comptez trois jours.")
        return item

    def post_ready(self, channel: EmailChannel) -> Any:
        return PostingService(self.desk.store, self.desk.clock, {"mail": channel}).post_ready()

    def answers(self) -> list[Any]:
        return [one for one in self.server.mails(CUSTOMER) if self.address in str(one["From"])]


@pytest.fixture
def post(
    request: pytest.FixtureRequest,
    server: MailServer,
    outgoing: Outgoing,
    sqlite_url: str,
    authority: Authority,
) -> Iterator[Post]:
    store = open_store(sqlite_url)
    kind = request.node.callspec.params["outgoing"]
    yield Post(server, outgoing, store, kind, authority.path)
    store.close()


both_kinds = pytest.mark.parametrize("outgoing", ["tls", "starttls"], indirect=True)
over_tls = pytest.mark.parametrize("outgoing", ["tls"], indirect=True)


@both_kinds
def test_the_round_trip_with_certificates_checked(post: Post) -> None:
    channel = post.channel()
    post.approved(channel)
    assert post.post_ready(channel).sent == 1
    assert len(post.answers()) == 1
    channel.close()


@both_kinds
def test_a_certificate_that_does_not_hold_is_told_and_nothing_is_said_to_its_server(
    post: Post, folder: Path
) -> None:
    good = post.channel()
    item = post.approved(good)
    good.close()
    other = Authority(folder, "another").path
    for terms, said in (
        ({"ca_file": other}, "certificate verify failed|not trusted"),
        ({"ca_file": None}, "not trusted"),
        ({"imap_host": "127.0.0.1"}, "mismatch|not valid for"),
    ):
        with pytest.raises(ChannelError, match=said) as refused:
            post.channel(**terms).fetch(None)
        assert "the mailbox's server is not trusted" in str(refused.value)
    report = post.post_ready(post.channel(smtp_host="127.0.0.1"))
    assert (report.sent, report.postponed) == (0, 1)
    assert "the outgoing server is not trusted" in report.problems[0]
    assert post.desk.review.item(item).posts[0].status is PostStatus.READY
    assert post.answers() == []


@over_tls
def test_a_file_of_authorities_that_is_none_is_told(post: Post, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing", "utf-8")
    for name in ("absent.pem", "empty.pem"):
        with pytest.raises(ChannelError, match=name):
            post.channel(ca_file=tmp_path / name).fetch(None)


def by_oauth(address: str) -> dict[str, Any]:
    return {
        "client_id": "app",
        "client_secret": "app-secret",
        "refresh_token": SECRET,
        "token_url": f"{address}/token",
    }


@both_kinds
def test_oauth_signs_in_to_both_servers_and_renews_its_token(
    post: Post, provider: tuple[Provider, str]
) -> None:
    made, address = provider
    made.user, made.given, made.is_revoked = post.address, [], False
    channel = post.channel(**by_oauth(address))
    post.outgoing.tokens = made.good
    post.approved(channel)
    assert len(made.given) == 1
    post.desk.clock.advance(timedelta(hours=2))
    assert post.post_ready(channel).sent == 1
    assert len(made.given) == 2
    assert len(post.answers()) == 1
    channel.close()


@over_tls
def test_a_revoked_grant_is_told_and_nothing_is_lost(
    post: Post, provider: tuple[Provider, str]
) -> None:
    made, address = provider
    made.user, made.is_revoked = post.address, False
    post.outgoing.tokens = made.good
    item = post.approved(post.channel(**by_oauth(address)))
    made.is_revoked = True
    made.good.clear()
    cut_off = post.channel(**by_oauth(address))
    report = post.post_ready(cut_off)
    assert (report.sent, report.postponed) == (0, 1)
    assert "renew" in report.problems[0]
    assert SECRET not in report.problems[0]
    with pytest.raises(ChannelError, match="refresh token; renew"):
        cut_off.fetch(None)
    assert post.desk.review.item(item).posts[0].status is PostStatus.READY
    made.is_revoked = False
    post.desk.clock.advance(timedelta(hours=1))
    assert post.post_ready(cut_off).sent == 1
    cut_off.close()


@over_tls
def test_a_token_that_the_server_takes_no_more_is_made_anew(
    post: Post, provider: tuple[Provider, str]
) -> None:
    made, address = provider
    made.user, made.is_revoked = post.address, False
    post.outgoing.tokens = made.good
    channel = post.channel(**by_oauth(address))
    post.approved(channel)
    made.good.clear()
    post.server.deliver(post.address, mail(message_id="<2@example.net>"))
    channel.close()
    with pytest.raises(ChannelError, match="OAuth grant"):
        channel.fetch(None)
    assert post.receive(channel).added == 1
    channel.close()


@pytest.mark.parametrize(
    "given",
    [{}, {"password": "p", "refresh_token": "r"}, {"refresh_token": "r", "client_id": "c"}],
)
def test_a_mailbox_has_one_whole_credential(given: dict[str, str]) -> None:
    terms = {"kind": "email", "brand": "b", "address": "a@b.example", "imap_host": "i.example"}
    with pytest.raises(ValueError, match="refresh_token"):
        EmailConnection.model_validate(terms | {"smtp_host": "s.example"} | given)
