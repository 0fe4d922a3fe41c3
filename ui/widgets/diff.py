"""What a person changed in a draft, word by word, on the text itself."""

import re
from difflib import SequenceMatcher

from ui.widgets.markup import Html, esc, tag

_WORDS = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


def diff_html(before: str, after: str) -> Html:
    """Return `after` with what was added marked, and what was removed struck through."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[Html] = []
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            parts.append(esc(added))
            continue
        if removed.strip():
            parts.append(tag("del", esc(removed)))
        if added:
            parts.append(tag("ins", esc(added)))
    return tag("div", "".join(parts), "pv-text pv-diff")
