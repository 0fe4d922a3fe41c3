"""Personal data found in a text, and the placeholders that stand for it."""

import re
from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen


class PersonalDataType(StrEnum):
    """The closed list of types; a brand adds its own identifiers by name."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    IBAN = "IBAN"
    CARD = "CARD"
    NIR = "NIR"
    SIRET_SIREN = "SIRET_SIREN"
    PLATE = "PLATE"
    ADDRESS = "ADDRESS"
    IP = "IP"
    ORDER_ID = "ORDER_ID"
    PERSON = "PERSON"
    HANDLE = "HANDLE"
    URL_PERSONAL = "URL_PERSONAL"
    DOB = "DOB"


SHORTEST_VALUE = 3
"""Characters: a shorter value is not looked for as a word of its own."""

PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]*)_(\d+)\]")
"""A placeholder as it stands in redacted text: `[EMAIL_1]`."""


class PersonalDataSpan(Frozen):
    """One occurrence in the input text; offsets are Python string offsets, `end` exclusive."""

    type: str
    """A `PersonalDataType` value or a brand identifier's name."""
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    score: float = Field(ge=0, le=1)
    found_by: str = ""


class Redaction(Frozen):
    """A text without personal data, and what is needed to restore it in the store."""

    text: str
    spans: tuple[PersonalDataSpan, ...] = ()
    """Sorted by start, never overlapping."""
    values: dict[str, str] = Field(default_factory=dict, repr=False)
    """Placeholder -> value. Never logged, never sent to a model."""

    def unknown_placeholders(self, draft: str) -> tuple[str, ...]:
        """Return the placeholders of `draft` that this redaction did not issue."""
        found = (match.group(0) for match in PLACEHOLDER.finditer(draft))
        return tuple(dict.fromkeys(token for token in found if token not in self.values))

    def mask(self, text: str) -> str:
        """Return `text` with every value replaced by its placeholder: the reverse of `restore`.

        A value of one or two letters or digits tells nothing, and stands in every other word.
        """
        values = {v: token for token, v in self.values.items() if len(v) >= SHORTEST_VALUE}
        if not values:
            return text
        listed = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{listed})(?!\w)", lambda m: values[m.group(0)], text)

    def restore(self, text: str) -> str:
        """Return `text` with every known placeholder replaced by its value."""
        return PLACEHOLDER.sub(lambda m: self.values.get(m.group(0), m.group(0)), text)
