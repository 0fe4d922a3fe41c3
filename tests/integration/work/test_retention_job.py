"""A worker removes what is past its retention, once a day, and two workers do it once."""

from datetime import timedelta
from pathlib import Path

from agent.adapters.chat_model import FileCache
from agent.adapters.store import SqlStore
from agent.bootstrap import open_workspace
from agent.bootstrap.keeping import build_retention, kept_answers
from agent.domain.brand import Retention
from agent.domain.models import ModelAnswer
from agent.domain.work import JobKind
from agent.services.retention import RetentionService
from agent.services.work import JobService, LetterService
from agent.settings import load_settings
from agent.testing import FrozenClock
from tests.browser.site import make_workspace
from tests.desk_kit import BRAND, Desk

RULES = Retention.model_validate(
    {"message": "1 d", "draft": "1 d", "approved_reply": "1 d", "model_trace": "1 d"}
)

YEARS = timedelta(days=4000)


def jobs_of(desk: Desk, said: list[str]) -> JobService:
    letters = LetterService(desk.store, desk.clock, desk.intake, desk.posting)
    retention = RetentionService(desk.store, desk.clock, lambda: {BRAND: RULES})
    return JobService(
        desk.clock,
        desk.intake,
        desk.posting,
        letters,
        {},
        {},
        lambda: 0,
        said.append,
        retention=retention,
    )


def test_the_daily_job_purges_once_and_its_report_is_in_the_audit_trail(store: SqlStore) -> None:
    desk, said = Desk(store), list[str]()
    desk.reject(desk.one())
    desk.one()
    desk.clock.advance(timedelta(days=2))
    one, other = jobs_of(desk, said), jobs_of(desk, said)
    due = [job for job in one.due(1.0) if job.kind is JobKind.PURGE]
    assert [(job.subject, job.spacing_seconds) for job in due] == [
        ("retention", 86_400.0),
        ("history", 3600.0),
    ]
    for jobs in (one, other):
        jobs.do(JobKind.PURGE, "retention")
    assert said == ["retention: 3 texts removed"]
    with desk.store.read() as work:
        told = [one for one in work.audit.entries() if one.action == "retention.purged"]
    counts = {str(one.detail["kind"]): one.detail["emptied"] for one in told}
    assert counts == {"message": 1, "draft": 1, "approved_reply": 1}
    assert all(one.detail["kept"] in ({"open": 1}, {}) for one in told)
    assert desk.trail.verify_audit().is_intact


def test_answers_of_models_are_kept_no_longer_than_their_traces(tmp_path: Path) -> None:
    space = open_workspace(load_settings(make_workspace(tmp_path / "workspace")))
    (pack,) = space.packs.values()
    old, new = (FrozenClock(space.clock.now() - age) for age in (YEARS, timedelta(0)))
    path = kept_answers(space.settings)
    for name, clock in (("old", old), ("new", new)):
        FileCache(path, clock).put(name, ModelAnswer(content={}, model=name))
    assert pack.policy.retention.model_trace < YEARS
    build_retention(space).purge()
    kept = FileCache(path, new)
    assert (kept.get("old"), kept.get("new")) == (None, ModelAnswer(content={}, model="new"))
