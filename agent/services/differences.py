"""What a person changed in a draft, word by word, as data."""

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def differences(before: str, after: str) -> list[dict[str, str]]:
    """Return the changes that lead from one text to the other, in order; none if they are equal.

    Each is `{"removed": str, "added": str}`; either may be empty.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        {"removed": "".join(old[a:b]), "added": "".join(new[c:d])}
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
