"""What a case is: a message (or a reply) and what must come out. Unknown keys are refused."""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field, field_validator, model_validator

from agent.domain.base import Frozen, Text
from agent.domain.brand.identity import Register
from agent.domain.checks import Verdict
from agent.domain.decisions import Category, EscalationReason, Route
from agent.domain.messages import Surface, ThreadEntry
from knowledge.passages import Audience, Band, Language

CASES = Path(__file__).parent / "cases"
"""The shipped cases: one folder a criterion."""
SCHEMA_FILE = Path(__file__).parent / "cases.schema.json"
DEFAULT_AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""A Friday in office hours: what the clock says unless a case says otherwise."""


class Criterion(StrEnum):
    """What a case is about; the shipped cases have one folder each."""

    TONE = "tone"
    TRANSPARENCY = "transparency"
    BRAND = "brand"
    GROUNDING = "grounding"
    SAFETY = "safety"
    PRIVACY = "privacy"
    ESCALATION = "escalation"
    CHANNEL_FIT = "channel_fit"
    INJECTION = "injection"
    METAMORPHIC = "metamorphic"


class Suite(StrEnum):
    """Which runs a case is part of. Every case is part of `FULL`."""

    SMOKE = "smoke"
    FULL = "full"
    REGRESSION = "regression"


class Provenance(StrEnum):
    """Where the words come from."""

    SYNTHETIC = "synthetic"
    REAL_ANONYMISED = "real-anonymised"


class Expect(StrEnum):
    """How the outcome of a variant must relate to that of the message itself."""

    SAME_ROUTE = "same_route"
    SAME_CATEGORY = "same_category"
    SAME_LANGUAGE = "same_language"
    SAME_REGISTER = "same_register"
    SAME_ANSWER = "same_answer"
    """The same passages are cited."""
    SAME_TEXTS = "same_texts"
    """The same reply, word for word."""
    SEVERITY_NOT_LOWER = "severity_not_lower"
    NEEDS_PERSON = "needs_person"
    """Neither answered by a routine reply nor left without one."""
    IS_INJECTION = "is_injection"
    FITS_NETWORK = "fits_network"
    NO_PUBLIC = "no_public"
    NO_AUTOFAIL = "no_autofail"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


OneOrMore = BeforeValidator(_as_list, json_schema_input_type=str | list[str])


class MessageSpec(Frozen):
    """The customer's message, as a channel would hand it over."""

    text: Text = Field(min_length=1)
    channel: str = "file"
    surface: Surface = Surface.PUBLIC
    lang: Language | None = None
    """What the channel declares; absent: the pipeline detects it."""
    thread: tuple[ThreadEntry, ...] = ()
    author: str | None = None
    created_at: AwareDatetime | None = None


class Entry(Frozen):
    """A passage added for one case."""

    id: str
    lang: Language
    question: Text
    answer: Text
    aliases: tuple[Text, ...] = ()
    audience: Audience = Audience.PUBLIC
    valid_from: date | None = None
    valid_until: date | None = None
    must_include: tuple[Text, ...] = ()
    next_step: Text | None = None
    link: str | None = None
    is_commitment: bool = False
    topic: str = ""


class EntryChange(Frozen):
    """What replaces the fields of a passage, in every language it is in unless `lang` is given."""

    lang: Language | None = None
    question: Text | None = None
    answer: Text | None = None
    audience: Audience | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    must_include: tuple[Text, ...] | None = None
    next_step: Text | None = None
    is_commitment: bool | None = None


