"""The desk's words in French and English: one YAML file a language, the same keys in each."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from agent.services.lint.words.catalogue import (
    NARROW,
    NO_BREAK,
    french_spaces,
    lint_texts,
    texts_in,
)

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "NARROW",
    "NO_BREAK",
    "MissingText",
    "Words",
    "catalogue",
    "french_spaces",
]

LANGUAGES = {"fr": "Français", "en": "English"}
DEFAULT = "fr"


class MissingText(KeyError):
    """A text the code asks for is not in the locale file."""


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return every text of `lang` by dotted key; the check of the guide has its own.

    Raises:
        MissingText: there is no such language.
    """
    texts = texts_in(files("ui.locales"), lang)
    if not texts:
        raise MissingText(lang)
    return {**texts, **lint_texts(lang)}


class Words:
    """The texts of one language, and its way of writing dates and durations."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else DEFAULT
        self._texts = catalogue(self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with `{name}` filled in.

        Raises:
            MissingText: no such key; a test holds every key the code names.
        """
        try:
            text = self._texts[key]
        except KeyError:
            raise MissingText(f"{self.lang}: {key}") from None
        return text.format(**values) if values else text

    def get(self, key: str, default: str) -> str:
        """Return the text of `key`, or `default`: for names that a brand or a rule may add."""
        return self._texts.get(key, default)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return `key.one` or `key.many`; in French zero is singular."""
        single = number < 2 if self.lang == "fr" else number == 1
        return self(f"{key}.{'one' if single else 'many'}", n=self.number(number), **values)

    def number(self, value: int) -> str:
        """Return `value` with the language's thousands separator."""
        return f"{value:,}".replace(",", NARROW if self.lang == "fr" else ",")

    def decimal(self, value: float, decimals: int = 1) -> str:
        """Return `value` with the language's decimal sign."""
        said = f"{value:.{decimals}f}"
        return said.replace(".", ",") if self.lang == "fr" else said

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a share of one as a percentage."""
        said = self.decimal(share * 100, decimals)
        return said + (NARROW + "%" if self.lang == "fr" else "%")

    def duration(self, span: timedelta) -> str:
        """Return the largest fitting unit: `40 min`, `3 h`, `2 d`."""
        minutes = max(0, int(span.total_seconds() // 60))
        if minutes < 60:
            return f"{minutes}{NO_BREAK}min"
        if minutes < 48 * 60:
            return f"{minutes // 60}{NO_BREAK}h"
        return f"{minutes // 1440}{NO_BREAK}{self('time.day_unit')}"

    def relative(self, then: datetime, now: datetime) -> str:
        """Return `in 40 min` or `3 h ago`."""
        if abs(then - now) < timedelta(minutes=1):
            return self("time.now")
        if then > now:
            return self("time.in", span=self.duration(then - now))
        return self("time.ago", span=self.duration(now - then))

    def day(self, then: date) -> str:
        """Return a date in full: `21 nov. 2026`."""
        month = self(f"time.month.m{then.month}")
        return f"{then.day}{NO_BREAK}{month} {then.year}"

    def moment(self, then: datetime, zone: ZoneInfo) -> str:
        """Return a short local date and time: `21 nov. 14:05`."""
        local = then.astimezone(zone)
        month = self(f"time.month.m{local.month}")
        return f"{local.day}{NO_BREAK}{month} {local:%H:%M}"
