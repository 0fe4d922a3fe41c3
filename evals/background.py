"""The process behind a background run: `python -m evals.background whatif|run …`."""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent.bootstrap import Workspace, open_workspace
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.domain.ids import BrandId, PersonId
from agent.domain.packs import Trial, TrialColour
from agent.domain.reviews import Reviewer
from agent.settings import load_settings
from evals.cases import Suite
from evals.gate import Gate, ReasonKind
from evals.jobs import Job, JobState, job_in, keep_job
from evals.run import Plan, plan_of, record_into, report_of, score_in, write_forms
from evals.whatif import Question, ask, past_items, write_into

_BEAT_SECONDS = 0.4
"""The file is written at most this often; the desk looks once a second."""


class Teller:
    """Keeps the job's file."""

    def __init__(self, folder: Path, space: Workspace) -> None:
        self._folder, self._space = folder, space
        found = job_in(folder, space.clock.now())
        if found is None:
            raise ConfigurationError(f"{folder}: there is no job there")
        self._job: Job = found
        self._told = 0.0

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        if time.monotonic() - self._told >= _BEAT_SECONDS or done == total:
            self._told = time.monotonic()
            self.say(done=done, total=total)

    def say(self, **changes: object) -> None:
        """Write what is known now."""
        beat = {"beat_at": self._space.clock.now()}
        self._job = self._job.model_copy(update={**changes, **beat})
        keep_job(self._folder, self._job)


def main(words: list[str] | None = None) -> None:
    """Run, and leave the outcome in the job's file whatever it is."""
    given = _arguments().parse_args(words)
    with suppress(OSError):
        # The desk beside it answers people: it comes first.
        os.nice(10)
    space = open_workspace(load_settings(given.workspace))
    space.packs.refresh_all()
    teller = Teller(given.folder, space)
    try:
        _WORK[given.what](space, given, teller)
        teller.say(state=JobState.DONE)
    except PortevoixError as error:
        teller.say(state=JobState.FAILED, problem=str(error))
    except Exception as error:
        # Its text might quote a message: only its kind is told.
        teller.say(state=JobState.FAILED, problem=type(error).__name__)
        raise
    finally:
        space.store.close()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=sorted(_WORK))
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("brand", "by", "name", "proposal"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--suite", default="full")
    parser.add_argument("--last", type=int, default=200)
    return parser


def _run(space: Workspace, given: argparse.Namespace, teller: Teller) -> None:
    folder = _written_out(given.folder / "pack", space.guides.current(BrandId(given.brand))[1])
    plan = plan_of([folder], (), Suite(given.suite))
    at = space.clock.now()
    manifest = record_into(given.folder, plan, at, _processes(), teller.progress)
    write_forms(given.folder, report_of(plan.cases, score_in(given.folder, plan), manifest))


def _whatif(space: Workspace, given: argparse.Namespace, teller: Teller) -> None:
    proposal = space.proposals.proposal(given.proposal)
    brand_id = proposal.brand_id
    folder = _written_out(given.folder / "pack", space.proposals.result(proposal))
    current = space.packs[brand_id]
    plan = _plan(folder, current.policy.brand.id)
    past = past_items(space, brand_id, given.last)
    question = Question(current, plan.packs[brand_id], plan, past)
    at = space.clock.now()
    found = ask(question, at, _processes(), teller.progress)
    write_into(given.folder, found)
    trial = Trial(
        current=current.version,
        changes_sha256=proposal.changes_sha256,
        at=space.clock.now(),
        by=Reviewer(id=PersonId(given.by), name=given.name),
        colour=_colour(found.gate),
        reasons=tuple(reason.text for reason in found.gate.reasons),
        counts=found.counts,
        past=len(found.past),
        cases=len(found.report.cases),
        place=given.folder.name,
    )
    space.proposals.record_trial(proposal.id, trial)


def _plan(folder: Path, brand: str) -> Plan:
    """Return the plan of the brand's cases; a brand may have none yet."""
    from agent.bootstrap import load_brand

    try:
        return plan_of([folder])
    except ConfigurationError as error:
        if not str(error).startswith("no cases"):
            raise
        return Plan((), {brand: load_brand(folder)})


def _colour(gate: Gate) -> TrialColour:
    """Return the gate's colour; without any case there is nothing to gate on, and no red."""
    if {reason.kind for reason in gate.reasons} == {ReasonKind.NO_CASES}:
        return TrialColour.AMBER
    has_past = any(reason.kind is ReasonKind.AUTOFAIL for reason in gate.reasons)
    if not gate.is_valid and not has_past:
        return TrialColour.INVALID
    return TrialColour(gate.colour.value)


def _written_out(folder: Path, texts: dict[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
    return folder


def _processes() -> int:
    return max(1, (os.cpu_count() or 1) - 1)


_WORK: dict[str, Callable[[Workspace, argparse.Namespace, Teller], None]] = {
    "run": _run,
    "whatif": _whatif,
}

if __name__ == "__main__":
    main()
