"""A brand's own rules: what it wants seen in a reply, in seven kinds (after Vale's styles)."""

from enum import StrEnum

from pydantic import Field, model_validator

from agent.domain.base import Frozen, Text
from agent.domain.brand.patterns import pattern_problem
from agent.domain.brand.wording import ValueWording
from agent.domain.checks import Severity
from agent.domain.messages import Surface
from knowledge.passages import Language
from knowledge.problems import Refusal


class RuleKind(StrEnum):
    """What a rule looks for. Vale (vale.sh, "Styles") has the same kinds under the same names."""

    EXISTENCE = "existence"
    """None of `tokens` may be there."""
    SUBSTITUTION = "substitution"
    """Each key of `swaps` is replaced by its value."""
    OCCURRENCE = "occurrence"
    """`tokens` are there at most `max` times, and at least `min` times."""
    REPETITION = "repetition"
    """No word twice in a row, but `exceptions`."""
    CONSISTENCY = "consistency"
    """Of each pair of `either`, one form in a reply and not both."""
    CONDITIONAL = "conditional"
    """Where `first` is, `second` must be too."""
    CAPITALIZATION = "capitalization"
    """Each of `exact` is written in these very capitals."""


_FIELDS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.EXISTENCE: ("tokens",),
    RuleKind.SUBSTITUTION: ("swaps",),
    RuleKind.OCCURRENCE: ("tokens", "max", "min"),
    RuleKind.REPETITION: (),
    RuleKind.CONSISTENCY: ("either",),
    RuleKind.CONDITIONAL: ("first", "second"),
    RuleKind.CAPITALIZATION: ("exact",),
}
_ALL_FIELDS = tuple(dict.fromkeys(name for names in _FIELDS.values() for name in names))
_OPTIONAL = frozenset({"max", "min"})


class OwnRule(Frozen):
    """One rule of the brand, with the examples that prove it. `tokens` and the like are regexes."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Its check is `BRAND.<id>`."""
    kind: RuleKind
    lang: Language | None = None
    """None: in every language."""
    level: Severity = Severity.MAJOR
    """`autofail` blocks approval until the text is mended or a person overrides with a reason."""
    message: Text = Field(min_length=1)
    """What the reviewer reads; `%s` stands for the words found."""
    scope: tuple[Surface, ...] = ()
    """Where it holds: public, private, review. Empty: everywhere."""
    tokens: tuple[Text, ...] = ()
    swaps: dict[Text, Text] = Field(default_factory=dict)
    either: dict[Text, Text] = Field(default_factory=dict)
    max: int | None = Field(default=None, ge=0)
    min: int = Field(default=0, ge=0)
    first: Text = ""
    second: Text = ""
    exact: tuple[Text, ...] = ()
    exceptions: tuple[Text, ...] = ()
    """Words in which a match does not count."""
    is_case_sensitive: bool = False
    is_part_of_words: bool = False
    """Whether a match may begin or end inside a word."""
    good: tuple[Text, ...] = Field(min_length=1)
    bad: tuple[Text, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _compiles(self) -> "OwnRule":
        for pattern in self.patterns():
            if problem := pattern_problem(pattern):
                values = {"rule": self.id, "pattern": pattern, "problem": problem}
                raise Refusal(ValueWording.OWN_RULE_PATTERN, **values)
        return self

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "OwnRule":
        wanted = _FIELDS[self.kind]
        given = [name for name in _ALL_FIELDS if name in self.model_fields_set]
        foreign = [name for name in given if name not in wanted]
        missing = [name for name in wanted if name not in _OPTIONAL and not getattr(self, name)]
        named = {"rule": self.id, "kind": self.kind.value}
        if foreign:
            raise Refusal(ValueWording.OWN_RULE_FOREIGN, field=foreign[0], **named)
        if missing:
            raise Refusal(ValueWording.OWN_RULE_NEEDS, field=missing[0], **named)
        if self.kind is RuleKind.OCCURRENCE and self.max is None and not self.min:
            raise Refusal(ValueWording.OWN_RULE_BOUND, **named)
        return self

    def patterns(self) -> tuple[str, ...]:
        """Return every regex of the rule as written."""
        either = [form for pair in self.either.items() for form in pair]
        ends = [self.first, self.second] if self.first else []
        return (*self.tokens, *self.swaps, *either, *ends)
