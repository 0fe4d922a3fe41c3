"""Sign-in with an identity provider: verified claims in, our own revocable session out.

The OpenID library has verified the token's signature, nonce and times. What it leaves open is
asked here again: that the token is from our issuer, for us, and fresh. The session's token is
derived from the claims under a key of ours, so the same sign-in always meets the same session: a
cookie that is replayed after sign-out meets a session that was ended.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.domain.base import sha256_of
from agent.domain.errors import NotAllowed
from agent.domain.ids import PersonId
from agent.domain.people import ProviderTerms, Role, joined
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Store
from agent.services.sessions import SessionService

FRESH = timedelta(minutes=10)
"""A sign-in is taken up within this time of the token's issue, or never."""
_SKEW = timedelta(minutes=2)
_DERIVED_FROM = ("iss", "sub", "aud", "iat", "exp", "nonce", "sid", "auth_time")


class FederationService:
    """People who sign in with one identity provider."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sessions: SessionService,
        terms: ProviderTerms,
        secret: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._terms = terms
        self._secret = secret.encode("utf-8")

    def token_of(self, claims: Mapping[str, Any]) -> str:
        """Return the token of the session that belongs to these claims."""
        parts = [claims.get(name) for name in _DERIVED_FROM]
        return hmac.new(self._secret, json.dumps(parts).encode("utf-8"), hashlib.sha256).hexdigest()

    def admit(self, claims: Mapping[str, Any]) -> str:
        """Open the session of a sign-in that has just been made; return its token.

        An unknown person is added, without a role unless the settings give one.

        Raises:
            NotAllowed: another issuer or audience, too old, or the session was here before.
        """
        self._refuse_foreign(claims)
        token = self.token_of(claims)
        if self._sessions.is_known(token):
            raise NotAllowed("this sign-in was used before; sign in again")
        person = Reviewer(id=_id_of(claims), name=_name_of(claims))
        now = self._clock.now()
        issuer, subject = str(claims["iss"]), str(claims["sub"])
        with self._store.write() as work:
            known = work.accounts.person_of(issuer, subject)
            person = person.model_copy(update={"id": known or person.id})
            work.people.put(person, now)
            work.accounts.add_identity(issuer, subject, person.id, now)
            work.people.set_claimed(person.id, self._claimed(claims))
            return self._sessions.open(work, person, "oidc", token)

    def _refuse_foreign(self, claims: Mapping[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self._terms.issuer or not claims.get("sub"):
            raise NotAllowed("this identity is from another provider")
        if self._terms.client_id not in audiences:
            raise NotAllowed("this identity was issued for another application")
        now = self._clock.now()
        issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
        if expires <= now - _SKEW or not now - FRESH <= issued <= now + _SKEW:
            raise NotAllowed("this sign-in is too old; sign in again")

    def _claimed(self, claims: Mapping[str, Any]) -> dict[str, Role]:
        groups = claims.get(self._terms.groups_claim) or ()
        groups = (groups,) if isinstance(groups, str) else tuple(map(str, groups))
        is_verified = claims.get("email_verified") is True or self._terms.trusts_email
        email = str(claims.get("email") or "") if is_verified else ""
        fitting = (grant for grant in self._terms.grants if grant.fits(groups, email))
        return joined(*({grant.brand: grant.role} for grant in fitting))


def _id_of(claims: Mapping[str, Any]) -> PersonId:
    slug = re.sub(r"[^a-z0-9]+", "-", _name_of(claims).casefold()).strip("-")[:24]
    return PersonId(f"{slug or 'person'}-{sha256_of([claims['iss'], claims['sub']])[:12]}")


def _name_of(claims: Mapping[str, Any]) -> str:
    names = (claims.get(key) for key in ("name", "preferred_username", "email", "sub"))
    return next(str(name).strip()[:100] for name in names if name and str(name).strip())


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, int | float) and 0 <= seconds < 253_402_300_800:
        return datetime.fromtimestamp(seconds, UTC)
    return datetime.fromtimestamp(0, UTC)
