"""Everything a report shows, whatever its form; `report.json` is this and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from agent.domain.base import Frozen
from agent.domain.errors import ConfigurationError
from agent.domain.messages import ThreadEntry
from evals.baseline import Baseline
from evals.cases import Case
from evals.compare import Comparison
from evals.gate import Gate
from evals.manifest import Manifest
from evals.outputs import Observed, Output, refuse_other_version
from evals.results import CaseRecord, CaseScores
from evals.summary import Summary

SCHEMA_VERSION = 1


class CasePage(Frozen):
    """One case in full."""

    record: CaseRecord
    source: str
    owner: str
    provenance: str
    channel: str
    surface: str
    message: str
    thread: tuple[ThreadEntry, ...] = ()
    reply: str | None = None
    """The reply given, where the rubric itself is under test."""
    category: str = ""
    team: str = ""
    reason: str = ""
    answerable: float | None = None
    note: str = ""
    cited: tuple[str, ...] = ()
    scores: tuple[CaseScores, ...] = ()
    """One a repeat."""
    before: CaseRecord | None = None
    """The case in the baseline."""


class Report(Frozen):
    """One run, told."""

    schema_version: int = SCHEMA_VERSION
    manifest: Manifest
    summary: Summary
    gate: Gate
    comparison: Comparison | None = None
    baseline: Manifest | None = None
    cases: tuple[CasePage, ...] = ()


def pages_of(
    cases: Sequence[Case],
    records: Sequence[CaseRecord],
    scored: Iterable[CaseScores],
    outputs: Iterable[Output],
    baseline: Baseline | None,
) -> tuple[CasePage, ...]:
    """Return the page of every case, in the order of `cases`."""
    scores: dict[str, list[CaseScores]] = defaultdict(list)
    for one in scored:
        scores[one.case].append(one)
    by_id = {record.id: record for record in records}
    before = {record.id: record for record in baseline.cases} if baseline else {}
    seen: Mapping[str, Observed] = {
        one.case: one.observed for one in outputs if one.observed and not (one.epoch or one.variant)
    }
    return tuple(
        _page(case, by_id[case.id], scores[case.id], seen.get(case.id), before.get(case.id))
        for case in cases
        if case.id in by_id
    )


def _page(
    case: Case,
    record: CaseRecord,
    scores: Sequence[CaseScores],
    observed: Observed | None,
    before: CaseRecord | None,
) -> CasePage:
    page = CasePage(
        record=record,
        source=case.source,
        owner=case.owner,
        provenance=case.provenance.value,
        channel=case.message.channel,
        surface=case.message.surface.value,
        message=case.message.text,
        thread=case.message.thread,
        reply=case.reply,
        scores=tuple(scores),
        before=before,
    )
    if observed is None:
        return page
    triage = observed.triage
    cited = dict.fromkeys(citation.passage_id for citation in observed.draft.citations)
    return page.model_copy(
        update={
            "category": triage.category.value,
            "team": triage.team or "",
            "reason": triage.reason.value if triage.reason else "",
            "answerable": observed.answerable,
            "note": observed.draft.note,
            "cited": tuple(cited),
        }
    )


def to_json(report: Report) -> str:
    """Return `report.json`."""
    return report.model_dump_json(indent=1) + "\n"


def from_json(path: Path) -> Report:
    """Read `report.json`.

    Raises:
        ConfigurationError: it is missing, of another schema version, or not what we wrote.
    """
    mend = "run again: portevoix eval run"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); {mend}") from None
    data = refuse_other_version(path, text, SCHEMA_VERSION, mend)
    try:
        return Report.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {error.errors()[0]['msg']}; {mend}") from None
