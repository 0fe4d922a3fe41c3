"""Signatures of webhooks: our own, and those of Meta, Slack and Discord.

Each check raises `SignatureRefused` and says no more than it must; none keeps anything.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from agent.domain.errors import SignatureRefused

WINDOW = timedelta(seconds=300)
"""How far a signed time may be from ours. Slack, « Verifying requests »: five minutes."""
SIGNATURE = "portevoix-signature"
TIMESTAMP = "portevoix-timestamp"
_VERSION = "v1="
_STALE = "the signed time is more than 300 s from ours: a replay, or a wrong clock"
_WRONG = "the signature does not fit"


def sign(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that sign `body`: HMAC-SHA256 over `timestamp.body`."""
    stamp = str(int(now.timestamp()))
    digest = _hmac(secret, stamp.encode() + b"." + body)
    return {TIMESTAMP: stamp, SIGNATURE: _VERSION + digest}


def verify(
    secrets: Collection[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Check our own signature, made with any of `secrets`. Header names are in lower case.

    Raises:
        SignatureRefused: missing, too old, or not made with one of the secrets over these bytes.
    """
    stamp = _fresh(headers.get(TIMESTAMP, ""), now)
    signed = stamp.encode() + b"." + body
    wanted = [_VERSION + _hmac(secret, signed) for secret in secrets]
    _require_one(wanted, headers.get(SIGNATURE, ""))


def verify_meta(app_secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Check `X-Hub-Signature-256`, over the body alone: Meta signs no time, so ids must be known.

    Source: Meta for Developers, « Webhooks: Getting started », validating payloads.

    Raises:
        SignatureRefused: missing or not made with the app's secret.
    """
    _require_one(["sha256=" + _hmac(app_secret, body)], headers.get("x-hub-signature-256", ""))


def meta_challenge(verify_token: str, query: Mapping[str, str]) -> str:
    """Return what Meta's subscription handshake wants echoed.

    Raises:
        SignatureRefused: not a handshake, or with another token than ours.
    """
    given = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not _same(verify_token, given):
        raise SignatureRefused(_WRONG)
    return query.get("hub.challenge", "")


def verify_slack(
    signing_secret: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Check `X-Slack-Signature`: `v0=` HMAC-SHA256 over `v0:timestamp:body`, within 300 s.

    Source: Slack, « Verifying requests from Slack ».

    Raises:
        SignatureRefused: missing, too old, or not made with the signing secret.
    """
    stamp = _fresh(headers.get("x-slack-request-timestamp", ""), now)
    digest = _hmac(signing_secret, b"v0:" + stamp.encode() + b":" + body)
    _require_one(["v0=" + digest], headers.get("x-slack-signature", ""))


def verify_discord(public_key: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Check Discord's Ed25519 signature over timestamp and body; `public_key` is in hex.

    Discord asks for no window of time; ours keeps a recorded request from being sent again.
    Source: Discord, « Interactions: security and authorization ».

    Raises:
        SignatureRefused: missing, too old, or not made with the application's key.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    stamp = _fresh(headers.get("x-signature-timestamp", ""), now)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        signature = bytes.fromhex(headers.get("x-signature-ed25519", ""))
        key.verify(signature, stamp.encode() + body)
    except (InvalidSignature, ValueError):
        raise SignatureRefused(_WRONG) from None


def _hmac(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))


def _require_one(wanted: Collection[str], given: str) -> None:
    if not any(_same(one, given) for one in wanted):
        raise SignatureRefused(_WRONG)


def _fresh(stamp: str, now: datetime) -> str:
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > _DIGITS:
        raise SignatureRefused("no signed time")
    if abs(int(stamp) - now.timestamp()) > WINDOW.total_seconds():
        raise SignatureRefused(_STALE)
    return stamp


_DIGITS = 12
"""Enough for the seconds of the next thirty thousand years."""