class Given(Frozen):
    """Changes to what the brand knows, by passage id; they hold for one case only."""

    remove: tuple[str, ...] = ()
    expire: tuple[str, ...] = ()
    """In force until the day before the case's clock."""
    replace: dict[str, EntryChange] = Field(default_factory=dict)
    add: tuple[Entry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not (self.remove or self.expire or self.replace or self.add)


class ScriptedModel(Frozen):
    """The drafter is the chat-model drafter, and its model gives these answers in this order."""

    answers: tuple[dict[str, Any] | str, ...] = Field(min_length=1)
    """A mapping is the JSON answered; a text is `refused`, `unavailable` or `invalid`."""
    prompt_holds: tuple[Text, ...] = ()
    """Strings that every prompt sent must hold: the question, a price of a passage, a rule."""
    prompt_lacks: tuple[Text, ...] = ()
    """Strings that no prompt may hold: whatever redaction must have masked."""

    @field_validator("answers")
    @classmethod
    def _known_failures(cls, answers: tuple[Any, ...]) -> tuple[Any, ...]:
        for answer in answers:
            if isinstance(answer, str) and answer not in {"refused", "unavailable", "invalid"}:
                raise ValueError("an answer is a block, or `refused`, `unavailable` or `invalid`")
        return answers


class Variant(Frozen):
    """The message changed in one way, and how its outcome must relate to the original's."""

    apply: str = Field(
        pattern=r"^(typos|capitals|no_accents|sms|emoji|name_swap|gender_swap|injected"
        r"|legal_threat|praise|quote|public_to_private|network:[a-z_]+)$"
    )
    expect: Annotated[tuple[Expect, ...], OneOrMore] = Field(min_length=1)


class Wanted(StrEnum):
    """What the ledger of a reply must come to."""

    SUPPORTED = "supported"
    """No sentence is unsupported."""
    UNSUPPORTED = "unsupported"
    """At least one sentence is."""


class AutofailWanted(StrEnum):
    NONE = "none"
    ANY = "any"


class Expected(Frozen):
    """What must come out. A key that is absent is not scored."""

    language: Language | None = None
    category: Category | None = None
    category_in: tuple[Category, ...] = ()
    route: Route | None = None
    route_in: tuple[Route, ...] = ()
    team: str | None = None
    reason: EscalationReason | None = None
    band: Band | None = None
    must_cite: tuple[str, ...] = ()
    must_say: tuple[Text, ...] = ()
    """Exact approved strings: prices, dates, disclosures. In one of the texts proposed."""
    must_not_say: tuple[Text, ...] = ()
    """Strings that none of the texts proposed may hold, whatever their case."""
    spoken_register: Register | None = Field(default=None, alias="register")
    has_public: bool | None = None
    has_private: bool | None = None
    redacted: tuple[Text, ...] = ()
    """Strings that must not stand in the redacted text, nor in any text proposed."""
    kept: tuple[Text, ...] = ()
    """Strings that must still stand in the redacted text."""
    drafter: str | None = None
    """`extractive`, `none`, or `llm` for any chat model."""
    statement: str | None = None
    min_answerable: float | None = Field(default=None, ge=0, le=1)
    max_answerable: float | None = Field(default=None, ge=0, le=1)
    is_injection: bool | None = None
    is_toxic: bool | None = None
    rules: dict[str, Verdict] = Field(default_factory=dict)
    """Rubric id (`T6`, or the brand's `BRAND.e-mail`) -> its verdict."""
    ledger: Wanted | None = None
    autofail: AutofailWanted | None = None


_FOR_REPLIES = frozenset({"rules", "ledger", "autofail"})


class Override(Frozen):
    """Puts other facts in place of the pack's for one reply case."""

    brand_name: str | None = None
    spoken_register: Register | None = Field(default=None, alias="register")
    competitors: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None


class GivenPassage(Frozen):
    """What may support the reply of a reply case."""

    id: str
    text: Text


class Case(Frozen):
    """One case. With `reply`, the rubric judges that very text; without, the pipeline runs."""

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_-]+)+$")
    """Unique and stable: baselines are compared by it."""
    criterion: Criterion
    owner: str = Field(min_length=1)
    provenance: Provenance
    cluster: str = Field(min_length=1)
    """The topic: cases of one cluster are not independent, and the intervals know it."""
    tags: tuple[str, ...] = ()
    suites: tuple[Suite, ...] = ()
    brand: str = "verjolaine"
    message: MessageSpec
    at: AwareDatetime = DEFAULT_AT
    given: Given = Given()
    model: ScriptedModel | None = None
    variants: tuple[Variant, ...] = ()
    reply: Text | None = None
    passages: tuple[GivenPassage, ...] | None = None
    override: Override = Override()
    expected: Expected = Expected()
    known_wrong: Text = ""
    """Why the agent gets this case wrong today: an expected failure, never part of the gate."""
    is_gate: bool = False
    """Whether a failure turns the gate red whatever the statistics say."""
    source: str = ""
    """`file:line`, set by the loader."""

    @property
    def is_reply(self) -> bool:
        """Whether the rubric itself is under test, on a text given here."""
        return self.reply is not None

    def is_in(self, suite: Suite) -> bool:
        """Whether the case is part of `suite`."""
        return suite is Suite.FULL or suite in self.suites

    @model_validator(mode="after")
    def _expects_something(self) -> "Case":
        if not self.expected.model_fields_set and not self.variants:
            raise ValueError("nothing is expected: add `expected` or `variants`")
        return self

    @model_validator(mode="after")
    def _gates_only_what_is_right(self) -> "Case":
        if self.known_wrong and self.is_gate:
            raise ValueError("a case with `known_wrong` cannot be a gate: take one of them out")
        return self

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "Case":
        if self.is_reply:
            self._refuse(self.expected.model_fields_set - _FOR_REPLIES, "a reply case expects no")
            self._refuse(
                self.model_fields_set & {"given", "model", "variants"}, "a reply case has no"
            )
        else:
            alone = self.model_fields_set & {"passages", "override"}
            self._refuse(alone, "without `reply` there is no")
        return self

    @staticmethod
    def _refuse(found: set[str], why: str) -> None:
        if found:
            name = sorted(found)[0].removeprefix("spoken_")
            raise ValueError(f"{why} `{name}`")


def cases_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a file of cases, for editors that complete YAML."""
    schema = Case.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    case = {
        **schema,
        "properties": {k: v for k, v in schema["properties"].items() if k != "source"},
    }
    part = {**case, "required": []}
    whole = {
        "type": "object",
        "additionalProperties": False,
        "required": ["cases"],
        "properties": {
            "defaults": {"$ref": "#/$defs/Defaults"},
            "cases": {"type": "array", "items": {"$ref": "#/$defs/Defaults"}},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Eval cases of Portevoix",
        "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/Case"}}, whole],
        "$defs": {**definitions, "Case": case, "Defaults": part},
    }
