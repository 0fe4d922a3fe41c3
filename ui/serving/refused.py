"""The page for a sign-in link that was used, has expired, or never was."""

from functools import cache
from html import escape
from importlib.resources import files

from ui.locales import DEFAULT, LANGUAGES, Words


@cache
def _template() -> str:
    return (files("ui.serving") / "refused.html").read_text("utf-8")


def refused_html(accept_language: str) -> str:
    """Return the page in the browser's language."""
    asked = accept_language[:2].lower()
    words = Words(asked if asked in LANGUAGES else DEFAULT)
    page = _template()
    names = ("title", "lead", "mend", "signed_in")
    texts = {name: escape(words(f"refused.{name}")) for name in names}
    for name, text in {**texts, "lang": words.lang}.items():
        page = page.replace("{{" + name + "}}", text)
    return page
