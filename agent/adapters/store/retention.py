"""What is past its retention: found, emptied a few rows at a time, and what is kept and why."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.approvals import approvals
from agent.adapters.store.archive import SqlArchive, words_of
from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.engine import overwrite_removed
from agent.adapters.store.handoffs import handoffs
from agent.adapters.store.statements import for_update, insert_new
from agent.adapters.store.tables import (
    decisions,
    drafts,
    items,
    messages,
    metadata,
    moderations,
    posts,
)
from agent.adapters.store.work_tables import dead_letters
from agent.domain.channels import PostStatus
from agent.domain.emptying import emptied, emptied_message
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.records import ModerationStatus
from agent.domain.retention import KeptBecause, Purge, PurgeBatch, RetentionClass
from agent.domain.reviews import ReviewStatus
from agent.domain.work import LetterStatus

purges = sa.Table(
    "purges",
    metadata,
    sa.Column("brand_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("cutoff_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("brand_id", "kind", "at", name="pk_purges"),
    sa.CheckConstraint(
        "kind IN ('message', 'draft', 'approved_reply', 'model_trace')", name="ck_purges_kind"
    ),
)

_SOURCES: dict[RetentionClass, tuple[tuple[sa.Table, str, str], ...]] = {
    RetentionClass.MESSAGE: ((messages, "received_at", "purged_at"),),
    RetentionClass.DRAFT: ((drafts, "created_at", "purged_at"),),
    RetentionClass.MODEL_TRACE: ((drafts, "created_at", "trace_purged_at"),),
    RetentionClass.APPROVED_REPLY: (
        (decisions, "at", "purged_at"),
        (approvals, "at", "purged_at"),
    ),
}
"""Class -> its tables, each with the time that counts and the column that marks a removal."""
for _table, _at, _mark in (one for source in _SOURCES.values() for one in source):
    _there = _table.c[_mark].is_(None)
    _columns = [_table.c[n] for n in (("brand_id", _at) if _table is messages else (_at,))]
    sa.Index(
        f"ix_{_table.name}_{_mark.removesuffix('d_at')}",
        *_columns,
        sqlite_where=_there,
        postgresql_where=_there,
    )


def _any(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(table.c.item_id == items.c.id, *conditions).correlate(items)


_LETTER = (
    sa.exists()
    .where(
        dead_letters.c.status != LetterStatus.CLOSED.value,
        (dead_letters.c.item_id == items.c.id) | (dead_letters.c.subject == items.c.message_id),
    )
    .correlate(items)
)
_UNTRACED = '"origin":null'
"""In the JSON of a draft that no model was asked for; a quoted text has its quotes escaped."""
_POSTING = [PostStatus.READY.value, PostStatus.SENDING.value]
_KEPT_BECAUSE = sa.case(
    (items.c.id.is_(None), KeptBecause.UNDRAFTED.value),
    (items.c.status == ReviewStatus.CLAIMED.value, KeptBecause.CLAIMED.value),
    (items.c.status == ReviewStatus.SNOOZED.value, KeptBecause.SNOOZED.value),
    (
        items.c.status.in_([status.value for status in ReviewStatus if status.is_open]),
        KeptBecause.OPEN.value,
    ),
    (_any(handoffs, handoffs.c.closed_at.is_(None)), KeptBecause.ESCALATED.value),
    (_any(posts, posts.c.status == PostStatus.UNKNOWN.value), KeptBecause.UNKNOWN.value),
    (_any(posts, posts.c.status.in_(_POSTING)), KeptBecause.POSTING.value),
    (
        _any(moderations, moderations.c.status == ModerationStatus.READY.value),
        KeptBecause.MODERATING.value,
    ),
    (_LETTER, KeptBecause.DEAD_LETTER.value),
    else_=None,
)
"""Why nothing of an item may go yet; NULL: it is settled."""


class SqlRetention:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection, archive: SqlArchive) -> None:
        self._connection = connection
        self._archive = archive

    def waiting(self, purge: Purge) -> int:
        """Return how many texts a purge would remove."""
        total = 0
        for source in _SOURCES[purge.kind]:
            query = sa.select(sa.func.count()).select_from(_joined(source[0]))
            wanted = query.where(_is_there(purge, *source), _KEPT_BECAUSE.is_(None))
            total += self._connection.execute(wanted).scalar_one()
        return total

    def kept(self, purge: Purge) -> dict[KeptBecause, int]:
        """Return how many are past their retention too, and why each is kept."""
        found: dict[KeptBecause, int] = {}
        for source in _SOURCES[purge.kind]:
            because = _KEPT_BECAUSE.label("because")
            query = (
                sa.select(because, sa.func.count().label("n"))
                .select_from(_joined(source[0]))
                .where(_is_there(purge, *source), _KEPT_BECAUSE.is_not(None))
                .group_by(sa.text("because"))
            )
            for row in self._connection.execute(query):
                reason = KeptBecause(row.because)
                found[reason] = found.get(reason, 0) + row.n
        return found

    def empty(self, purge: Purge, limit: int) -> PurgeBatch:
        """Remove the texts of up to `limit` settled records."""
        overwrite_removed(self._connection)
        for source in _SOURCES[purge.kind]:
            found = self._settled(purge, source, limit)
            if found:
                insert_new(self._connection, purges, _purge_row(purge))
                emptied = self._empty(purge, source[0], found)
                return PurgeBatch(looked_at=len(found), emptied=emptied)
        return PurgeBatch()

    def _empty(self, purge: Purge, table: sa.Table, found: Sequence[rows.Row]) -> int:
        if purge.kind is RetentionClass.MESSAGE:
            self._empty_messages(purge, found)
        elif purge.kind is RetentionClass.APPROVED_REPLY:
            self._empty_decided(purge, table, found)
        else:
            return self._empty_drafts(purge, found)
        return len(found)

    def _settled(
        self, purge: Purge, source: tuple[sa.Table, str, str], limit: int
    ) -> Sequence[rows.Row]:
        """Return records to empty; in this transaction nobody else changes their items."""
        table, at, _ = source
        query = (
            sa.select(table, items.c.id.label("its_item"))
            .join(items, _of_item(table))
            .where(_is_past(purge, *source), _KEPT_BECAUSE.is_(None))
            .order_by(table.c[at])
            .limit(limit)
        )
        locked = for_update(self._connection, query, skip_locked=True, of=items)
        return self._connection.execute(locked).all()

    def _empty_messages(self, purge: Purge, found: Sequence[rows.Row]) -> None:
        for row in found:
            self._reword(row.its_item, without_message=True)
            body = emptied_message(InboundMessage.model_validate_json(row.body))
            values: dict[str, Any] = {"body": body.model_dump_json(), "purged_at": purge.at}
            change = sa.update(messages).where(messages.c.id == row.id)
            self._connection.execute(change.values(values))
            line = {"excerpt": "", "searchable": "", "author": None, "purged_at": purge.at}
            self._connection.execute(
                sa.update(items).where(items.c.id == row.its_item).values(line)
            )
            of_item = sa.select(drafts).where(drafts.c.item_id == row.its_item)
            for draft in self._connection.execute(of_item).all():
                self._rewrite(draft, purge, {})

    def _empty_drafts(self, purge: Purge, found: Sequence[rows.Row]) -> int:
        mark = "purged_at" if purge.kind is RetentionClass.DRAFT else "trace_purged_at"
        total = 0
        for row in found:
            if mark == "purged_at" or _UNTRACED not in row.outcome:
                self._rewrite(row, purge, {mark: purge.at})
                total += 1
            else:
                change = sa.update(drafts).where(_is_draft(row)).values({mark: purge.at})
                self._connection.execute(change)
        return total

    def _rewrite(self, draft: rows.Row, purge: Purge, marks: dict[str, Any]) -> None:
        outcome = Outcome.model_validate_json(draft.outcome)
        after = emptied(outcome, purge.kind, purge.at)
        self._connection.execute(
            sa.update(drafts)
            .where(_is_draft(draft))
            .values(marks | {"outcome": after.model_dump_json()})
        )

    def _empty_decided(self, purge: Purge, table: sa.Table, found: Sequence[rows.Row]) -> None:
        if table is decisions:
            for row in found:
                self._reword(row.its_item, without_reply=row.round)
        values = {
            "public_text": _emptied(table.c.public_text),
            "private_text": _emptied(table.c.private_text),
            "detail": sa.func.portevoix_kept_detail(table.c.detail),
            "purged_at": purge.at,
        }
        ids = [row.id for row in found]
        self._connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
        if table is decisions:
            self._connection.execute(
                sa.update(handoffs)
                .where(handoffs.c.id.in_(ids), handoffs.c.closed_at.is_not(None))
                .values(note="", version=handoffs.c.version + 1)
            )

    def _reword(
        self, item_id: str, *, without_message: bool = False, without_reply: int = 0
    ) -> None:
        """Leave in the archive's index only the words that stay: read before they are gone."""
        query = (
            sa.select(decisions, drafts.c.outcome)
            .join(
                drafts,
                (drafts.c.item_id == decisions.c.item_id)
                & (drafts.c.revision == decisions.c.draft_revision),
            )
            .where(decisions.c.item_id == item_id)
            .order_by(decisions.c.round.desc())
            .limit(1)
        )
        last = self._connection.execute(query).one_or_none()
        if last is None or (without_reply and without_reply != last.round):
            return
        redaction = Outcome.model_validate_json(last.outcome).redaction
        if without_message:
            # What it masked in the reply stays masked.
            redaction = redaction.model_copy(update={"text": "", "spans": ()})
        texts = () if without_reply else (last.public_text, last.private_text)
        self._archive.reword(item_id, words_of(redaction.model_dump(), texts))


