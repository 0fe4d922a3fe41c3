"""Regexes that a brand lead writes: refused when the pack is read, not when a reply is checked."""

import regex


def pattern_problem(pattern: str) -> str | None:
    """Return why `pattern` is not a regular expression and where it breaks; None: it is one."""
    try:
        regex.compile(pattern)
    except regex.error as error:
        return str(error)
    return None
