"""The routes of the door: a one-time link, a password, a new password. Each ends in our cookie."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.domain.errors import NotAllowed, TooManyAttempts, WeakPassword
from agent.settings import Settings
from ui.desk.session import cookie_name
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.serving.forms import dead_link, password_form, safe_path, sign_in_form, words_for
from ui.serving.guards import is_own_origin
from ui.serving.refused import refused_html

_LONGEST_FORM = 8_192
"""Bytes; a form of the door has five short fields."""
_NO_STORE = {"cache-control": "no-store"}


class Door:
    """The routes, for the desk on one port."""

    def __init__(self, port: int, settings: Settings) -> None:
        self._port = port
        self._settings = settings

    def routes(self) -> list[Route]:
        """Return the routes that are open with these settings."""
        found = [Route("/sign-in", self.enter, methods=["GET"])]
        if self._settings.sign_in.local:
            found += [
                Route("/sign-in", self._form(self._sign_in), methods=["POST"]),
                Route("/password", self.ask_password, methods=["GET"]),
                Route("/password", self._form(self._choose), methods=["POST"]),
            ]
        return found

    def enter(self, request: Request) -> Response:
        """Spend a one-time link, else ask for login and password."""
        token = request.query_params.get("token", "")
        if not token and self._settings.sign_in.local:
            return sign_in_form(_words(request), request.query_params.get("next", "/"))
        if not token:
            return RedirectResponse("/", 303, _NO_STORE)
        try:
            session = workspace().sessions.redeem(token)
        except NotAllowed:
            language = request.headers.get("accept-language", "")
            return HTMLResponse(refused_html(language), 403, _NO_STORE)
        return self._let_in(session, "/")

    def ask_password(self, request: Request) -> Response:
        """Ask for a new password; the link is not used up by looking at it."""
        token = request.query_params.get("token", "")
        account = workspace().accounts.invited(token)
        if account is None:
            return dead_link(_words(request))
        return password_form(_words(request), token, account.login)

    def _form(
        self, act: Callable[[Request, dict[str, str]], Response]
    ) -> Callable[[Request], object]:
        async def handle(request: Request) -> Response:
            """Refuse a form that another site sent, then act on it in a thread."""
            public = urlsplit(self._settings.desk.public_url).netloc
            headers = request.headers
            if not is_own_origin(headers.get("origin"), headers.get("host"), public):
                return Response("this form was sent by another site", 403)
            fields = await _fields(request)
            if fields is None:
                return Response("this form is too long", 413)
            return await run_in_threadpool(act, request, fields)

        return handle

    def _sign_in(self, request: Request, given: dict[str, str]) -> Response:
        login, back = given.get("login", ""), given.get("next", "/")
        address = request.client.host if request.client else ""
        try:
            session = workspace().accounts.sign_in(login, given.get("password", ""), address)
        except TooManyAttempts:
            return sign_in_form(_words(request), back, login, "too_many")
        except NotAllowed:
            return sign_in_form(_words(request), back, login, "refused")
        return self._let_in(session, back)

    def _choose(self, request: Request, given: dict[str, str]) -> Response:
        token, password = given.get("token", ""), given.get("password", "")
        accounts, words = workspace().accounts, _words(request)
        account = accounts.invited(token)
        if account is None:
            return dead_link(words)
        if password != given.get("again"):
            return password_form(words, token, account.login, "differ")
        try:
            session = accounts.choose_password(token, password)
        except WeakPassword as error:
            return password_form(words, token, account.login, error.rule)
        except NotAllowed:
            return dead_link(words)
        return self._let_in(session, "/")

    def _let_in(self, session: str, back: str) -> Response:
        is_https = self._settings.desk.is_https
        response = RedirectResponse(safe_path(back), 303, _NO_STORE)
        response.set_cookie(
            cookie_name(self._port, is_https=is_https),
            session,
            httponly=True,
            samesite="strict",
            secure=is_https,
        )
        return response


async def _fields(request: Request) -> dict[str, str] | None:
    """Return the fields of a form, or None: it is longer than any of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return None
    parsed = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in parsed.items()}


def _words(request: Request) -> Words:
    return words_for(request.headers.get("accept-language", ""))
