"""What was found and how sure it is."""

from collections.abc import Iterator

from evals.results import Score
from evals.scorers.base import Exhibit, listed, told


def band(exhibit: Exhibit) -> Iterator[Score]:
    """Score whether a draft, candidates or neither were allowed."""
    observed, wanted = exhibit.observed, exhibit.case.expected.band
    if observed is not None and wanted is not None:
        is_so = observed.band is wanted
        yield told("band", "" if is_so else f"expected {wanted}, got {observed.band}")


def answerable(exhibit: Exhibit) -> Iterator[Score]:
    """Score the calibrated probability that the best passage is the right one."""
    observed, expected = exhibit.observed, exhibit.case.expected
    if observed is None or (expected.min_answerable is None and expected.max_answerable is None):
        return
    low = 0.0 if expected.min_answerable is None else expected.min_answerable
    high = 1.0 if expected.max_answerable is None else expected.max_answerable
    is_so = low <= observed.answerable <= high
    problem = f"expected {low:g} to {high:g}, got {observed.answerable:.2f}"
    yield told("answerable", "" if is_so else problem)


def cites(exhibit: Exhibit) -> Iterator[Score]:
    """Score whether the passages expected stand behind the texts."""
    observed, wanted = exhibit.observed, exhibit.case.expected.must_cite
    if observed is None or not wanted:
        return
    cited = {citation.passage_id for citation in observed.draft.citations}
    missing = [one for one in wanted if one not in cited]
    problem = f"not cited: {listed(missing)}; cited: {listed(sorted(cited))}"
    yield told("cites", problem if missing else "")
