"""Patterns of the guide that never end: told at lint, before a customer's message meets them."""

from agent.steps.check.brand.bounded import PatternTooSlowError, find_all

_PROBES = tuple(piece * 2000 + end for piece in ("a", "1", " ", "a ", "aA1-", "é") for end in "!\n")
"""Long, dull texts on which a pattern with nested repeats runs for years."""


def is_slow(pattern: str, *, is_part_of_words: bool, texts: tuple[str, ...] = ()) -> bool:
    """Whether a pattern runs out of time on a dull text, or on one of `texts`."""
    try:
        for probe in (*_PROBES, *texts):
            list(find_all(pattern, probe, is_part_of_words=is_part_of_words))
    except PatternTooSlowError:
        return True
    return False
