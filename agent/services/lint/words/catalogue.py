"""The texts of the guide's check in French and English: for the desk and the command line alike."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol

import yaml

NO_BREAK, NARROW = "\u00a0", "\u202f"
_BEFORE_SIGN = re.compile(r" ([?!;])")
_BEFORE_COLON = re.compile(r" ([:%])(?=\s|$|\))")


def french_spaces(text: str) -> str:
    """Return `text` with the no-break spaces French wants around « » and before ? ! ; : %."""
    text = text.replace("« ", "«" + NO_BREAK).replace(" »", NO_BREAK + "»")
    text = _BEFORE_SIGN.sub(NARROW + r"\1", text)
    return _BEFORE_COLON.sub(NO_BREAK + r"\1", text)


def texts_in(folder: Traversable, lang: str) -> dict[str, str]:
    """Return the texts of `lang` in a folder by dotted key; files `<lang>*.yaml` are merged."""
    names = sorted(
        entry.name
        for entry in folder.iterdir()
        if re.fullmatch(rf"{lang}(\.\w+)?\.yaml", entry.name)
    )
    texts: dict[str, str] = {}
    for name in names:
        texts.update(_flat(yaml.safe_load((folder / name).read_text("utf-8"))))
    return {key: french_spaces(text) if lang == "fr" else text for key, text in texts.items()}


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


@cache
def lint_texts(lang: str) -> Mapping[str, str]:
    """Return what the check says, and the names of the rules, in `lang` (`fr` or `en`)."""
    return texts_in(files("agent.services.lint.words"), lang)


class Reader(Protocol):
    """The texts of one language, and its way of writing numbers and dates."""

    @property
    def lang(self) -> str:
        """`fr` or `en`."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with its blanks filled."""

    def get(self, key: str, default: str, /) -> str:
        """Return the text of `key`, or `default`."""

    def number(self, value: int, /) -> str:
        """Return `value` with the language's thousands separator."""

    def day(self, then: date, /) -> str:
        """Return a date in full."""


class LintWords:
    """The check's own texts, where there is no desk with words for all the rest."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._texts = lint_texts(lang)

    @property
    def lang(self) -> str:
        """`fr` or `en`."""
        return self._lang

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with its blanks filled.

        Raises:
            KeyError: no such key.
        """
        return self._texts[key].format(**values)

    def get(self, key: str, default: str, /) -> str:
        """Return the text of `key`, or `default`."""
        return self._texts.get(key, default)

    def number(self, value: int, /) -> str:
        """Return `value` with the language's thousands separator."""
        return f"{value:,}".replace(",", NARROW if self._lang == "fr" else ",")

    def day(self, then: date, /) -> str:
        """Return a date in figures: `28/11/2026`, `2026-11-28`."""
        return f"{then:%d/%m/%Y}" if self._lang == "fr" else then.isoformat()
