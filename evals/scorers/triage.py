"""What the message was taken for and where it went: typed fields against what the case expects."""

from collections.abc import Iterator
from typing import Any

from evals.results import Score
from evals.scorers.base import Exhibit, told


def fields(exhibit: Exhibit) -> Iterator[Score]:
    """Score each field of the triage that the case expects."""
    observed, expected = exhibit.observed, exhibit.case.expected
    if observed is None:
        return
    triage = observed.triage
    for name, wanted, found in (
        ("language", expected.language, triage.language),
        ("category", expected.category, triage.category),
        ("route", expected.route, triage.route),
        ("team", expected.team, triage.team),
        ("reason", expected.reason, triage.reason),
        ("injection", expected.is_injection, triage.is_injection),
        ("toxicity", expected.is_toxic, triage.is_toxic),
    ):
        if wanted is not None:
            yield _equal(name, wanted, found)
    if expected.category_in:
        yield _among("category", expected.category_in, triage.category)
    if expected.route_in:
        yield _among("route", expected.route_in, triage.route)


def _equal(name: str, wanted: Any, found: Any) -> Score:
    return told(name, "" if wanted == found else f"expected {wanted}, got {found}")


def _among(name: str, wanted: tuple[Any, ...], found: Any) -> Score:
    names = " or ".join(str(value) for value in wanted)
    return told(name, "" if found in wanted else f"expected {names}, got {found}")
