"""What a detector returns, and what a detector is: a plain function over a plain text."""

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Found(NamedTuple):
    """One occurrence; offsets are those of the text the detector was given, `end` exclusive."""

    start: int
    end: int
    score: float
    """0..1. A checksum or an unmistakable form is above .9, a bare pattern about .7."""


Find = Callable[[str], Iterator[Found]]


class Detector(NamedTuple):
    """A named search for one type of personal data."""

    name: str
    type: str
    """A `PersonalDataType` value or a brand identifier's name."""
    find: Find
