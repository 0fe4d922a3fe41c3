"""The base of every domain model, and the rule that text is NFC at the door."""

import hashlib
import json
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown keys are refused, so a typo is an error and never a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def nfc(text: str) -> str:
    """Return `text` in Unicode normal form C, in which « é » is one code point."""
    return unicodedata.normalize("NFC", text)


def sha256_of(value: Any) -> str:
    """Return the hex SHA-256 of `value` as canonical JSON (sorted keys, UTF-8, no spaces)."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


Text = Annotated[str, AfterValidator(nfc)]
