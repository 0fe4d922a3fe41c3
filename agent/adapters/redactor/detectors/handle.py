"""Account names on social networks: @somebody, @somebody@server, and "my Insta: some_body"."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.found import Found
from agent.adapters.redactor.person.lexicon import fold, load_lexicon

_HANDLE = re.compile(
    r"(?<![\w@./+%-])@(?=[\w.-]*[^\W_])\w(?:[\w.\-]{0,60}\w)?(?:@[\w-]+(?:\.[\w-]+)+)?(?![\w@])"
)
_SELF_NAMED = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|twitter|tiktok|telegram|discord|pseudo|twitch)\b"
    r"(?:(?: (?:c'est|est|is|c))?[ ]?[:=]?[ ]((?=\w*[\d_.])[a-z][\w.]{2,28}\w)"
    r"|(?: (?:c'est|est|is)|[ ]?[:=])[ ]([a-z]{5,29}))(?![\w@/.'])",
    re.IGNORECASE,
)
# Words that call a crowd or a service, not a person.
_CROWD = frozenset({"everyone", "here", "channel", "all", "tous", "team", "support"})


def find_handles(text: str) -> Iterator[Found]:
    """Yield handles with their at sign; the brand's own are taken out by the redactor."""
    if "@" in text:
        for match in _HANDLE.finditer(text):
            if match.group(0)[1:].casefold() not in _CROWD:
                yield Found(match.start(), match.end(), 0.9)
    for match in _SELF_NAMED.finditer(text):
        group = match.lastindex or 1
        if fold(match.group(group)) not in load_lexicon().vocabulary:
            yield Found(match.start(group), match.end(group), 0.8)
