"""What a changed guide would have done: past items and cases under the current pack and the new."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from agent.bootstrap import Workspace
from agent.domain.base import Frozen
from agent.domain.brand import BrandPack
from agent.domain.checks import Severity, Verdict
from agent.domain.drafts import Candidate
from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId
from agent.domain.reviews import ReviewItem
from evals.baseline import Baseline
from evals.gate import Colour, Gate, Reason, ReasonKind
from evals.manifest import manifest_of
from evals.outputs import Observed, refuse_other_version
from evals.progress import Progress, Tell
from evals.record import FEW, Recorder, Setup, record, record_with
from evals.report.model import Report
from evals.run import Plan, report_of, scored

SCHEMA_VERSION = 1
CHANGES = ("route", "team", "category", "draft", "candidates", "verdicts")
"""What may differ on one past message."""


class Offer(Frozen):
    """One ready draft that a reviewer may choose, where the agent does not choose itself."""

    entry: str
    """The id of the passage it answers from."""
    text: str


class Side(Frozen):
    """What comes of one past message under one pack."""

    category: str
    route: str
    team: str = ""
    statement: str = ""
    public: str | None = None
    private: str | None = None
    candidates: tuple[Offer, ...] = ()
    """Offered in place of a draft, best first; empty where there is one."""
    failing: tuple[str, ...] = ()
    """Rules that fail on its texts."""
    autofails: tuple[str, ...] = ()


class Replayed(Frozen):
    """One past message under both packs."""

    item: str
    received_at: datetime
    status: str
    """What became of it at the desk."""
    message: str
    """Redacted."""
    before: Side
    after: Side

    @property
    def changes(self) -> tuple[str, ...]:
        """What differs: `route`, `team`, `category`, `draft`, `candidates`, `verdicts`."""
        then, now = self.before, self.after
        said = (then.public, then.private, then.statement)
        differs = {
            "route": then.route != now.route,
            "team": then.team != now.team,
            "category": then.category != now.category,
            "draft": said != (now.public, now.private, now.statement),
            "candidates": then.candidates != now.candidates,
            "verdicts": then.failing != now.failing,
        }
        return tuple(name for name, is_so in differs.items() if is_so)


class WhatIf(Frozen):
    """The whole answer."""

    schema_version: int = SCHEMA_VERSION
    brand: str
    current: str
    changed: str
    """Guideline versions."""
    past: tuple[Replayed, ...] = ()
    report: Report
    """The cases under the changed pack, the current one being the baseline."""
    gate: Gate

    @property
    def counts(self) -> dict[str, int]:
        """How many past items change in which way."""
        return {name: sum(name in one.changes for one in self.past) for name in CHANGES}


@dataclass(frozen=True)
class Question:
    """What is asked: two packs of one brand, the past items, and the plan of the cases."""

    current: BrandPack
    changed: BrandPack
    plan: Plan
    past: Sequence[ReviewItem] = field(default=(), repr=False)


def ask(
    question: Question, at: datetime, workers: int = 0, on_progress: Tell | None = None
) -> WhatIf:
    """Run everything under both packs; `on_progress` hears how much is done, of how much.

    Raises:
        ConfigurationError: the packs are of two brands.
    """
    brand = question.current.policy.brand.id
    if question.changed.policy.brand.id != brand:
        raise ConfigurationError(
            f"the changed pack is of the brand `{question.changed.policy.brand.id}`, the current "
            f"one of `{brand}`: what-if compares two versions of one brand"
        )
    packs = (question.current, question.changed)
    recorders = [Recorder({**question.plan.packs, brand: pack}) for pack in packs]
    progress = Progress(len(question.past) + 2 * len(question.plan.cases), on_progress)
    past = tuple(progress.counted(_replayed(question, recorders)))
    report = _cases(question, recorders, at, workers, progress)
    return WhatIf(
        brand=brand,
        current=question.current.version,
        changed=question.changed.version,
        past=past,
        report=report,
        gate=_gate(report.gate, past),
    )


def past_items(workspace: Workspace, brand: str, count: int) -> tuple[ReviewItem, ...]:
    """Return the last `count` items of a brand, oldest first."""
    return workspace.history.last(BrandId(brand), count)


def _cases(
    question: Question,
    recorders: Sequence[Recorder],
    at: datetime,
    workers: int,
    progress: Progress,
) -> Report:
    cases, brand = question.plan.cases, question.current.policy.brand.id
    is_here = workers == 1 or len(cases) < FEW
    reports = []
    baseline = None
    for recorder, pack in zip(recorders, (question.current, question.changed), strict=True):
        packs = {**question.plan.packs, brand: pack}
        said = record_with(recorder, cases) if is_here else record(cases, Setup(packs), 1, workers)
        found = scored(cases, tuple(progress.counted(said)))
        manifest = manifest_of(cases, packs, at, question.plan.suite.value)
        reports.append(report_of(cases, found, manifest, baseline))
        baseline = Baseline(manifest=manifest, cases=found.records)
    return reports[-1]


def _replayed(question: Question, recorders: Sequence[Recorder]) -> Iterator[Replayed]:
    brand = question.current.policy.brand.id
    for item in question.past:
        message, at = item.outcome.message, item.received_at
        before, after = (recorder.replay(brand, message, at) for recorder in recorders)
        yield Replayed(
            item=item.id,
            received_at=item.received_at,
            status=item.status.value,
            message=before.redacted_text,
            before=_side(before),
            after=_side(after),
        )


def _side(observed: Observed) -> Side:
    triage, draft = observed.triage, observed.draft
    failing = [
        check
        for report in observed.reports
        for check in report.checks
        if check.verdict is Verdict.FAIL
    ]
    grave = [check.rule for check in failing if check.severity is Severity.AUTOFAIL]
    return Side(
        category=triage.category.value,
        route=triage.route.value,
        team=triage.team or "",
        statement=draft.statement_id or "",
        public=draft.public,
        private=draft.private,
        candidates=() if observed.texts else tuple(map(_offer, draft.candidates)),
        failing=tuple(sorted({check.rule for check in failing})),
        autofails=tuple(sorted(set(grave))),
    )


def _offer(candidate: Candidate) -> Offer:
    texts = filter(None, (candidate.public, candidate.private))
    return Offer(entry=candidate.passage_id, text="\n\n".join(texts))


def _gate(gate: Gate, past: Sequence[Replayed]) -> Gate:
    """Add the past items on which an auto-fail rule fails now and did not before."""
    worse = tuple(one.item for one in past if set(one.after.autofails) - set(one.before.autofails))
    if not worse:
        return gate
    text = f"an auto-fail rule fails on {len(worse)} past items"
    reason = Reason(kind=ReasonKind.AUTOFAIL, text=text, cases=worse)
    return gate.model_copy(update={"colour": Colour.RED, "reasons": (*gate.reasons, reason)})


def to_json(found: WhatIf) -> str:
    """Return the answer for a program: the past items with what changes, and the cases' report."""
    record = found.model_dump(mode="json")
    for line, one in zip(record["past"], found.past, strict=True):
        line["changes"] = list(one.changes)
    record["counts"] = found.counts
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def from_json(path: Path) -> WhatIf:
    """Read `whatif.json`.

    Raises:
        ConfigurationError: it is missing, of another schema version, or not what we wrote.
    """
    mend = "ask again: portevoix eval whatif"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); {mend}") from None
    data = refuse_other_version(path, text, SCHEMA_VERSION, mend)
    data.pop("counts", None)
    for line in data.get("past", ()):
        line.pop("changes", None)
    try:
        return WhatIf.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {error.errors()[0]['msg']}; {mend}") from None


def write_into(folder: Path, found: WhatIf) -> None:
    """Write `whatif.json`, `whatif.html` and every form of the cases' report.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    from evals.report.whatif_html import to_html
    from evals.run import write_forms

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "whatif.json").write_text(to_json(found), "utf-8")
        (folder / "whatif.html").write_text(to_html(found), "utf-8")
        write_forms(folder, found.report)
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror})") from None
