"""The base of every domain model, and the rule that text is NFC at the door."""

import hashlib
import json
import unicodedata
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown keys are refused, so a typo is an error and never a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def nfc(text: str) -> str:
    """Return `text` in Unicode normal form C, in which « é » is one code point."""
    return unicodedata.normalize("NFC", text)


def nfc_with_origins(text: str) -> tuple[str, list[int]]:
    """Return `text` in form C, and for each offset of the result its offset in `text`.

    The list has one entry more than the result has characters, so that an exclusive end maps too.
    A character and its combining marks move as one.
    """
    parts, origins = [""], list[int]()
    starts = [at for at, char in enumerate(text) if at == 0 or not unicodedata.combining(char)]
    for start, end in pairwise([*starts, len(text)]):
        part = nfc(text[start:end])
        parts.append(part)
        origins.extend(min(start + offset, end - 1) for offset in range(len(part)))
    return "".join(parts), [*origins, len(text)]


def sha256_of(value: Any) -> str:
    """Return the hex SHA-256 of `value` as canonical JSON (sorted keys, UTF-8, no spaces)."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


Text = Annotated[str, AfterValidator(nfc)]
