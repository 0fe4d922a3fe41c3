"""What a password must be: long, not guessable from the account, nothing more.

NIST SP 800-63B-4, section 3.1.1.2: at least 15 characters where the password is the only factor,
at least 64 accepted, every character allowed, no rule on their mix, no expiry; compared with what
is commonly used and with the account's own words; normalised before it is hashed.
"""

import re
import unicodedata

from agent.domain.errors import WeakPassword

LEAST, MOST = 15, 256
_FEWEST_DISTINCT = 6
_COMMON = (
    "password", "motdepasse", "azerty", "qwerty", "123456", "abcdef", "letmein", "welcome",
    "bienvenue", "bonjour", "soleil", "iloveyou", "admin", "changeme", "portevoix", "community",
)  # fmt: skip
"""Words that the lists of leaked passwords are made of; a password of nothing else is on them."""


def normalised(password: str) -> str:
    """Return the password as it is hashed: the same on every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, *own_words: str) -> None:
    """Raise `WeakPassword` unless this may be a password; `own_words`: the account's.

    Raises:
        WeakPassword: with the rule that is broken.
    """
    text = normalised(password)
    if len(text) < LEAST:
        raise WeakPassword("short", f"a password has at least {LEAST} characters")
    if len(text) > MOST:
        raise WeakPassword("long", f"a password has at most {MOST} characters")
    if len(set(text)) < _FEWEST_DISTINCT or _is_made_of_known_words(text, own_words):
        raise WeakPassword("common", "this password is too easy to guess; choose another")


def _is_made_of_known_words(text: str, own_words: tuple[str, ...]) -> bool:
    rest = text.casefold()
    own = [part for word in own_words for part in re.split(r"[\W_]+", word.casefold())]
    for word in sorted({*_COMMON, *own}, key=len, reverse=True):
        if len(word) > 2:
            rest = rest.replace(word, "")
    return len(re.sub(r"[\W_\d]", "", rest)) < _FEWEST_DISTINCT
