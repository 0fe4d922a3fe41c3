"""Review items and their drafts."""

from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.approvals import SqlApprovals
from agent.adapters.store.counters import Counters
from agent.adapters.store.facts import SqlFacts
from agent.adapters.store.handoffs import SqlHandoffs
from agent.adapters.store.outbox import SqlOutbox
from agent.adapters.store.statements import for_update, insert_new
from agent.adapters.store.tables import drafts, items, messages
from agent.domain.errors import NotFound, StoreError
from agent.domain.ids import BrandId, GuidelineVersion, ItemId, MessageId
from agent.domain.outcome import Outcome
from agent.domain.records import DraftRecord, ItemState, PostRecord, StoredMessage
from agent.domain.reviews import Decision, PostView, ReviewItem, ReviewStatus

_AGEING = (ReviewStatus.PENDING, ReviewStatus.CLAIMED, ReviewStatus.SNOOZED)


class SqlItems:
    """Every change of an item moves it in the counters as well."""

    def __init__(self, connection: sa.Connection, counters: Counters) -> None:
        self._connection = connection
        self._counters = counters
        self._facts = SqlFacts(connection)

    def add(self, stored: StoredMessage, outcome: Outcome, at: datetime) -> ItemState | None:
        row = rows.new_item(stored, outcome, at)
        is_new = insert_new(self._connection, items, row)
        if is_new:
            self._add_draft(row["id"], 1, outcome, at)
            self._facts.drafted(row, outcome)
        self._connection.execute(
            sa.update(messages)
            .where(messages.c.id == stored.message.id, messages.c.drafted_at.is_(None))
            .values(drafted_at=at)
        )
        if not is_new:
            return None
        state = self.state(row["id"])
        self._counters.enter(rows.place_of_state(state))
        return state

    def _add_draft(self, item_id: str, revision: int, outcome: Outcome, at: datetime) -> None:
        row = {
            "item_id": item_id,
            "revision": revision,
            "guideline_version": outcome.guideline_version,
            "created_at": at,
            "outcome": outcome.model_dump_json(),
        }
        self._connection.execute(sa.insert(drafts).values(row))

    def redraft(
        self, before: ItemState, stored: StoredMessage, outcome: Outcome, at: datetime
    ) -> ItemState:
        revision = before.draft_revision + 1
        self._add_draft(before.id, revision, outcome, at)
        counts = {"version": before.version + 1, "draft_revision": revision}
        nobody = dict.fromkeys(("lease_id", "lease_name", "lease_until", "snoozed_until"))
        self._update(before, rows.drafted(stored, outcome, at) | counts | nobody)
        self._facts.redrafted(before.id, outcome)
        after = self.state(before.id)
        self._move(before, after)
        return after

    def of_message(self, message_id: MessageId) -> ItemId | None:
        query = sa.select(items.c.id).where(items.c.message_id == message_id)
        return self._connection.execute(query).scalar_one_or_none()

    def state(self, item_id: ItemId) -> ItemState:
        query = sa.select(*rows.STATE_COLUMNS).where(items.c.id == item_id)
        return rows.item_state(self._one(for_update(self._connection, query), item_id))

    def save(self, before: ItemState, after: ItemState, at: datetime) -> None:
        self._update(before, rows.state_values(after) | {"updated_at": at})
        self._facts.opened(before, after, at)
        self._move(before, after)

    def _update(self, before: ItemState, values: dict[str, object]) -> None:
        change = (
            sa.update(items)
            .where(items.c.id == before.id, items.c.version == before.version)
            .values(values)
        )
        if self._connection.execute(change).rowcount != 1:
            raise StoreError(f"item {before.id} changed meanwhile; nothing was written, try again")

    def _move(self, before: ItemState, after: ItemState) -> None:
        self._counters.leave(rows.place_of_state(before))
        self._counters.enter(rows.place_of_state(after))

    def view(self, item_id: ItemId) -> ReviewItem:
        query = (
            sa.select(
                *rows.STATE_COLUMNS, items.c.received_at, items.c.drafted_at, drafts.c.outcome
            )
            .join(
                drafts,
                (drafts.c.item_id == items.c.id) & (drafts.c.revision == items.c.draft_revision),
            )
            .where(items.c.id == item_id)
        )
        row = self._one(query, item_id)
        state = rows.item_state(row)
        outbox = SqlOutbox(self._connection)
        records = {record.round: record.decision for record in outbox.decisions(item_id)}
        first = self._first_approval(state)
        return ReviewItem(
            id=state.id,
            brand_id=state.brand_id,
            channel_instance=state.channel_instance,
            version=state.version,
            status=state.status,
            outcome=Outcome.model_validate_json(row.outcome),
            lease=state.lease,
            assignee=state.assignee,
            snoozed_until=state.snoozed_until,
            stale_because=state.stale_because,
            received_at=row.received_at,
            drafted_at=row.drafted_at,
            approvers_needed=state.approvers_needed,
            first_approval=first,
            decision=records.get(state.round),
            hand_back=SqlHandoffs(self._connection).hand_back(item_id, state.round),
            posts=tuple(_post_view(p, records[r]) for r, p in outbox.posts_by_round(item_id)),
        )

    def _first_approval(self, state: ItemState) -> Decision | None:
        if state.first_approver is None:
            return None
        of_now = (state.round, state.draft_revision, state.first_approver.id)
        return next(
            one.decision
            for one in reversed(SqlApprovals(self._connection).of(state.id))
            if (one.round, one.draft_revision, one.decision.by.id) == of_now
        )

    def outcome(self, item_id: ItemId, revision: int) -> Outcome:
        query = sa.select(drafts.c.outcome).where(
            drafts.c.item_id == item_id, drafts.c.revision == revision
        )
        return Outcome.model_validate_json(self._one(query, item_id).outcome)

    def drafts(self, item_id: ItemId) -> tuple[DraftRecord, ...]:
        query = sa.select(drafts).where(drafts.c.item_id == item_id).order_by(drafts.c.revision)
        return tuple(
            DraftRecord(
                item_id=row.item_id,
                revision=row.revision,
                created_at=row.created_at,
                outcome=Outcome.model_validate_json(row.outcome),
            )
            for row in self._connection.execute(query)
        )

    def mark_stale(
        self, brand_id: BrandId, version: GuidelineVersion, because: str, at: datetime
    ) -> int:
        total = 0
        for status in _AGEING:
            change = (
                sa.update(items)
                .where(
                    items.c.brand_id == brand_id,
                    items.c.status == status,
                    items.c.guideline_version != version,
                )
                .values(
                    status=ReviewStatus.STALE.value,
                    version=items.c.version + 1,
                    stale_because=because,
                    updated_at=at,
                )
                .returning(items.c.urgency, items.c.category, items.c.channel)
            )
            for row in self._connection.execute(change).all():
                rest = (row.urgency, row.category, row.channel)
                self._counters.leave((brand_id, status.value, *rest))
                self._counters.enter((brand_id, ReviewStatus.STALE.value, *rest))
                total += 1
        return total

    def sleepers(self, now: datetime) -> tuple[ItemState, ...]:
        query = (
            sa.select(*rows.STATE_COLUMNS)
            .where(items.c.snoozed_until <= now, items.c.status == ReviewStatus.SNOOZED)
            .order_by(items.c.snoozed_until)
        )
        query = for_update(self._connection, query, skip_locked=True)
        return tuple(rows.item_state(row) for row in self._connection.execute(query))

    def _one(self, query: sa.Select[tuple[object, ...]], item_id: ItemId) -> rows.Row:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"there is no item {item_id}; it may have been erased")
        return row


def _post_view(post: PostRecord, decision: Decision) -> PostView:
    text = decision.public if post.surface == "public" else decision.private
    return PostView(
        id=post.id,
        surface=post.surface,
        text=text or "",
        status=post.status,
        remote_id=post.remote_id,
        url=post.url,
        updated_at=post.updated_at,
        problem=post.problem,
        purged_at=decision.purged_at,
    )
