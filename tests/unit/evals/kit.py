"""Records, reports and cases made for a test."""

from collections.abc import Sequence
from datetime import UTC, datetime

from evals.baseline import Baseline
from evals.cases import Case, Criterion
from evals.manifest import Manifest
from evals.outputs import Output, input_hash
from evals.report.model import Report
from evals.results import CaseRecord, ScoreVerdict
from evals.run import Scored, report_of
from evals.scoring import records_of, score

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
MADE = Manifest(created_at=AT, suite="full", cases=1, brands={"verjolaine": "a" * 64})


def record(
    name: str, verdict: ScoreVerdict = ScoreVerdict.PASS, cluster: str = "", **given: object
) -> CaseRecord:
    """Return the record of one case, run once."""
    told = verdict in {ScoreVerdict.PASS, ScoreVerdict.FAIL}
    fields = {
        "id": name,
        "criterion": Criterion.TONE,
        "cluster": cluster or name,
        "verdict": verdict,
        "passed": int(verdict is ScoreVerdict.PASS),
        "repeats": int(told),
    }
    return CaseRecord.model_validate(fields | given)


def run_of(passes: Sequence[bool], clusters: Sequence[str] = ()) -> list[CaseRecord]:
    """Return a run of cases c0, c1, … that pass or fail."""
    names = clusters or [f"c{at}" for at in range(len(passes))]
    return [
        record(f"c{at}", ScoreVerdict.PASS if is_so else ScoreVerdict.FAIL, names[at])
        for at, is_so in enumerate(passes)
    ]


def reply_case(name: str, message: str, reply: str, **given: object) -> Case:
    """Return a reply case that expects no auto-fail."""
    fields = {
        "id": name,
        "criterion": "tone",
        "owner": "equipe",
        "provenance": "synthetic",
        "cluster": "c",
        "message": {"text": message},
        "reply": reply,
        "expected": {"autofail": "none"},
    }
    return Case.model_validate(fields | given)


def report_with(cases: Sequence[Case], baseline: Baseline | None = None) -> Report:
    """Return the report of cases that could not be told: their outputs are errors."""
    outputs = [Output(case=one.id, asked=input_hash(one), error="Boom<b>") for one in cases]
    scores = tuple(score(cases, outputs))
    found = Scored(records_of(cases, scores, outputs), scores, tuple(outputs))
    return report_of(cases, found, MADE, baseline)