def _of_item(table: sa.Table) -> sa.ColumnElement[bool]:
    if table is messages:
        return items.c.message_id == messages.c.id
    return items.c.id == table.c.item_id


def _joined(table: sa.Table) -> sa.Join:
    return sa.join(table, items, _of_item(table), isouter=table is messages)


def _is_past(purge: Purge, table: sa.Table, at: str, mark: str) -> sa.ColumnElement[bool]:
    brand = messages.c.brand_id if table is messages else items.c.brand_id
    return sa.and_(brand == purge.brand_id, table.c[at] < purge.before, table.c[mark].is_(None))


def _is_there(purge: Purge, table: sa.Table, at: str, mark: str) -> sa.ColumnElement[bool]:
    is_past = _is_past(purge, table, at, mark)
    if purge.kind is RetentionClass.MODEL_TRACE:
        return is_past & drafts.c.outcome.not_like(f"%{_UNTRACED}%")
    return is_past


def _is_draft(row: rows.Row) -> sa.ColumnElement[bool]:
    item_id, revision = str(row.item_id), int(row.revision)
    return (drafts.c.item_id == item_id) & (drafts.c.revision == revision)


def _purge_row(purge: Purge) -> dict[str, Any]:
    fixed = {"brand_id": purge.brand_id, "kind": purge.kind.value}
    return fixed | {"at": purge.at, "cutoff_at": purge.before}


def _emptied(text: sa.Column[Any]) -> sa.Case[Any]:
    """An empty text where there was one: which surfaces were answered is no text."""
    return sa.case((text.is_(None), sa.null()), else_="")
