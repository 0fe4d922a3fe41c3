"""Running an installation from the console: work, export, people, doctor, settings."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from agent.bootstrap import open_workspace
from agent.domain.drafts import text_sha256
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Decide, DecisionKind, QueueQuery, Reviewer
from agent.domain.work import FailedJob, JobKind
from agent.settings import load_settings
from knowledge.index_lock import own, release
from tests.acceptance.commands import BRAND, records, run, write

PRIVATE = ("jeanne.perrache@exemple.fr", "06 12 34 56 78")
TEXTS = (
    "Bonjour, quels sont vos délais de livraison ?",
    f"Ma commande n'arrive pas, écrivez à {PRIVATE[0]} ou appelez le {PRIVATE[1]}.",
    "Merci pour la tisane, un délice !",
)
CONFIG = """\
brands = ["{brand}"]

[review]
grace_seconds = 0

[channels.inbox]
kind = "file"
brand = "{id}"
inbox = "inbox.jsonl"
outbox = "outbox.jsonl"
"""


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one round of work."""
    space = tmp_path_factory.mktemp("prepared") / "space"
    space.mkdir()
    config = CONFIG.format(brand=BRAND.as_posix(), id=BRAND.name)
    (space / "portevoix.toml").write_text(config, "utf-8")
    rows = [{"id": f"m{n}", "text": text, "surface": "public"} for n, text in enumerate(TEXTS)]
    write(space / "inbox.jsonl", rows)
    done = run("work", "--once", "--workspace", space)
    assert "3 new" in done.stdout
    assert "3 drafted" in done.stdout
    return space


@pytest.fixture
def space(worked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked, tmp_path / "space"))


def test_an_approved_reply_is_posted_once_however_often_work_runs(space: Path) -> None:
    opened = open_workspace(load_settings(space))
    by = Reviewer(id="ana", name="Ana")
    opened.sessions.issue_link(by, {EVERY_BRAND: Role.CM})
    rows = opened.review.queue(QueueQuery()).rows
    item = next(i for i in (opened.review.item(r.id) for r in rows) if i.outcome.draft.public)
    draft = item.outcome.draft
    opened.review.decide(
        Decide(
            item_id=item.id,
            version=item.version,
            kind=DecisionKind.APPROVE,
            by=by,
            public=draft.public,
            shown_sha256=text_sha256(draft.public, None),
        )
    )
    assert "1 posted" in run("work", "--once", "--workspace", space).stdout
    assert "posted" not in run("work", "--once", "--workspace", space).stdout
    assert [row["text"] for row in records(space / "outbox.jsonl")] == [draft.public]


def test_a_second_worker_is_told_who_owns_the_index(space: Path) -> None:
    folder = space / "index" / BRAND.name
    own(folder)
    try:
        said = run("work", "--once", "--workspace", space, code=2).stderr
    finally:
        release(folder)
    assert "in use by process" in said
    assert "Stop that process" in said


def test_export_holds_no_personal_data_unless_asked(space: Path, tmp_path: Path) -> None:
    out = tmp_path / "trail.jsonl"
    run("export", "--workspace", space, "--out", out)
    text = out.read_text("utf-8")
    assert len(records(out)) == len(TEXTS)
    assert [value for value in PRIVATE if value in text] == []
    item = records(out)[0]["item_id"]
    run("export", "--workspace", space, "--out", out, "--item", item)
    assert [row["item_id"] for row in records(out)] == [item]
    run("export", "--workspace", space, "--out", out, "--originals")
    assert [value for value in PRIVATE if value not in out.read_text("utf-8")] == []
    assert (
        "there is no item"
        in run("export", "--workspace", space, "--out", out, "--item", "none", code=1).stderr
    )


def test_people_are_added_listed_and_given_links(space: Path) -> None:
    assert "/sign-in?token=" in run("user", "add", "Ana", "--workspace", space).stdout
    assert "/sign-in?token=" in run("user", "link", "Ana", "--workspace", space).stdout
    assert "Ana: cm" in run("user", "list", "--workspace", space).stdout
    assert "portevoix user add" in run("user", "link", "Bo", "--workspace", space, code=1).stderr
    assert "lead" in run("user", "add", "Bo", "--role", "x", "--workspace", space, code=2).stderr


