"""Lists of phrases in French and English (`lexicon/*.yaml`), searched in folded text."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

import yaml

from agent.steps.check.gate import Gated
from knowledge.passages import Language

_LANGUAGES = (Language.FR, Language.EN)


class Phrases:
    """Regex alternatives by language; each starts at a word's beginning.

    They are written without accents and in lower case, for text that went through `fold`.
    `UNKNOWN` searches both languages.
    """

    def __init__(self, fr: str = "", en: str = "") -> None:
        french, english = _compile(fr), _compile(en)
        self._patterns = {
            Language.FR: french,
            Language.EN: english,
            Language.UNKNOWN: [*french, *english],
        }

    def search(self, folded: str, lang: Language) -> re.Match[str] | None:
        """Return the first match, or None."""
        for pattern in self._patterns[lang]:
            if match := pattern.search(folded):
                return match
        return None

    def occurs(self, folded: str, lang: Language) -> bool:
        """Return whether there is a match at all: cheaper than to say where."""
        return any(pattern.occurs(folded) for pattern in self._patterns[lang])

    def finditer(self, folded: str, lang: Language) -> Iterator[re.Match[str]]:
        """Yield every match, language by language."""
        for pattern in self._patterns[lang]:
            yield from pattern.finditer(folded)


def _compile(lines: str) -> list[Gated]:
    alternatives = [line.strip() for line in lines.splitlines()]
    alternatives = [line for line in alternatives if line and not line.startswith("# ")]
    return [Gated(alternatives, before=r"(?<!\w)")] if alternatives else []


@cache
def _lexicon(name: str) -> dict[str, dict[str, str]]:
    text = resources.files("agent.steps.check").joinpath("lexicon", f"{name}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lexicon: dict[str, dict[str, str]] = yaml.load(text.read_text("utf-8"), Loader=loader)  # noqa: S506
    return lexicon


@cache
def phrases(name: str) -> Phrases:
    """Return the phrases `<file>.<entry>` of `lexicon/<file>.yaml`; `both` is for either."""
    return Phrases(*(_lines(name, lang) for lang in _LANGUAGES))


@cache
def any_phrases(*names: str) -> Phrases:
    """Return the phrases of several entries as one: a cheap look before a look for each."""
    return Phrases(*("\n".join(_lines(name, lang) for name in names) for lang in _LANGUAGES))


def _lines(name: str, lang: Language) -> str:
    file, _, entry = name.partition(".")
    lines = _lexicon(file)[entry]
    return lines.get(lang.value, "") + lines.get("both", "")
