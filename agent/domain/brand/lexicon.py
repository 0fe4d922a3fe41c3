"""The brand's words: products, preferred swaps, banned terms, competitors."""

from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen, Text
from agent.domain.checks import Severity
from agent.domain.messages import Surface
from knowledge.passages import Language


class Product(Frozen):
    canonical: Text
    wrong: tuple[Text, ...] = ()
    """Spellings that must be mended: wrong case, translation, accent."""


class Preferred(Frozen):
    """Say `use`, not `avoid`: mended in one click."""

    avoid: Text
    use: Text
    lang: Language | None = None
    reason: Text = ""
    good: tuple[Text, ...] = ()
    bad: tuple[Text, ...] = ()


class Banned(Frozen):
    """A term that must not appear. `term` matches with its inflections; `pattern` is a regex."""

    term: Text = ""
    pattern: str = ""
    lang: Language | None = None
    severity: Severity = Severity.MAJOR
    surfaces: tuple[Surface, ...] = ()
    """Empty: everywhere."""
    exceptions: tuple[Text, ...] = ()
    reason: Text = ""
    good: tuple[Text, ...] = ()
    bad: tuple[Text, ...] = ()


class CompetitorPolicy(StrEnum):
    NEVER = "never"
    NEUTRAL = "neutral"
    IF_NAMED = "if_named"
    """Only when the customer named it first, and without comparing."""


class Competitor(Frozen):
    name: Text
    aliases: tuple[Text, ...] = ()


class Lexicon(Frozen):
    products: tuple[Product, ...] = ()
    preferred: tuple[Preferred, ...] = ()
    banned: tuple[Banned, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    competitor_policy: CompetitorPolicy = CompetitorPolicy.NEVER
    acronyms: tuple[str, ...] = ()
    """All-capitals words that are not shouting."""
    hashtags_allowed: tuple[str, ...] = ()
    handles_allowed: tuple[str, ...] = ()
    link_allowlist: tuple[str, ...] = Field(default=())
    """Domains a reply may link to, subdomains included."""
