"""First approvals where two people must approve, and decisions without a text taken back."""

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.tables import decisions, metadata
from agent.domain.ids import ItemId
from agent.domain.records import DecisionRecord, UndoRecord

approvals = sa.Table(
    "approvals",
    metadata,
    *(sa.Column(column.name, column.type, nullable=column.nullable) for column in decisions.c),
    sa.PrimaryKeyConstraint("id", name="pk_approvals"),
    sa.ForeignKeyConstraint(
        ["item_id", "draft_revision"],
        ["drafts.item_id", "drafts.revision"],
        name="fk_approvals_draft",
    ),
    sa.CheckConstraint("kind IN ('approve', 'edit')", name="ck_approvals_kind"),
)
sa.Index("ix_approvals_item", approvals.c.item_id, approvals.c.round)

undos = sa.Table(
    "undos",
    metadata,
    sa.Column("decision_id", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("by_id", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("decision_id", name="pk_undos"),
    sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_undos_decision"),
)
sa.Index("ix_undos_item", undos.c.item_id, undos.c.round)


class SqlApprovals:
    """Rows here are only ever added."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: DecisionRecord) -> None:
        self._connection.execute(sa.insert(approvals).values(rows.decision_row(record)))

    def of(self, item_id: ItemId) -> tuple[DecisionRecord, ...]:
        query = (
            sa.select(approvals)
            .where(approvals.c.item_id == item_id)
            .order_by(approvals.c.at, approvals.c.id)
        )
        return tuple(rows.decision_record(row) for row in self._connection.execute(query))

    def undo(self, record: UndoRecord) -> None:
        values = record.model_dump(exclude={"by"})
        by = {"by_id": record.by.id, "by_name": record.by.name}
        self._connection.execute(sa.insert(undos).values(values | by))
