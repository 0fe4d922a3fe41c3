"""Regexes that a brand lead writes: refused when the pack is read, not when a reply is checked."""

import regex


def valid_pattern(pattern: str) -> str:
    """Return `pattern`.

    Raises:
        ValueError: it is not a regular expression; the message says where it breaks.
    """
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise ValueError(f"the pattern « {pattern} » is not valid: {error}") from None
    return pattern
