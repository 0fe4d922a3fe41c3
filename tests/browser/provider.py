"""A real OpenID provider (pyop) on loopback, which can be told to bend the tokens it signs.

It insists on PKCE with S256 and on a nonce: a client that leaves them out gets no code.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from Cryptodome.PublicKey import RSA
from jwkest.jwk import RSAKey
from oic.oic.message import IdToken
from pyop.authz_state import AuthorizationState
from pyop.provider import Provider
from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
from pyop.userinfo import Userinfo
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "portevoix-desk", "s3cret-of-the-test"
PEOPLE: dict[str, dict[str, Any]] = {
    "camille": {
        "sub": "camille-1",
        "name": "Camille Roux",
        "email": "camille@example.org",
        "groups": ["community"],
    },
    "noor": {"sub": "noor-2", "name": "Noor Haddad", "email": "noor@example.org", "groups": []},
}


class BendingProvider(Provider):  # type: ignore[misc]
    """Signs what it is told to, beside what the protocol asks for."""

    bend: dict[str, Any]

    def _create_signed_id_token(
        self,
        client_id: str,
        sub: str,
        user_claims: dict[str, Any] | None = None,
        nonce: str | None = None,
        *_: object,
    ) -> str:
        now = int(time.time())
        person = next(one for one in PEOPLE.values() if one["sub"] == sub)
        honest = {
            "iss": self.configuration_information["issuer"],
            "aud": [client_id],
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce,
            "email_verified": True,
            **person,
        }
        signed: str = IdToken(**{**honest, **self.bend}).to_jwt([self.signing_key], "RS256")
        return signed


@dataclass
class RunningProvider:
    """The provider and where it listens."""

    port: int
    provider: BendingProvider
    server: uvicorn.Server
    exchanges: list[str] = field(default_factory=list)
    """The verifiers that came with codes."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bend(self, **claims: Any) -> None:
        """Sign these claims from now on, in the place of the honest ones."""
        self.provider.bend = claims


def start_provider(port: int, redirect_uri: str) -> RunningProvider:
    """Start the provider for one client and return once it answers."""
    issuer = f"http://127.0.0.1:{port}"
    key = RSAKey(kid="k1", alg="RS256", use="sig", key=RSA.generate(2048))
    provider = BendingProvider(
        key,
        {**_configuration(issuer), "issuer": "https://provider.example"},
        AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
        {
            CLIENT: {
                "client_secret": SECRET,
                "redirect_uris": [redirect_uri],
                "response_types": ["code"],
                "token_endpoint_auth_method": "client_secret_basic",
            }
        },
        Userinfo(PEOPLE),
    )
    # The library asks for an https issuer when it is made; on loopback there is none.
    provider.configuration_information["issuer"] = issuer
    provider.bend = {}
    running = RunningProvider(port, provider, None)  # type: ignore[arg-type]
    config = uvicorn.Config(_app(running), "127.0.0.1", port, log_level="warning")
    running.server = uvicorn.Server(config)
    threading.Thread(target=running.server.run, daemon=True).start()
    while not running.server.started:
        time.sleep(0.02)
    return running


def _configuration(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorization",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/leave",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email"],
    }


def _app(running: RunningProvider) -> Starlette:
    provider = running.provider

    def configuration(_: Request) -> Response:
        return JSONResponse(provider.provider_configuration.to_dict())

    def jwks(_: Request) -> Response:
        public = provider.signing_key.serialize(private=False)
        return JSONResponse({"keys": [public]})

    def authorization(request: Request) -> Response:
        asked = dict(request.query_params)
        chosen = asked.pop("as", "")
        if asked.get("code_challenge_method") != "S256" or not asked.get("nonce"):
            return HTMLResponse("PKCE with S256 and a nonce are required", 400)
        parsed = provider.parse_authentication_request(urlencode(asked))
        if chosen:
            answer = provider.authorize(parsed, chosen)
            return RedirectResponse(answer.request(parsed["redirect_uri"]), 303)
        links = (
            f'<p><a id="{name}" href="?{urlencode({**asked, "as": name})}">{name}</a></p>'
            for name in PEOPLE
        )
        return HTMLResponse("".join(links))

    async def token(request: Request) -> Response:
        body = (await request.body()).decode()
        running.exchanges.append(body)
        headers = {"Authorization": request.headers.get("authorization")}
        answer = provider.handle_token_request(body, {k: v for k, v in headers.items() if v})
        return JSONResponse(answer.to_dict())

    def leave(request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)

    routes: tuple[tuple[str, Callable[..., Any], str], ...] = (
        ("/.well-known/openid-configuration", configuration, "GET"),
        ("/jwks", jwks, "GET"),
        ("/authorization", authorization, "GET"),
        ("/token", token, "POST"),
        ("/leave", leave, "GET"),
    )
    return Starlette(routes=[Route(path, act, methods=[verb]) for path, act, verb in routes])
