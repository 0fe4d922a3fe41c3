"""The unit of work: one transaction, its collections, and what is written as it commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import sqlalchemy as sa

from agent.adapters.store.accounts import SqlAccounts
from agent.adapters.store.alerts import SqlAlerts
from agent.adapters.store.approvals import SqlApprovals
from agent.adapters.store.archive import SqlArchive
from agent.adapters.store.audit import SqlAudit
from agent.adapters.store.authors import SqlAuthors
from agent.adapters.store.census import SqlCensus
from agent.adapters.store.counters import Counters
from agent.adapters.store.engine import (
    errors_in_our_words,
    make_engine,
    overwrite_removed,
    transaction,
)
from agent.adapters.store.figures import SqlFigures
from agent.adapters.store.handoffs import SqlHandoffs
from agent.adapters.store.inbox import SqlBrands, SqlInbox
from agent.adapters.store.invariants import verify_invariants
from agent.adapters.store.items import SqlItems
from agent.adapters.store.moderation import SqlModeration
from agent.adapters.store.notices import SqlNotices
from agent.adapters.store.outbox import SqlOutbox
from agent.adapters.store.packs import SqlPacks
from agent.adapters.store.people import SqlPeople
from agent.adapters.store.queue import SqlQueue
from agent.adapters.store.retention import SqlRetention
from agent.adapters.store.saved_replies import SqlSavedReplies
from agent.adapters.store.schema import refuse_other_schema, upgrade_if_behind
from agent.adapters.store.spending import SqlSpending
from agent.adapters.store.views import SqlViews
from agent.adapters.store.work import SqlBreakers, SqlFreezes, SqlLetters, SqlWorkers

_COMMIT_LOCK = 7_382_002
"""Any number: on PostgreSQL, transactions that extend the audit chain do so one at a time."""


class SqlUnitOfWork:
    """One transaction on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._counters = Counters(connection)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._connection)

    @cached_property
    def brands(self) -> SqlBrands:
        return SqlBrands(self._connection)

    @cached_property
    def items(self) -> SqlItems:
        return SqlItems(self._connection, self._counters)

    @cached_property
    def queue(self) -> SqlQueue:
        return SqlQueue(self._connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection)

    @cached_property
    def approvals(self) -> SqlApprovals:
        return SqlApprovals(self._connection)

    @cached_property
    def views(self) -> SqlViews:
        return SqlViews(self._connection)

    @cached_property
    def moderation(self) -> SqlModeration:
        return SqlModeration(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._connection)

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._connection)

    @cached_property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self._connection)

    @cached_property
    def spending(self) -> SqlSpending:
        return SqlSpending(self._connection)

    @cached_property
    def authors(self) -> SqlAuthors:
        return SqlAuthors(self._connection)

    @cached_property
    def saved_replies(self) -> SqlSavedReplies:
        return SqlSavedReplies(self._connection)

    @cached_property
    def handoffs(self) -> SqlHandoffs:
        return SqlHandoffs(self._connection)

    @cached_property
    def archive(self) -> SqlArchive:
        return SqlArchive(self._connection)

    @cached_property
    def retention(self) -> SqlRetention:
        return SqlRetention(self._connection, self.archive)

    @cached_property
    def figures(self) -> SqlFigures:
        return SqlFigures(self._connection)

    @cached_property
    def packs(self) -> SqlPacks:
        return SqlPacks(self._connection)

    @cached_property
    def freezes(self) -> SqlFreezes:
        return SqlFreezes(self._connection)

    @cached_property
    def breakers(self) -> SqlBreakers:
        return SqlBreakers(self._connection)

    @cached_property
    def workers(self) -> SqlWorkers:
        return SqlWorkers(self._connection)

    @cached_property
    def letters(self) -> SqlLetters:
        return SqlLetters(self._connection)

    @cached_property
    def census(self) -> SqlCensus:
        return SqlCensus(self._connection)

    @cached_property
    def alerts(self) -> SqlAlerts:
        return SqlAlerts(self._connection)

    @cached_property
    def notices(self) -> SqlNotices:
        return SqlNotices(self._connection)

    def finish(self) -> None:
        """Write the counters and seal the audit entries: last, so that the lock is held briefly.

        Counter rows are shared by all; taken under one lock, they can never deadlock.
        """
        if not (self._counters.has_changes or self.audit.has_entries):
            return
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_COMMIT_LOCK)))
        self._counters.flush()
        self.audit.flush()


class SqlStore:
    """The database of one workspace. One object serves every thread of a process."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        with transaction(self._engine, writes=False) as connection:
            yield SqlUnitOfWork(connection)

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        with transaction(self._engine, writes=True) as connection:
            work = SqlUnitOfWork(connection)
            yield work
            work.finish()

    def scrub(self) -> None:
        """Take what was removed out of the database's own files too, as far as it is in them.

        SQLite overwrites removed rows itself, but words stay in the search index until its parts
        are merged, and in the write-ahead log until it is cut. PostgreSQL's own VACUUM does both.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with transaction(self._engine, writes=True) as connection:
            overwrite_removed(connection)
            connection.exec_driver_sql("INSERT INTO archive_fts(archive_fts) VALUES ('optimize')")
        with errors_in_our_words(self._engine):
            driver = self._engine.raw_connection()
            try:
                # Where somebody reads meanwhile the log is cut at the next purge.
                driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                driver.close()

    def verify(self) -> None:
        refuse_other_schema(self._engine)
        verify_invariants(self._engine)

    def close(self) -> None:
        self._engine.dispose()


def open_store(url: str) -> SqlStore:
    """Open the database at an SQLAlchemy URL: migrate it if it is behind, then verify its rules.

    A database that is up to date is never repaired in passing: a missing trigger is an alarm.

    Raises:
        ConfigurationError: the URL is not one of SQLite or PostgreSQL.
        WorkspaceError: the folder is read-only, the disk full, the server gone; says the mend.
        InvariantMissing: a trigger or constraint is missing; names it.
    """
    engine = make_engine(url)
    try:
        upgrade_if_behind(engine)
        verify_invariants(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine)
