"""Verdicts and what they add up to. An error is no failure, and what does not apply is no pass."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen
from evals.cases import Criterion
from evals.statistics import wilson


class ScoreVerdict(StrEnum):
    """What a scorer, a judge or a whole case comes to."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    ERROR = "error"
    """It could not be told. Errors never change a rate; too many make a run inconclusive."""
    NOT_APPLICABLE = "not_applicable"


class Score(Frozen):
    """The verdict of one scorer on one case."""

    scorer: str
    verdict: ScoreVerdict
    reason: str = ""
    """Why, for a person; of a failure what was expected and what came."""
    is_autofail: bool = False
    """A failure that must never happen again once a case holds it."""
    is_advisory: bool = False
    """Shown, and of no weight: a judge that was not calibrated against people."""


class CaseScores(Frozen):
    """All the scores of one case, once."""

    case: str
    epoch: int = 0
    known_wrong: str = ""
    """Why the case fails today; its failure is expected, told, and of no weight."""
    scores: tuple[Score, ...] = ()

    @property
    def verdict(self) -> ScoreVerdict:
        """What the case comes to; advisory scores and an expected failure do not count."""
        found = joined(score.verdict for score in self.scores if not score.is_advisory)
        is_expected = self.known_wrong and found is ScoreVerdict.FAIL
        return ScoreVerdict.NOT_APPLICABLE if is_expected else found

    @property
    def failures(self) -> tuple[Score, ...]:
        """The scores that make the case fail."""
        return tuple(
            score
            for score in self.scores
            if score.verdict is ScoreVerdict.FAIL and not score.is_advisory
        )


def joined(verdicts: Iterable[ScoreVerdict]) -> ScoreVerdict:
    """Return the verdict of several together: one failure fails, then one error spoils."""
    found = set(verdicts)
    for verdict in (ScoreVerdict.FAIL, ScoreVerdict.ERROR, ScoreVerdict.PASS):
        if verdict in found:
            return verdict
    return ScoreVerdict.NOT_APPLICABLE


class Rate(Frozen):
    """How many passed of those that were told, with Wilson's 95 % interval."""

    name: str
    passed: int = 0
    failed: int = 0
    errors: int = 0
    not_applicable: int = 0
    share: float | None = None
    """The share that passed of those that were told; None: nothing was told."""
    low: float = 0.0
    high: float = 1.0

    @property
    def total(self) -> int:
        """The cases that were told: errors and what does not apply are left out."""
        return self.passed + self.failed

    @property
    def error_share(self) -> float:
        """The share of errors among what should have been told."""
        asked = self.total + self.errors
        return self.errors / asked if asked else 0.0

    @classmethod
    def of(cls, name: str, verdicts: Iterable[ScoreVerdict]) -> "Rate":
        """Count `verdicts`."""
        found = Counter(verdicts)
        passed, failed = found[ScoreVerdict.PASS], found[ScoreVerdict.FAIL]
        interval = wilson(passed, passed + failed)
        return cls(
            name=name,
            passed=passed,
            failed=failed,
            errors=found[ScoreVerdict.ERROR],
            not_applicable=found[ScoreVerdict.NOT_APPLICABLE],
            share=passed / (passed + failed) if passed + failed else None,
            low=interval.low,
            high=interval.high,
        )


class CaseRecord(Frozen):
    """One case as a run leaves it: what a baseline keeps and a comparison needs."""

    id: str
    criterion: Criterion
    cluster: str
    lang: str = ""
    is_gate: bool = False
    known_wrong: str = ""
    """Why the case fails today. If it passes all the same, the case may be promoted."""
    verdict: ScoreVerdict
    """Of all its repeats: the majority, a tie counting as a failure."""
    passed: int = 0
    repeats: int = 1
    """Repeats that were told, errors left out."""
    scores: dict[str, ScoreVerdict] = Field(default_factory=dict)
    """Scorer -> its verdict over the repeats, advisory ones left out."""
    autofails: tuple[str, ...] = ()
    """The scorers among `scores` whose failure must never come back."""
    route: str = ""
    public: str | None = None
    private: str | None = None
    """The texts proposed, for showing what changed."""

    @property
    def is_mended(self) -> bool:
        """Whether a case known to be wrong passes: take its `known_wrong` out."""
        return bool(self.known_wrong) and self.verdict is ScoreVerdict.PASS

    @property
    def share(self) -> float | None:
        """The share of repeats that passed; None: none was told."""
        return self.passed / self.repeats if self.repeats else None


def majority(verdicts: Iterable[ScoreVerdict]) -> ScoreVerdict:
    """Return the verdict of several repeats: what most of the told ones say, a tie is a failure."""
    found = list(verdicts)
    passed, failed = found.count(ScoreVerdict.PASS), found.count(ScoreVerdict.FAIL)
    if passed or failed:
        return ScoreVerdict.PASS if passed > failed else ScoreVerdict.FAIL
    return joined(found)
