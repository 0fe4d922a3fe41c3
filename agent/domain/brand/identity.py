"""Who the brand is and how it sounds."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from agent.domain.base import Frozen, Text
from knowledge.passages import Language

PerLanguage = dict[Language, tuple[Text, ...]]
"""Approved phrasings by language; any of them may be used."""


class Register(StrEnum):
    """How French addresses the reader."""

    TU = "tu"
    VOUS = "vous"
    MIRROR = "mirror"
    """As the customer does; « vous » when in doubt."""


class Inclusive(StrEnum):
    """Inclusive-writing policy in French."""

    NONE = "none"
    DOUBLETS = "doublets"
    PARENTHESES = "parentheses"
    MIDPOINT = "midpoint"
    NEUTRAL = "neutral"


class EditorialOwner(Frozen):
    """The named person responsible for what is published (AI Act art. 50(4))."""

    name: Text
    email: str = ""


class Identity(Frozen):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")
    """Lower-case letters, digits, hyphens."""
    name: Text
    also_known_as: tuple[Text, ...] = ()
    """Other spellings and handles by which customers and threads name the brand."""
    sector: Text = ""
    description: Text = ""
    website: str = ""
    country: str = "FR"
    time_zone: str = "Europe/Paris"
    editorial_owner: EditorialOwner

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value


class LanguagePolicy(Frozen):
    spoken_register: Register = Field(default=Register.VOUS, alias="register")
    plural_vous_ok: bool = True
    """With `tu`: whether « vous » may address several people."""
    inclusive: Inclusive = Inclusive.NONE
    french_spaces: bool = True
    """Whether a (narrow) no-break space is wanted before « : ; ! ? » in French."""
    max_sentence_words: int = Field(default=20, gt=4)
    readability_min: float | None = None
    """Kandel-Moles (French) or Flesch (English) score, 0 to 100."""


class VoicePair(Frozen):
    """The same thing said badly and well: the lint tests the rules with it."""

    lang: Language
    bad: Text
    good: Text


class VoiceAttribute(Frozen):
    name: Text
    meaning: Text
    do: tuple[Text, ...] = ()
    dont: tuple[Text, ...] = ()
    pairs: tuple[VoicePair, ...] = ()


class Acknowledgement(Frozen):
    """An approved opening for a situation, used when one of its cues is in the message."""

    lang: Language
    text: Text
    cues: tuple[Text, ...] = ()
    """Words or stems of the customer's problem; none: fits the whole situation."""


class Situation(Frozen):
    """The reader's state, and what it asks of the tone."""

    id: str
    """`complaint`, `praise`, `question`, `crisis`, `grief`, `rumour`, or the brand's own."""
    reader_state: Text = ""
    categories: tuple[str, ...] = ()
    """`Category` values for which this situation applies."""
    is_empathy_required: bool = False
    emoji_max: int | None = None
    exclamation_max: int | None = None
    max_words: int | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()
    closings: PerLanguage = Field(default_factory=dict)
