"""The pages of the door that need no script: sign in with a password, choose a password."""

from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files

from starlette.responses import HTMLResponse

from ui.locales import DEFAULT, LANGUAGES, Words

FORM_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": FORM_POLICY,
    # `no-referrer` would make the browser send `Origin: null` with the form.
    "referrer-policy": "same-origin",
}


def words_for(accept_language: str) -> Words:
    """Return the texts of the browser's first language, else of the default."""
    asked = accept_language[:2].lower()
    return Words(asked if asked in LANGUAGES else DEFAULT)


def safe_path(path: str) -> str:
    """Return a path of this desk, whatever was asked: never another site."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_local and path.isprintable() else "/"


def sign_in_form(words: Words, back: str, login: str = "", problem: str = "") -> HTMLResponse:
    """Return the form that asks for login and password; `problem`: a key under `sign_in`."""
    body = "".join(
        (
            _problem(words, problem),
            '<form method="post" action="/sign-in">',
            _hidden("next", safe_path(back)),
            _field(words("sign_in.login"), "login", "username", login, is_focused=not login),
            _field(words("sign_in.password"), "password", "current-password", is_secret=True),
            f'<button type="submit">{escape(words("sign_in.submit"))}</button></form>',
            f'<p class="hint">{escape(words("sign_in.forgotten"))}</p>',
        )
    )
    return _page(words, words("sign_in.title"), body, _status(problem))


def password_form(words: Words, token: str, login: str, problem: str = "") -> HTMLResponse:
    """Return the form that asks for a new password; `problem`: a key under `sign_in`."""
    body = "".join(
        (
            f"<p>{escape(words('sign_in.choose_lead', login=login))}</p>",
            _problem(words, problem),
            '<form method="post" action="/password">',
            _hidden("token", token),
            _hidden("login", login, 'autocomplete="username"'),
            _field(words("sign_in.new"), "password", "new-password", is_secret=True),
            f'<p class="hint">{escape(words("sign_in.rule"))}</p>',
            _field(words("sign_in.again"), "again", "new-password", is_secret=True),
            f'<button type="submit">{escape(words("sign_in.choose_submit"))}</button></form>',
        )
    )
    return _page(words, words("sign_in.choose_title"), body, _status(problem))


def dead_link(words: Words) -> HTMLResponse:
    """Return the page for a password link that was used or has expired."""
    body = f"<p>{escape(words('sign_in.dead_lead'))}</p>"
    body += f'<a class="button" href="/">{escape(words("sign_in.to_desk"))}</a>'
    return _page(words, words("sign_in.dead_title"), body, 403)


def _status(problem: str) -> int:
    return {"": 200, "too_many": 429}.get(problem, 403)


@cache
def _template() -> str:
    return (files("ui.serving") / "page.html").read_text("utf-8")


def _page(words: Words, title: str, body: str, status: int) -> HTMLResponse:
    page = _template().replace("{{lang}}", words.lang).replace("{{title}}", escape(title))
    return HTMLResponse(page.replace("{{body}}", body), status, FORM_HEADERS)


def _problem(words: Words, problem: str) -> str:
    if not problem:
        return ""
    return f'<p class="error" role="alert">{escape(words(f"sign_in.problem.{problem}"))}</p>'


def _hidden(name: str, value: str, more: str = "") -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}" {more}>'


def _field(
    label: str,
    name: str,
    autocomplete: str,
    value: str = "",
    *,
    is_secret: bool = False,
    is_focused: bool = False,
) -> str:
    def attributes() -> Iterator[str]:
        yield f'id="{name}" name="{name}" autocomplete="{autocomplete}" required'
        yield 'type="password" maxlength="256"' if is_secret else 'type="text" maxlength="200"'
        yield f'value="{escape(value)}" autocapitalize="none" spellcheck="false"'
        if is_focused:
            yield "autofocus"

    return f'<label for="{name}">{escape(label)}</label><input {" ".join(attributes())}>'
