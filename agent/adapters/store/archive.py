"""The archive of decisions, found by their words: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

Both engines index the same folded words (no accents, lower case, ligatures spelled out) of the
redacted message and the masked reply, cut where `_WORD` cuts, so that a search finds the same.
A decided item has one row; deciding it again moves it to the end, so that the row's number is the
order of the list and its cursor.
"""

import json
import re
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.tables import drafts, items, metadata
from agent.domain.archives import ArchivePage, ArchiveQuery, ArchiveRow
from agent.domain.ids import BrandId
from agent.domain.records import DecisionRecord
from agent.domain.redaction import PLACEHOLDER, Redaction
from knowledge.text.normalise import match_key

archive = sa.Table(
    "archive",
    metadata,
    sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("item_id", "brand_id", "channel", "kind", "by_id", "by_name")
    ),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("number", name="pk_archive"),
    sa.UniqueConstraint("item_id", name="uq_archive_item"),
    sqlite_autoincrement=True,
)
_a = archive.c
sa.Index("ix_archive_brand", _a.brand_id, _a.number, _a.channel, _a.kind, _a.by_id, _a.decided_at)

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 12
"""Of one search: more would not narrow it."""
_SHORTEST_BEGINNING = 3
"""Two letters begin hundreds of words: such a word is sought whole."""
_LONGEST_WORD = 40
"""A longer one is indexed by its beginning: PostgreSQL refuses words of 2 kB."""
_INDEX = {
    "sqlite": "INSERT INTO archive_fts(rowid, words) VALUES (:number, :words)",
    "postgresql": "INSERT INTO archive_fts(number, words)"
    " VALUES (:number, array_to_tsvector(string_to_array(:words, ' ')))",
}
_FORGET = {
    "sqlite": "INSERT INTO archive_fts(archive_fts, rowid, words)"
    " VALUES ('delete', :number, :words)",
    "postgresql": "DELETE FROM archive_fts WHERE number = :number",
}
_MATCHES = {
    "sqlite": "archive.number IN (SELECT rowid FROM archive_fts WHERE archive_fts MATCH :sought)",
    "postgresql": "archive.number IN (SELECT f.number FROM archive_fts f"
    " WHERE f.words @@ CAST(:sought AS tsquery))",
}


