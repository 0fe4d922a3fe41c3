"""Every way round a person's decision, tried in raw SQL: the database refuses each."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest
import sqlalchemy as sa

from agent.adapters.store.engine import make_engine
from agent.domain.drafts import text_sha256
from agent.domain.ids import ItemId
from tests.desk_kit import Desk

TEXT = "Comptez trois jours."


@pytest.fixture
def raw(store_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


def run(raw: sa.Engine, statement: str, **values: object) -> int:
    with raw.connect().execution_options(writes=True) as connection, connection.begin():
        return connection.execute(sa.text(statement), values).rowcount


def refused(raw: sa.Engine, statement: str, **values: object) -> str:
    with pytest.raises(sa.exc.DBAPIError) as caught:
        run(raw, statement, **values)
    return str(caught.value.orig)


def count(raw: sa.Engine, table: str) -> int:
    with raw.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


DECISION = (
    "INSERT INTO decisions (id, item_id, round, draft_revision, kind, by_id, by_name, at,"
    " public_text, private_text, text_sha256, message_sha256, edit_ratio, guideline_version,"
    " detail) VALUES (:id, :item_id, :round, 1, :kind, 'x', 'X', '2026-11-21 09:00:00.000000',"
    " :public, :private, :sha, 'm', 0, 'g', '{}')"
)
OUTBOX = (
    "INSERT INTO outbox (id, item_id, round, decision_id, kind, text_sha256, created_at)"
    " VALUES (:id, :item_id, :round, :decision_id, :kind, :sha, '2026-11-21 09:00:00.000000')"
)
POST = (
    "INSERT INTO posts (id, outbox_id, item_id, surface, channel_instance, attempt_key, status,"
    " attempts, url, problem, created_at, updated_at) VALUES (:id, :outbox_id, :item_id, :surface,"
    " 'recording', :key, :status, 0, '', '', '2026-11-21 09:00:00.000000',"
    " '2026-11-21 09:00:00.000000')"
)


def decision(item_id: ItemId, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": uuid4().hex,
        "item_id": item_id,
        "round": 1,
        "kind": "approve",
        "public": TEXT,
        "private": None,
        "sha": text_sha256(TEXT, None),
    }
    return values | given


def outbox(item_id: ItemId, decision_id: str, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": uuid4().hex,
        "item_id": item_id,
        "round": 1,
        "decision_id": decision_id,
        "kind": "approve",
        "sha": text_sha256(TEXT, None),
    }
    return values | given


def post(item_id: ItemId, outbox_id: str, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": uuid4().hex,
        "outbox_id": outbox_id,
        "item_id": item_id,
        "surface": "public",
        "key": uuid4().hex,
        "status": "ready",
    }
    return values | given


def scalar(raw: sa.Engine, statement: str) -> str:
    with raw.connect() as connection:
        return str(connection.exec_driver_sql(statement).scalar_one())


def test_the_statements_of_these_tests_work_when_nothing_is_wrong(
    desk: Desk, raw: sa.Engine
) -> None:
    item_id = desk.one()
    run(raw, DECISION, **decision(item_id, id="d"))
    run(raw, OUTBOX, **outbox(item_id, "d", id="o"))
    run(raw, POST, **post(item_id, "o"))
    assert (count(raw, "decisions"), count(raw, "outbox"), count(raw, "posts")) == (1, 1, 1)


def test_no_outbox_row_without_a_decision(desk: Desk, raw: sa.Engine) -> None:
    item_id = desk.one()
    assert "without an approving decision" in refused(raw, OUTBOX, **outbox(item_id, "none"))


@pytest.mark.parametrize("kind", ["reject", "approve"])
def test_no_outbox_row_for_a_rejected_item(desk: Desk, raw: sa.Engine, kind: str) -> None:
    item_id = desk.one()
    rejected = desk.reject(item_id)
    for sha in (rejected.text_sha256, text_sha256(TEXT, None)):
        values = outbox(item_id, rejected.id, kind=kind, sha=sha)
        refused(raw, OUTBOX, **values)
    assert count(raw, "outbox") == 0


def test_no_outbox_row_on_another_items_decision(desk: Desk, raw: sa.Engine) -> None:
    approved, other = desk.one(), desk.one()
    made = desk.approve(approved)
    refused(raw, OUTBOX, **outbox(other, made.id))


def test_no_outbox_row_for_another_text(desk: Desk, raw: sa.Engine) -> None:
    item_id = desk.one()
    run(raw, DECISION, **decision(item_id, id="d"))
    refused(raw, OUTBOX, **outbox(item_id, "d", sha=text_sha256("Autre texte.", None)))


def test_no_second_outbox_row(desk: Desk, raw: sa.Engine) -> None:
    item_id = desk.one()
    made = desk.approve(item_id)
    for number in (1, 2):
        refused(raw, OUTBOX, **outbox(item_id, made.id, round=number))
    assert count(raw, "outbox") == 1


@pytest.mark.parametrize("surface", ["public", "private"])
def test_no_second_post_and_no_post_of_a_text_that_is_not_there(
    desk: Desk, raw: sa.Engine, surface: str
) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    outbox_id = scalar(raw, "SELECT id FROM outbox")
    refused(raw, POST, **post(item_id, outbox_id, surface=surface))
    desk.posting.post_ready()
    refused(raw, POST, **post(item_id, outbox_id, surface=surface))
    assert count(raw, "posts") == 1


def test_no_post_without_an_outbox_row(desk: Desk, raw: sa.Engine) -> None:
    refused(raw, POST, **post(desk.one(), "none"))


@pytest.mark.parametrize("status", ["sending", "sent", "unknown", "cancelled"])
def test_a_post_starts_as_ready(desk: Desk, raw: sa.Engine, status: str) -> None:
    item_id = desk.one()
    run(raw, DECISION, **decision(item_id, id="d"))
    run(raw, OUTBOX, **outbox(item_id, "d", id="o"))
    refused(raw, POST, **post(item_id, "o", status=status))


@pytest.mark.parametrize("status", ["ready", "sending", "unknown", "cancelled", "returned"])
def test_a_sent_post_is_never_sent_again(desk: Desk, raw: sa.Engine, status: str) -> None:
    desk.approve(desk.one())
    desk.posting.post_ready()
    refused(raw, "UPDATE posts SET status = :status", status=status)


@pytest.mark.parametrize("column", ["item_id", "surface", "attempt_key", "channel_instance", "id"])
def test_what_a_post_is_never_changes(desk: Desk, raw: sa.Engine, column: str) -> None:
    desk.approve(desk.one())
    value = "private" if column == "surface" else "other"
    refused(raw, f"UPDATE posts SET {column} = '{value}'")  # noqa: S608


def test_an_unknown_post_is_never_marked_as_being_sent_again(desk: Desk, raw: sa.Engine) -> None:
    desk.approve(desk.one())
    run(raw, "UPDATE posts SET status = 'sending'")
    run(raw, "UPDATE posts SET status = 'unknown'")
    refused(raw, "UPDATE posts SET status = 'sending'")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decisions SET public_text = 'Autre texte.'",
        "UPDATE decisions SET kind = 'approve', public_text = 'x'",
        "UPDATE decisions SET by_name = 'Ben'",
        "UPDATE decisions SET text_sha256 = 'x'",
        "DELETE FROM decisions",
        "UPDATE outbox SET text_sha256 = 'x'",
        "UPDATE outbox SET decision_id = 'x'",
        "DELETE FROM outbox",
        "DELETE FROM posts",
        "UPDATE audit SET actor = 'ben'",
        "UPDATE audit SET detail = '{}'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "DELETE FROM items",
        "UPDATE items SET status = 'pending'",
        "UPDATE items SET round = 2, status = 'pending'",
        "UPDATE items SET id = 'x'",
    ],
)
def test_what_was_decided_stays(desk: Desk, raw: sa.Engine, change: str) -> None:
    desk.approve(desk.one())
    desk.posting.post_ready()
    refused(raw, change)


@pytest.mark.parametrize("table", ["decisions", "outbox", "posts", "audit", "items"])
def test_no_table_of_the_record_is_emptied(
    desk: Desk, raw: sa.Engine, store_url: str, table: str
) -> None:
    desk.approve(desk.one())
    is_sqlite = store_url.startswith("sqlite")
    refused(raw, f"DELETE FROM {table}" if is_sqlite else f"TRUNCATE {table} CASCADE")  # noqa: S608


@pytest.mark.parametrize("number", [1, 2])
def test_no_second_decision(desk: Desk, raw: sa.Engine, number: int) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    refused(raw, DECISION, **decision(item_id, round=number))


@pytest.mark.parametrize(
    "given",
    [
        {"public": "Autre texte."},
        {"public": None, "private": TEXT},
        {"private": "En plus."},
        {"sha": text_sha256("Autre texte.", None)},
        {"public": None, "sha": text_sha256(None, None)},
        {"kind": "reject"},
        {"kind": "publish"},
    ],
    ids=["other text", "other surface", "one more", "other hash", "no text", "reject", "kind"],
)
def test_a_decision_is_what_it_says(desk: Desk, raw: sa.Engine, given: dict[str, object]) -> None:
    refused(raw, DECISION, **decision(desk.one(), **given))


@pytest.mark.parametrize(
    "text",
    [
        "« Déjà » : l’été à 20 %\u202f!",
        'Des "guillemets", une barre \\ et / une tabulation\t.',
        "Deux\nlignes\r\net une troisième\x0b, \x1f\x7f",
        "Emoji 👩‍👩‍👧 et \u2028 séparateur",
        "",
    ],
)
def test_the_database_hashes_a_text_as_we_do(desk: Desk, raw: sa.Engine, text: str) -> None:
    values = decision(desk.one(), public=text, private=text, sha=text_sha256(text, text))
    assert run(raw, DECISION, **values) == 1


def test_an_audit_entry_only_follows_the_last_one(desk: Desk, raw: sa.Engine) -> None:
    desk.one()
    insert = (
        "INSERT INTO audit (seq, at, actor, action, subject, detail, previous_hash, hash) VALUES"
        " (:seq, '2026-11-21 09:00:00.000000', 'x', 'x', 'x', '{}', :previous, :hash)"
    )
    last = scalar(raw, "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")
    seq = count(raw, "audit")
    refused(raw, insert, seq=seq + 2, previous=last, hash="h")
    refused(raw, insert, seq=seq + 1, previous="0" * 64, hash="h")
    refused(raw, insert, seq=seq + 1, previous=last, hash=last)
    assert run(raw, insert, seq=seq + 1, previous=last, hash="h") == 1


class TestSqliteAlone:
    """What only SQLite lets one try."""

    @pytest.fixture
    def store_url(self, sqlite_url: str) -> str:
        return sqlite_url

    @pytest.fixture
    def stranger(self, desk: Desk, store_url: str) -> Iterator[sqlite3.Connection]:
        """Another program: foreign keys off, as SQLite has them, and none of our functions."""
        with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
            yield connection

    def test_another_program_adds_no_outbox_row(
        self, desk: Desk, stranger: sqlite3.Connection
    ) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="without an approving decision"):
            stranger.execute(OUTBOX, outbox(desk.one(), "none"))

    def test_another_program_adds_no_post(self, desk: Desk, stranger: sqlite3.Connection) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="needs an outbox row"):
            stranger.execute(POST, post(desk.one(), "none"))

    def test_another_program_adds_no_decision(
        self, desk: Desk, stranger: sqlite3.Connection
    ) -> None:
        with pytest.raises(sqlite3.OperationalError, match="portevoix_text_sha256"):
            stranger.execute(DECISION, decision(desk.one()))

    @pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
    def test_replacing_replaces_nothing(self, desk: Desk, raw: sa.Engine, verb: str) -> None:
        item_id = desk.one()
        made = desk.approve(item_id)
        desk.posting.post_ready()
        outbox_id = scalar(raw, "SELECT id FROM outbox")
        post_id = scalar(raw, "SELECT id FROM posts")
        other = "Autre texte."
        tries = [
            (DECISION, decision(item_id, id=made.id, public=other, sha=text_sha256(other, None))),
            (DECISION, decision(item_id, public=other, sha=text_sha256(other, None))),
            (OUTBOX, outbox(item_id, made.id, id=outbox_id)),
            (OUTBOX, outbox(item_id, made.id)),
            (POST, post(item_id, outbox_id, id=post_id)),
            (POST, post(item_id, outbox_id)),
        ]
        for statement, values in tries:
            refused(raw, statement.replace("INSERT", verb, 1), **values)
        assert scalar(raw, "SELECT public_text FROM decisions") == TEXT
        assert scalar(raw, "SELECT status FROM posts") == "sent"

    def test_an_item_is_not_replaced_by_one_in_a_later_round(
        self, desk: Desk, raw: sa.Engine
    ) -> None:
        desk.approve(desk.one())
        copy = (
            "INSERT OR REPLACE INTO items SELECT id, message_id, brand_id, version, 2, 'pending',"
            " draft_revision, channel_instance, channel, surface, author, excerpt, searchable,"
            " category, route, urgency, urgency_rank, lang, team, is_toxic, due_at, due_rank,"
            " received_at, drafted_at, guideline_version, lease_id, lease_name, lease_until,"
            " assignee_id, assignee_name, snoozed_until, stale_because, updated_at,"
            " approvers_needed, first_approver_id, first_approver_name, purged_at FROM items"
        )
        assert "first round" in refused(raw, copy)
