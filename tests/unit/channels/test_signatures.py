"""Webhook signatures: each vendor's own is taken; anything changed, old or missing is not."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.adapters.channels.webhooks.signing import (
    meta_challenge,
    sign,
    verify,
    verify_discord,
    verify_meta,
    verify_slack,
)
from agent.domain.errors import SignatureRefused

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BODY = '{"text": "Où est mon colis ?"}'.encode()
SECRET = "a secret of more than sixteen letters"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = KEY.public_key().public_bytes_raw().hex()
Headers = dict[str, str]
Check = Callable[[Headers, bytes, datetime], None]


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp()))


def slack_headers(body: bytes, at: datetime) -> Headers:
    signed = b"v0:" + _stamp(at).encode() + b":" + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": _stamp(at), "x-slack-signature": f"v0={digest}"}


def discord_headers(body: bytes, at: datetime) -> Headers:
    signature = KEY.sign(_stamp(at).encode() + body).hex()
    return {"x-signature-timestamp": _stamp(at), "x-signature-ed25519": signature}


def meta_headers(body: bytes, at: datetime) -> Headers:
    del at
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


STYLES = {
    "ours": (lambda body, at: sign(SECRET, body, at), lambda h, b, at: verify([SECRET], h, b, at)),
    "slack": (slack_headers, lambda h, b, at: verify_slack(SECRET, h, b, at)),
    "discord": (discord_headers, lambda h, b, at: verify_discord(PUBLIC, h, b, at)),
    "meta": (meta_headers, lambda h, b, at: verify_meta(SECRET, h, b)),
}
every_style = pytest.mark.parametrize("style", STYLES)
dated_styles = pytest.mark.parametrize("style", sorted(set(STYLES) - {"meta"}))


@every_style
def test_what_is_signed_is_taken(style: str) -> None:
    make, check = STYLES[style]
    check(make(BODY, NOW), BODY, NOW)


@every_style
def test_a_changed_body_is_refused(style: str) -> None:
    make, check = STYLES[style]
    with pytest.raises(SignatureRefused):
        check(make(BODY, NOW), BODY.replace(b"colis", b"chats"), NOW)


@every_style
def test_each_header_is_needed_as_it_was_sent(style: str) -> None:
    make, check = STYLES[style]
    headers = make(BODY, NOW)
    for name, value in headers.items():
        for bent in ("", "é", value[:-1], value + "0", "v0=", "\udcff"):
            with pytest.raises(SignatureRefused):
                check(headers | {name: bent}, BODY, NOW)
        with pytest.raises(SignatureRefused):
            check({n: v for n, v in headers.items() if n != name}, BODY, NOW)


@dated_styles
@pytest.mark.parametrize(("minutes", "is_taken"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_a_signed_time_counts_for_five_minutes(style: str, minutes: int, *, is_taken: bool) -> None:
    make, check = STYLES[style]
    headers = make(BODY, NOW + timedelta(minutes=minutes))
    if is_taken:
        check(headers, BODY, NOW)
        return
    with pytest.raises(SignatureRefused, match="300 s"):
        check(headers, BODY, NOW)


def test_a_former_secret_is_taken_while_it_is_named() -> None:
    headers = sign(SECRET, BODY, NOW)
    verify(["the new secret of the brand", SECRET], headers, BODY, NOW)
    with pytest.raises(SignatureRefused):
        verify(["the new secret of the brand"], headers, BODY, NOW)


def test_slack_s_own_example_is_taken() -> None:
    """The worked example of Slack's page « Verifying requests from Slack »."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    at = datetime.fromtimestamp(1531420618, UTC)
    verify_slack("8f742231b10e8888abcd99yyyzzz85a5", headers, body, at)


def test_meta_s_handshake_echoes_for_our_token_only() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": SECRET, "hub.challenge": "1158201444"}
    assert meta_challenge(SECRET, query) == "1158201444"
    for bent in ({"hub.verify_token": "x"}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(SignatureRefused):
            meta_challenge(SECRET, query | bent)
