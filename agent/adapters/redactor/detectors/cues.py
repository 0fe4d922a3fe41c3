"""Whether certain words stand just before or after a place in the text."""

import re


def precedes(pattern: re.Pattern[str], text: str, position: int, reach: int) -> bool:
    """Say whether `pattern` occurs in the `reach` characters before `position`."""
    return pattern.search(text, max(0, position - reach), position) is not None


def follows(pattern: re.Pattern[str], text: str, position: int, reach: int) -> bool:
    """Say whether `pattern` occurs in the `reach` characters after `position`."""
    return pattern.search(text, position, min(len(text), position + reach)) is not None


def near(pattern: re.Pattern[str], text: str, start: int, end: int, reach: int) -> bool:
    """Say whether `pattern` occurs within `reach` characters of the passage, either side."""
    return precedes(pattern, text, start, reach) or follows(pattern, text, end, reach)
