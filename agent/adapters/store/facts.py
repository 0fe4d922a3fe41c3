"""What is counted of each item and decision, in two narrow tables beside the wide ones.

They are written in the transaction that changes what they count, by the store itself, so that
no service can forget them; the texts that make the other tables wide are never read to count.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.tables import metadata
from agent.domain.drafts import NoteKind
from agent.domain.outcome import Outcome
from agent.domain.records import DecisionRecord, ItemState
from agent.domain.reviews import DecisionKind, Lease

GAPS = (
    NoteKind.NO_ANSWER,
    NoteKind.PARTLY_ANSWERED,
    NoteKind.UNSURE,
    NoteKind.OTHER_LANGUAGE,
    NoteKind.OUT_OF_DATE,
    NoteKind.CONTRADICTION,
)
"""Notes of a draft that say: the knowledge lacks something. The first of this order counts."""

_TEXTS = ("brand_id", "channel", "lang", "category", "sentiment")


def _texts(names: tuple[str, ...], *, nullable: bool) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


item_facts = sa.Table(
    "item_facts",
    metadata,
    sa.Column("item_id", sa.Text, nullable=False),
    *_texts(_TEXTS, nullable=False),
    *_texts(("gap", "entry"), nullable=True),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("drafted_at", UtcDateTime, nullable=False),
    sa.Column("draft_seconds", sa.Integer, nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decide_seconds", sa.Integer),
    sa.Column("is_released", sa.Boolean),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("answer_seconds", sa.Integer),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("opened_by", sa.Text),
    sa.PrimaryKeyConstraint("item_id", name="pk_item_facts"),
)
decision_facts = sa.Table(
    "decision_facts",
    metadata,
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    *_texts((*_TEXTS[:4], "kind", "by_id"), nullable=False),
    *_texts(("reason", "moderation"), nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("edit_permille", sa.Integer),
    sa.Column("is_overridden", sa.Boolean, nullable=False),
    sa.Column("seconds_on_item", sa.Integer),
    sa.PrimaryKeyConstraint("id", name="pk_decision_facts"),
)
_i, _d = item_facts.c, decision_facts.c
for _name, _columns in {
    "received": (_i.received_at, _i.channel, _i.category, _i.sentiment, _i.lang, _i.gap, _i.entry),
    "due": (_i.due_at, _i.channel, _i.drafted_at, _i.decided_at, _i.answered_at, _i.is_released),
    "drafted": (_i.drafted_at, _i.channel, _i.draft_seconds),
    "decided": (_i.decided_at, _i.channel, _i.decide_seconds),
    "answered": (_i.answered_at, _i.channel, _i.answer_seconds),
}.items():
    # Covering: what a chart needs is in the index, in the order of time.
    sa.Index(f"ix_item_facts_{_name}", _i.brand_id, *_columns)
sa.Index(
    "ix_decision_facts_at",
    _d.brand_id,
    _d.at,
    _d.channel,
    _d.kind,
    _d.edit_permille,
    _d.is_overridden,
    _d.by_id,
    _d.seconds_on_item,
    _d.reason,
    _d.lang,
)
sa.Index("ix_decision_facts_item", _d.item_id)


class SqlFacts:
    """Writes only; `SqlFigures` reads."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def drafted(self, item: dict[str, Any], outcome: Outcome) -> None:
        """Add the facts of a new item, given its row."""
        names = ("brand_id", "channel", "received_at", "due_at", "drafted_at")
        seconds = seconds_between(item["received_at"], item["drafted_at"])
        row = {name: item[name] for name in names} | reading(outcome)
        row |= {"item_id": item["id"], "draft_seconds": seconds}
        self._connection.execute(sa.insert(item_facts).values(row))

    def redrafted(self, item_id: str, outcome: Outcome) -> None:
        """Take the new reading of a message; its times stay."""
        self._change(item_id, reading(outcome))

    def opened(self, before: ItemState, after: ItemState, at: datetime) -> None:
        """Note when a person opened an item; renewing a claim goes on with it."""
        mine, earlier = after.lease, before.lease
        if mine is not None and not _is_renewal(earlier, mine, at):
            self._change(after.id, {"opened_at": at, "opened_by": mine.by.id})

    def decided(self, record: DecisionRecord) -> None:
        """Add the facts of a decision; the first one of an item ends its wait."""
        decision = record.decision
        item = self._item(decision.item_id)
        if item is None:
            return
        is_release = decision.kind in {DecisionKind.APPROVE, DecisionKind.EDIT}
        is_theirs = item.opened_by == decision.by.id and item.opened_at is not None
        row = {name: getattr(item, name) for name in _TEXTS[:4]} | {
            "id": decision.id,
            "item_id": decision.item_id,
            "kind": decision.kind.value,
            "by_id": decision.by.id,
            "reason": decision.reason.value if decision.reason else None,
            "moderation": decision.moderation.value if decision.moderation else None,
            "at": decision.at,
            "edit_permille": round(decision.edit_ratio * 1000) if is_release else None,
            "is_overridden": bool(decision.override_reason.strip()),
            "seconds_on_item": seconds_between(item.opened_at, decision.at) if is_theirs else None,
        }
        self._connection.execute(sa.insert(decision_facts).values(row))
        waited = seconds_between(item.received_at, decision.at)
        first = {"decided_at": decision.at, "decide_seconds": waited, "is_released": is_release}
        self._change(decision.item_id, first, _i.decided_at.is_(None))

    def answered(self, item_id: str, at: datetime) -> None:
        """Note the first post of an item."""
        item = self._item(item_id)
        if item is not None:
            waited = seconds_between(item.received_at, at)
            values = {"answered_at": at, "answer_seconds": waited}
            self._change(item_id, values, _i.answered_at.is_(None))

    def _item(self, item_id: str) -> sa.Row[Any] | None:
        query = sa.select(item_facts).where(_i.item_id == item_id)
        return self._connection.execute(query).one_or_none()

    def _change(
        self, item_id: str, values: dict[str, Any], where: sa.ColumnElement[bool] | None = None
    ) -> None:
        change = sa.update(item_facts).where(_i.item_id == item_id).values(values)
        self._connection.execute(change if where is None else change.where(where))


def _is_renewal(earlier: Lease | None, mine: Lease, at: datetime) -> bool:
    return earlier is not None and earlier.by.id == mine.by.id and earlier.until > at


def reading(outcome: Outcome) -> dict[str, Any]:
    """Return what a draft says of its message."""
    noted = {note.kind for note in outcome.draft.notes}
    cited = [citation.passage_id for citation in outcome.draft.citations]
    return {
        "lang": outcome.triage.language.value,
        "category": outcome.triage.category.value,
        "sentiment": outcome.triage.sentiment.value,
        "gap": next((kind.value for kind in GAPS if kind in noted), None),
        "entry": cited[0].partition("@")[0] if cited else None,
    }


def seconds_between(start: datetime, end: datetime) -> int:
    """Return whole seconds; a network whose clock runs ahead makes no wait negative."""
    return max(0, int((end - start).total_seconds()))
