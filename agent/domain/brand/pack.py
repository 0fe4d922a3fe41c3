"""A brand pack as read: the policy, its passages, statements, exemplars and content hash."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from agent.domain.base import Frozen, Text
from agent.domain.brand.escalation import Escalation
from agent.domain.brand.identity import Identity, LanguagePolicy, Situation, VoiceAttribute
from agent.domain.brand.lexicon import Lexicon
from agent.domain.brand.policies import (
    ChannelPolicy,
    Claims,
    Crisis,
    Mechanics,
    Moderation,
    Retention,
    Safety,
    Transparency,
)
from agent.domain.brand.rules import OwnRule
from agent.domain.brand.wording import ValueWording
from agent.domain.decisions import Category
from agent.domain.ids import GuidelineVersion
from knowledge.passages import Language, Passage
from knowledge.problems import Problem, Refusal


class Brand(Frozen):
    """`brand.yaml`: everything but the prose."""

    schema_version: int = Field(ge=1, le=1)
    brand: Identity
    default_language: Language = Language.FR
    languages: dict[Language, LanguagePolicy] = Field(min_length=1)
    voice: tuple[VoiceAttribute, ...] = ()
    situations: tuple[Situation, ...] = ()
    lexicon: Lexicon = Lexicon()
    mechanics: Mechanics = Mechanics()
    transparency: Transparency
    claims: Claims = Claims()
    safety: Safety = Safety()
    escalation: Escalation
    channels: dict[str, ChannelPolicy] = Field(default_factory=dict)
    moderation: Moderation
    crisis: Crisis = Crisis()
    retention: Retention
    rules: tuple[OwnRule, ...] = ()
    """The brand's own rules: `BRAND.<id>` in every report."""

    @model_validator(mode="after")
    def _rule_ids_differ(self) -> "Brand":
        ids = [rule.id for rule in self.rules]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice:
            raise Refusal(ValueWording.OWN_RULE_TWICE, rule=twice)
        return self


class StatementKind(StrEnum):
    """What an approved statement is for."""

    HOLDING = "holding"
    HELP = "help"
    FACT = "fact"
    POLICY = "policy"


class Statement(Frozen):
    """An approved text, said as it stands."""

    id: str
    lang: Language
    kind: StatementKind
    text: Text
    categories: tuple[Category, ...] = ()
    topics: tuple[str, ...] = ()
    approver: Text
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    """`file:line`."""

    def is_in_force(self, day: date) -> bool:
        """Whether the statement may be used on `day`."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_until is None or day <= self.valid_until)


class Exemplar(Frozen):
    """A good reply, and why: for style, never for facts."""

    id: str
    lang: Language
    inbound: Text
    reply: Text
    why: Text
    category: Category | None = None
    source: str = ""
    """`file:line`."""


class Guideline(Frozen):
    """A prose chapter of the guide."""

    name: str
    text: Text


class BrandPack(Frozen):
    """One brand, complete, at one version."""

    policy: Brand
    passages: tuple[Passage, ...] = ()
    statements: tuple[Statement, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    version: GuidelineVersion
    """SHA-256 of the pack's files: their relative paths and contents."""
    lines: dict[str, int] = Field(default_factory=dict, repr=False)
    """Dotted path of each value of `brand.yaml` -> its line: `situations[2].id` -> 140."""
    load_warnings: tuple[Problem, ...] = ()
    """What the loader passed over and a person should know; `lint` reports it."""

    def statement(self, statement_id: str, lang: Language, day: date) -> Statement | None:
        """Return the statement of that id and language if it is in force on `day`."""
        return next(
            (
                statement
                for statement in self.statements
                if (statement.id, statement.lang) == (statement_id, lang)
                and statement.is_in_force(day)
            ),
            None,
        )
