"""What may be suggested: an exemplar, a question without answer, a sentence for the guide."""

from enum import StrEnum

from agent.domain.base import Frozen, Text, sha256_of
from agent.domain.decisions import Category
from knowledge.passages import Language


class SuggestionKind(StrEnum):
    EXEMPLAR = "exemplar"
    """A reply that a person let out: good to show the drafter how the brand sounds."""
    GAP = "gap"
    """Several people asked what the FAQ does not answer."""
    WORDING = "wording"
    """People at the desk make the same change again and again."""


class Example(Frozen):
    """One item behind a suggestion, redacted."""

    item: str
    message: Text
    before: Text = ""
    after: Text = ""


class Suggestion(Frozen):
    """One thing that could enter the guide."""

    key: str
    kind: SuggestionKind
    lang: Language
    text: Text
    """The question, the reply, or the wording that people write."""
    instead_of: Text = ""
    """The wording they take out."""
    category: Category | None = None
    is_edited: bool = False
    """Of an exemplar: whether a person changed the draft first."""
    examples: tuple[Example, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The review items behind it."""
        return tuple(example.item for example in self.examples)


def key_of(kind: SuggestionKind, *parts: str) -> str:
    """Return the id of a suggestion: the same words make the same one again."""
    return sha256_of([kind.value, *parts])[:20]
