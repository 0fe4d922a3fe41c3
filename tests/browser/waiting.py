"""Waiting for something outside the page."""

import time
from collections.abc import Callable


def until(is_true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return as soon as `is_true`; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {seconds} s")
        time.sleep(0.02)
