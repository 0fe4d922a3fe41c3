"""On PostgreSQL the application's role does all its work, and the server refuses it the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore, grant, grants, open_store
from agent.adapters.store.engine import make_engine
from agent.adapters.work.database import SCHEMA
from agent.cli.health import database_role
from agent.domain.brand import Retention
from agent.domain.errors import ConfigurationError, PortevoixError, WorkspaceError
from agent.domain.retention import RetentionClass
from agent.services.retention import RetentionService
from agent.settings import load_settings
from tests.acceptance.commands import BRAND, run
from tests.desk_kit import Desk, message
from tests.integration.work.crew_kit import Crew

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres
CONFIG = 'brands = ["{brand}"]\n'


@dataclass(frozen=True)
class Roles:
    """A migrated database, as its owner and as the application see it."""

    owner: str
    app: str
    name: str
    folder: Path

    def environment(self) -> dict[str, str]:
        return {"PORTEVOIX_STORE__URL": self.app, "PORTEVOIX_STORE__OWNER_URL": self.owner}


def execute(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def refused(url: str, statement: str) -> str:
    with pytest.raises(sa.exc.DBAPIError) as caught:
        execute(url, statement)
    return str(caught.value.orig)


@pytest.fixture(scope="module")
def roles(
    postgres_server: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Roles]:
    """A blank database with an owner that is no superuser, and a role that owns nothing."""
    folder = tmp_path_factory.mktemp("roles")
    database = postgres_server.create()
    admin = sa.make_url(postgres_server.url(database))
    tag = uuid4().hex[:8]
    owner, name = f"owner_{tag}", f"Desk {tag}"
    execute(
        postgres_server.url(database),
        f"CREATE ROLE {owner} LOGIN",
        f'CREATE ROLE "{name}" LOGIN',
        f"ALTER DATABASE {admin.database} OWNER TO {owner}",
    )
    urls = [admin.set(username=one).render_as_string(hide_password=False) for one in (owner, name)]
    (folder / "portevoix.toml").write_text(CONFIG.format(brand=BRAND.as_posix()), "utf-8")
    yield Roles(urls[0], urls[1], name, folder)
    postgres_server.drop(database)
    execute(postgres_server.url("postgres"), f'DROP ROLE "{name}"', f"DROP ROLE {owner}")


@pytest.fixture(scope="module")
def migrated(roles: Roles) -> Roles:
    """After `portevoix migrate`, which grants to the role of store.url by itself."""
    execute(roles.owner, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(WorkspaceError, match=r"run `portevoix migrate` with the owner's address"):
        open_store(roles.app)
    done = run("migrate", "--workspace", roles.folder, env=roles.environment())
    assert f"{roles.name} may use the tables" in done.stdout
    return roles


def test_the_application_works_and_may_not_touch_what_holds_it(migrated: Roles) -> None:
    store = open_store(migrated.app)
    assert isinstance(store, SqlStore)
    desk = Desk(store, clock=SystemClock())  # type: ignore[arg-type]
    desk.channel.inbox = [message(id="m1", external_id="x1")]
    with Crew(desk, migrated.app) as crew:
        crew.until(lambda: sum(desk.review.counts().by_status.values()) == 1)
        item_id = desk.item_of("m1")  # type: ignore[arg-type]
        desk.approve(item_id)
        crew.until(lambda: len(desk.channel.sent) == 1)
        crew.until(lambda: not crew.engine.holders())
        assert crew.engine.purge(desk.clock.now()) >= 1
    at_once = Retention.model_validate(dict.fromkeys(RetentionClass, "0"))
    assert RetentionService(store, desk.clock, lambda: {desk.brand: at_once}).purge().emptied == 3
    assert desk.trail.verify_audit().is_intact
    store.close()
    said = refused(migrated.app, "UPDATE decisions SET public_text = 'autre chose'")
    assert "a decision is never changed" in said
    for statement in (
        "UPDATE decisions SET kind = 'edit'",
        "UPDATE approvals SET by_id = 'x'",
        "DELETE FROM decisions",
        "UPDATE outbox SET kind = 'edit'",
        "DELETE FROM audit",
        "DELETE FROM posts",
        "TRUNCATE decisions CASCADE",
        "TRUNCATE messages CASCADE",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        assert "permission denied" in refused(migrated.app, statement), statement
    for statement in (
        "DROP TRIGGER decisions_no_update ON decisions",
        "ALTER TABLE decisions DISABLE TRIGGER ALL",
        "DROP TABLE audit",
        "ALTER TABLE outbox DROP CONSTRAINT pk_outbox",
        "CREATE OR REPLACE FUNCTION decisions_no_update() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        f"DROP SCHEMA {SCHEMA} CASCADE",
    ):
        said = refused(migrated.app, statement)
        assert "must be owner" in said or "permission denied" in said, said
    for statement in (
        "CREATE TABLE mine (n int)",
        "CREATE TEMPORARY TABLE decisions (n int)",
        "SET session_replication_role = 'replica'",
    ):
        assert "permission denied" in refused(migrated.app, statement), statement


def test_doctor_says_who_the_application_is(migrated: Roles) -> None:
    settings = load_settings(migrated.folder, store={"url": migrated.app})
    assert f"{migrated.name} owns nothing" in database_role(settings)
    execute(migrated.owner, f'GRANT UPDATE ON decisions TO "{migrated.name}"')
    with pytest.raises(
        PortevoixError, match=r"only ever added to: decisions \(UPDATE\); run porte"
    ):
        database_role(settings)
    grant(migrated.owner, migrated.name)
    assert f"{migrated.name} owns nothing" in database_role(settings)
    said = database_role(load_settings(migrated.folder, store={"url": migrated.owner}))
    assert re.match(r"WARNING: owner_\w+ is the owner of the tables", said)


def test_only_a_role_of_its_own_is_granted_to(migrated: Roles) -> None:
    owner = str(sa.make_url(migrated.owner).username)
    for name, said in ((owner, "a role of its own"), ("nobody-here", "there is no role")):
        with pytest.raises(ConfigurationError, match=said):
            grant(migrated.owner, name)
    sql = grants(migrated.owner, migrated.name)
    assert f'GRANT SELECT, INSERT ON public.audit TO "{migrated.name}"' in sql
    with pytest.raises(ConfigurationError, match="SQLite has no roles"):
        grants("sqlite:///here.db", "desk")


def test_an_engine_without_its_tables_says_who_makes_them(migrated: Roles) -> None:
    execute(migrated.owner, f"DROP SCHEMA {SCHEMA} CASCADE")
    store = open_store(migrated.app)
    desk = Desk(store, clock=SystemClock())  # type: ignore[arg-type]
    with pytest.raises(WorkspaceError, match="the engine's tables are not at this version"):
        Crew(desk, migrated.app).__enter__()
    store.close()