def test_doctor_finds_every_part_in_order_and_names_a_missing_trigger(space: Path) -> None:
    shown = json.loads(run("doctor", "--json", "--workspace", space).stdout)
    assert all(part["is_in_order"] for part in shown["parts"])
    with sqlite3.connect(space / "portevoix.db") as database:
        database.execute("DROP TRIGGER outbox_insert")
    said = run("doctor", "--workspace", space, code=1).stdout
    assert "trigger outbox_insert" in said
    assert "portevoix migrate" in said
    assert "outbox_insert" in run("work", "--once", "--workspace", space, code=2).stderr


def test_a_password_is_never_shown(space: Path) -> None:
    env = {"PORTEVOIX_STORE__URL": "postgresql://me:mot-de-passe@127.0.0.1:1/none"}
    done = run("doctor", "--workspace", space, env=env, code=1)
    assert "cannot be reached" in done.stdout
    assert "mot-de-passe" not in done.stdout + done.stderr
    env = {"PORTEVOIX_STORE__URL": "postgresql://me:x@127.0.0.1:mot-de-passe/none"}
    env["PORTEVOIX_MODELS__DRAFTER__MODEL"] = "any"
    env["PORTEVOIX_MODELS__DRAFTER__BASE_URL"] = "https://me:mot-de-passe@models.example/v1"
    done = run("doctor", "--offline", "--workspace", space, env=env, code=1)
    assert "https://***@models.example/v1" in done.stdout
    assert "store.url is not a database URL" in done.stdout
    assert "mot-de-passe" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [("brandz = 1\n", "unknown key brandz"), ("x = [\n", "portevoix.toml")],
)
def test_settings_nobody_reads_are_refused(line: str, said: str, space: Path) -> None:
    config = space / "portevoix.toml"
    config.write_text(line + config.read_text("utf-8"), "utf-8")
    assert said in run("doctor", "--workspace", space, code=2).stderr


def test_a_bad_value_in_the_environment_names_its_key(space: Path) -> None:
    env = {"PORTEVOIX_DESK__PORT": "abc"}
    assert "desk.port" in run("doctor", "--workspace", space, env=env, code=2).stderr


def test_a_frozen_brand_posts_nothing_until_it_is_let_go(space: Path) -> None:
    opened = open_workspace(load_settings(space))
    by = Reviewer(id="ana", name="Ana")
    opened.sessions.issue_link(by, {EVERY_BRAND: Role.CM})
    rows = opened.review.queue(QueueQuery()).rows
    item = next(i for i in (opened.review.item(r.id) for r in rows) if i.outcome.draft.public)
    text = item.outcome.draft.public
    opened.review.decide(
        Decide(
            item_id=item.id,
            version=item.version,
            kind=DecisionKind.APPROVE,
            by=by,
            public=text,
            shown_sha256=text_sha256(text, None),
        )
    )
    there = ("--workspace", space)
    assert "no brand" in run("freeze", "--brand", "none", *there, code=2).stderr
    frozen = run("freeze", "--brand", BRAND.name, "--reason", "rumeur", "--as", "Léa", *there)
    assert f"frozen on {BRAND.name}" in frozen.stdout
    assert f"frozen on {BRAND.name}" in run("doctor", *there).stdout
    assert "posted" not in run("work", "--once", *there).stdout
    assert "goes on" in run("unfreeze", "--brand", BRAND.name, *there).stdout
    assert "1 posted" in run("work", "--once", *there).stdout
    with opened.store.read() as work:
        frozen_by = [e.detail for e in work.audit.of(BRAND.name) if e.action == "posting.frozen"]
    assert frozen_by == [{"name": "Léa", "reason": "rumeur"}]


def test_a_job_given_up_is_listed_and_doctor_says_so(space: Path) -> None:
    there = ("--workspace", space)
    assert "No job waits" in run("jobs", "dead", *there).stdout
    opened = open_workspace(load_settings(space))
    about = opened.review.item(opened.review.queue(QueueQuery()).rows[0].id).outcome.message.id
    failed = FailedJob(kind=JobKind.DRAFT, subject=about, problem="TimeoutError")
    opened.letters.give_up(failed)
    assert failed.key in run("jobs", "dead", *there).stdout
    assert "jobs given up: 1" in run("doctor", *there, code=1).stdout
    assert failed.key in run("jobs", "retry", "--all", *there).stdout
    assert "being tried again" in run("jobs", "dead", *there).stdout
    assert "name one job" in run("jobs", "retry", *there, code=2).stderr
    assert "no job draft:m9" in run("jobs", "retry", "draft:m9", *there, code=1).stderr
