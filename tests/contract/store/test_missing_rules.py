"""A database that lost one of its rules is not opened, and says which one it lost."""

import pytest
import sqlalchemy as sa

from agent.adapters.store import open_store, upgrade, verify_invariants
from agent.adapters.store.engine import make_engine
from agent.adapters.store.rules import RULES, TRUNCATE_RULES, Rule
from agent.domain.errors import InvariantMissing


def alter(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def drop(url: str, rule: Rule) -> str:
    return f"DROP TRIGGER {rule.name}" + ("" if url.startswith("sqlite") else f" ON {rule.table}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_missing_trigger_is_named(store_url: str, rule: Rule) -> None:
    open_store(store_url).close()
    alter(store_url, drop(store_url, rule))
    with pytest.raises(InvariantMissing, match=f"trigger {rule.name}"):
        open_store(store_url)


@pytest.mark.postgres
@pytest.mark.parametrize("rule", TRUNCATE_RULES, ids=lambda rule: rule.name)
def test_a_missing_truncate_trigger_is_named(postgres_url: str, rule: Rule) -> None:
    alter(postgres_url, drop(postgres_url, rule))
    with pytest.raises(InvariantMissing, match=f"trigger {rule.name}"):
        open_store(postgres_url)


def test_the_message_says_what_to_do(store_url: str) -> None:
    alter(store_url, drop(store_url, RULES[0]))
    with pytest.raises(InvariantMissing, match=r"run `portevoix migrate`"):
        open_store(store_url)


def test_opening_never_repairs_in_passing_and_upgrade_does(store_url: str) -> None:
    alter(store_url, drop(store_url, RULES[0]))
    for _ in range(2):
        with pytest.raises(InvariantMissing):
            open_store(store_url)
    upgrade(store_url)
    open_store(store_url).close()


def test_a_trigger_that_does_nothing_is_found_on_sqlite(sqlite_url: str) -> None:
    alter(
        sqlite_url,
        "DROP TRIGGER decisions_no_update",
        "CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN SELECT 1; END",
    )
    with pytest.raises(InvariantMissing, match="trigger decisions_no_update"):
        open_store(sqlite_url)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        "CREATE OR REPLACE FUNCTION decisions_no_update() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN RETURN NEW; END$$",
        "ALTER TABLE decisions DISABLE TRIGGER decisions_no_update",
        "ALTER TABLE decisions ENABLE REPLICA TRIGGER decisions_no_update",
        "DROP TRIGGER decisions_no_update ON decisions; CREATE TRIGGER decisions_no_update"
        " AFTER UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION decisions_no_update()",
        "DROP TRIGGER decisions_no_update ON decisions; CREATE TRIGGER decisions_no_update"
        " BEFORE UPDATE ON decisions FOR EACH ROW WHEN (OLD.id = 'x')"
        " EXECUTE FUNCTION decisions_no_update()",
        "DROP TRIGGER decisions_no_update ON decisions; CREATE TRIGGER decisions_no_update"
        " BEFORE UPDATE OF kind ON decisions FOR EACH ROW EXECUTE FUNCTION decisions_no_update()",
    ],
    ids=["empty", "disabled", "replica", "after", "when", "one column"],
)
def test_a_trigger_that_does_nothing_is_found_on_postgres(postgres_url: str, change: str) -> None:
    alter(postgres_url, change)
    with pytest.raises(InvariantMissing, match="trigger decisions_no_update"):
        open_store(postgres_url)


@pytest.mark.postgres
def test_a_false_hash_function_is_found(postgres_url: str) -> None:
    alter(
        postgres_url,
        "CREATE OR REPLACE FUNCTION portevoix_text_sha256(public_text text, private_text text)"
        " RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'x'$$",
    )
    with pytest.raises(InvariantMissing, match="portevoix_text_sha256"):
        open_store(postgres_url)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        ("outbox", "fk_outbox_decision"),
        ("outbox", "uq_outbox_item"),
        ("outbox", "ck_outbox_approval"),
        ("decisions", "uq_decisions_item"),
        ("decisions", "ck_decisions_text"),
        ("decisions", "fk_decisions_draft"),
        ("posts", "uq_posts_surface"),
        ("posts", "uq_posts_key"),
        ("posts", "fk_posts_outbox"),
        ("items", "uq_items_message"),
    ],
)
def test_a_missing_constraint_is_named(postgres_url: str, table: str, constraint: str) -> None:
    alter(postgres_url, f"ALTER TABLE {table} DROP CONSTRAINT {constraint} CASCADE")
    with pytest.raises(InvariantMissing, match=constraint):
        open_store(postgres_url)


def test_a_missing_unique_index_is_named(store_url: str) -> None:
    alter(store_url, "DROP INDEX uq_posts_live")
    with pytest.raises(InvariantMissing, match="uq_posts_live"):
        open_store(store_url)


def test_a_rebuilt_sqlite_table_without_its_constraints_is_found(sqlite_url: str) -> None:
    alter(
        sqlite_url,
        "DROP TABLE outbox",
        "CREATE TABLE outbox (id TEXT, item_id TEXT, round INTEGER, decision_id TEXT, kind TEXT,"
        " text_sha256 TEXT, created_at TEXT)",
    )
    with pytest.raises(InvariantMissing, match="fk_outbox_decision"):
        open_store(sqlite_url)


def test_foreign_keys_switched_off_are_found(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    sa.event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA foreign_keys = OFF"))
    with pytest.raises(InvariantMissing, match="PRAGMA foreign_keys"):
        verify_invariants(engine)
    engine.dispose()