class SqlArchive:
    """Rows come with decisions; `page` finds them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._engine = connection.dialect.name

    def put(self, record: DecisionRecord) -> None:
        """Add a decided item, or move it to the end with its new decision."""
        decision = record.decision
        self._forget(decision.item_id)
        found = self._connection.execute(
            sa.select(items.c.brand_id, items.c.channel, drafts.c.outcome)
            .join(drafts, drafts.c.item_id == items.c.id)
            .where(items.c.id == decision.item_id, drafts.c.revision == record.draft_revision)
        ).one()
        texts = (decision.public, decision.private)
        self.add(
            {
                "item_id": decision.item_id,
                "brand_id": found.brand_id,
                "channel": found.channel,
                "kind": decision.kind.value,
                "by_id": decision.by.id,
                "by_name": decision.by.name,
                "decided_at": decision.at,
                "words": words_of(json.loads(found.outcome)["redaction"], texts),
            }
        )

    def add(self, row: dict[str, Any]) -> None:
        """Add one row and index its words."""
        added = sa.insert(archive).values(row).returning(_a.number)
        number = self._connection.execute(added).scalar_one()
        values = {"number": number, "words": row["words"]}
        self._connection.execute(sa.text(_INDEX[self._engine]), values)

    def _forget(self, item_id: str) -> None:
        row = self._found(item_id)
        if row is not None:
            self._unindex(row)
            self._connection.execute(sa.delete(archive).where(_a.number == row.number))

    def reword(self, item_id: str, words: str) -> None:
        """Find a decided item by `words` alone from now on; its place in the list is the same."""
        row = self._found(item_id)
        if row is None:
            return
        self._unindex(row)
        change = sa.update(archive).where(_a.number == row.number).values(words=words)
        self._connection.execute(change)
        values = {"number": row.number, "words": words}
        self._connection.execute(sa.text(_INDEX[self._engine]), values)

    def _found(self, item_id: str) -> rows.Row | None:
        query: sa.Select[Any] = sa.select(_a.number, _a.words).where(_a.item_id == item_id)
        return self._connection.execute(query).one_or_none()

    def _unindex(self, row: rows.Row) -> None:
        # PostgreSQL's statement has no use for the words, and is not given them.
        values = {"number": row.number, "words": row.words}
        wanted = sa.text(_FORGET[self._engine])
        self._connection.execute(wanted, {k: values[k] for k in wanted._bindparams})

    def page(self, query: ArchiveQuery) -> ArchivePage:
        select = self._select(query)
        if select is None:
            return ArchivePage(rows=())
        numbered = select.order_by(_a.number.desc()).limit(query.limit + 1).subquery()
        names = ("kind", "by_name", "decided_at")
        full = (
            sa.select(
                numbered.c.number,
                *(archive.c[name].label(f"archive_{name}") for name in names),
                *rows.ROW_COLUMNS,
            )
            .join(archive, _a.number == numbered.c.number)
            .join(items, items.c.id == _a.item_id)
            .order_by(numbered.c.number.desc())
        )
        found = self._connection.execute(full).all()
        shown = found[: query.limit]
        following = shown[-1].number if len(found) > query.limit else None
        return ArchivePage(rows=tuple(_line(row) for row in shown), next=following)

    def _select(self, query: ArchiveQuery) -> sa.Select[Any] | None:
        sought = sought_words(query.text)
        if not query.brands or (query.text.strip() and not sought):
            return None
        select: sa.Select[Any] = sa.select(_a.number).where(_a.brand_id.in_(query.brands))
        for column, wanted in ((_a.channel, query.channel), (_a.by_id, query.person)):
            if wanted is not None:
                select = select.where(column == wanted)
        if query.kinds:
            select = select.where(_a.kind.in_([kind.value for kind in query.kinds]))
        if query.since is not None:
            select = select.where(_a.decided_at >= query.since)
        if query.until is not None:
            select = select.where(_a.decided_at < query.until)
        if query.after is not None:
            select = select.where(_a.number < query.after)
        if sought:
            matches = sa.text(_MATCHES[self._engine])
            select = select.where(matches.bindparams(sought=self._expression(sought)))
        return select

    def _expression(self, sought: list[str]) -> str:
        if self._engine == "sqlite":
            return " ".join(f'"{word}"{"*" * _is_open(word)}' for word in sought)
        return " & ".join(f"'{word}'{':*' * _is_open(word)}" for word in sought)

    def channels(self, brands: Collection[BrandId]) -> tuple[str, ...]:
        query = sa.select(_a.channel).where(_a.brand_id.in_(brands)).distinct()
        return tuple(sorted(self._connection.execute(query).scalars()))


def _is_open(word: str) -> bool:
    return len(word) >= _SHORTEST_BEGINNING


def words_of(redaction: dict[str, Any], texts: Collection[str | None]) -> str:
    """Return what is indexed: the redacted message and the masked texts, folded, no placeholder."""
    known = Redaction.model_validate(redaction)
    parts = [known.text, *(known.mask(text) for text in texts if text)]
    kept = PLACEHOLDER.sub(" ", "\n".join(parts))
    return " ".join(_words(kept))


def sought_words(text: str) -> list[str]:
    """Return the words of a search, as they are indexed."""
    return _words(text)[:_MOST_WORDS]


def _words(text: str) -> list[str]:
    return [word[:_LONGEST_WORD] for word in _WORD.findall(match_key(text))]


def _line(row: rows.Row) -> ArchiveRow:
    return ArchiveRow(
        item=rows.queue_row(row),
        kind=row.archive_kind,
        by=row.archive_by_name,
        decided_at=row.archive_decided_at,
    )
