"""Review: the queue, claims, and the one decision a person makes on each item."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from agent.domain.checks import CheckReport
from agent.domain.drafts import Draft
from agent.domain.errors import ConfigurationError, IncompleteDecision
from agent.domain.ids import BrandId, GuidelineVersion, ItemId
from agent.domain.people import strongest
from agent.domain.records import ItemState
from agent.domain.reviews import (
    AuditEntry,
    Decide,
    Decision,
    Lease,
    QueueCounts,
    QueuePage,
    QueueQuery,
    Reviewer,
    ReviewItem,
    ReviewStatus,
)
from agent.ports import Clock, PipelineLike, Store, UnitOfWork
from agent.services.deciding import Deciding
from agent.services.guards import refuse_claimed, refuse_decided, refuse_role
from agent.services.undoing import Undoing


class ReviewService:
    """Everything the desk does with an item; each method is one transaction."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pipelines: Mapping[BrandId, PipelineLike],
        lease_minutes: int = 10,
        *,
        is_role_required: bool = False,
        grace_seconds: int = 0,
    ) -> None:
        """`is_role_required`: refuse people the store does not know (more than one operator).

        `grace_seconds`: how long a decision waits before anything leaves; it can be undone then.
        """
        self._store = store
        self._clock = clock
        self._pipelines = pipelines
        self._lease = timedelta(minutes=lease_minutes)
        self._is_role_required = is_role_required
        grace = timedelta(seconds=grace_seconds)
        self._deciding = Deciding(
            store, clock, pipelines, is_role_required=is_role_required, grace=grace
        )
        self._undoing = Undoing(store, clock, grace, is_role_required=is_role_required)

    def queue(self, query: QueueQuery) -> QueuePage:
        """Return one page: most urgent first, then the earliest deadline, then the oldest.

        Raises:
            NotFound: `query.after` is not a place in the queue.
        """
        self._wake()
        with self._store.read() as work:
            return work.queue.page(query)

    def counts(self, brand_id: BrandId | None = None) -> QueueCounts:
        """Return how many items there are, of one brand or of all."""
        self._wake()
        with self._store.read() as work:
            return work.queue.counts(brand_id)

    def size(self, query: QueueQuery, most: int = 1000) -> int:
        """Return how many items fit a query, at most `most`: counting stops there."""
        with self._store.read() as work:
            return work.queue.size(query, most)

    def item(self, item_id: ItemId) -> ReviewItem:
        """Return all that the desk shows of an item.

        Raises:
            NotFound: there is no such item.
        """
        with self._store.read() as work:
            return work.items.view(item_id)

    def next_item(self, query: QueueQuery, after_item_id: ItemId | None = None) -> ItemId | None:
        """Return the item that follows `after_item_id`'s place in the queue (None: the first).

        The place of an item that was decided meanwhile still counts.
        """
        with self._store.read() as work:
            return work.queue.after(query, after_item_id)

    def claim(self, item_id: ItemId, by: Reviewer) -> Lease:
        """Take an item for `lease_minutes`, or renew one's own claim.

        Raises:
            ClaimedByOther: somebody else has it; says who and until when.
            AlreadyDecided: it is decided; says by whom and how.
            NotAllowed: this person may not decide for the brand.
        """
        now = self._clock.now()
        with self._store.write() as work:
            before = self._open_item(work, item_id, by)
            lease = Lease(by=by, until=now + self._lease)
            is_stale = before.status is ReviewStatus.STALE
            status = ReviewStatus.STALE if is_stale else ReviewStatus.CLAIMED
            changes = {"lease": lease, "status": status, "snoozed_until": None}
            work.items.save(before, before.model_copy(update=changes), now)
            return lease

    def release(self, item_id: ItemId, by: Reviewer) -> None:
        """Give an item back. Somebody else's claim, or none, is left as it is."""
        with self._store.write() as work:
            before = work.items.state(item_id)
            if before.lease is None or before.lease.by.id != by.id or not before.status.is_open:
                return
            after = before.model_copy(update=_given_back(before))
            work.items.save(before, after, self._clock.now())

    def check(
        self, item_id: ItemId, public: str | None, private: str | None
    ) -> tuple[CheckReport, CheckReport]:
        """Return what the rubric says of these texts as a reply to this item."""
        item = self.item(item_id)
        return self._pipeline(item.brand_id).check(item.outcome, public, private)

    def recompose(self, item_id: ItemId, passage_id: str) -> Draft:
        """Return a draft made from another passage that was found; nothing is stored.

        Raises:
            NotFound: the passage is not among those found for this item.
        """
        item = self.item(item_id)
        return self._pipeline(item.brand_id).recompose(item.outcome, passage_id)

    def decide(self, command: Decide) -> Decision:
        """Make the one decision on an item; see `Deciding.decide` for what it refuses."""
        return self._deciding.decide(command)

    def undo(self, item_id: ItemId, by: Reviewer) -> None:
        """Take a decision back before anything of it has left; see `Undoing.undo`."""
        self._undoing.undo(item_id, by)

    def undoable_until(self, item: ReviewItem) -> datetime | None:
        """Return until when the item's decision can surely be taken back, or None: not any more."""
        return self._undoing.until(item)

    def snooze(self, item_id: ItemId, by: Reviewer, until: datetime) -> None:
        """Put an item aside until a later time.

        Raises:
            IncompleteDecision: `until` is not in the future.
            AlreadyDecided, ClaimedByOther, NotAllowed: as in `claim`.
        """
        now = self._clock.now()
        if until <= now:
            raise IncompleteDecision("choose a time in the future to put the item aside until")
        with self._store.write() as work:
            before = self._open_item(work, item_id, by)
            if before.status is ReviewStatus.STALE:
                raise IncompleteDecision("this draft is stale: redraft the item first")
            changes = {"status": ReviewStatus.SNOOZED, "snoozed_until": until, "lease": None}
            self._change(work, before, changes, by, "item.snoozed", until=until.isoformat())

    def assign(self, item_id: ItemId, by: Reviewer, to: Reviewer | None) -> None:
        """Give an item to a colleague, or (None) to nobody in particular.

        One's own claim is given back with it, so that the colleague can begin at once.

        Raises:
            NotAllowed: `to` may not decide for the brand, or as in `claim`.
            AlreadyDecided, ClaimedByOther: as in `claim`.
        """
        with self._store.write() as work:
            before = self._open_item(work, item_id, by)
            if to is not None:
                required = self._is_role_required
                refuse_role(work, to, before.brand_id, is_required=required)
            changes: dict[str, object] = {"assignee": to}
            if to is not None and to.id != by.id:
                changes |= _given_back(before)
            person = to.id if to else None
            self._change(work, before, changes, by, "item.assigned", to=person)

    def deciders(self, brand_id: BrandId) -> tuple[Reviewer, ...]:
        """Return the people who may decide on a brand, by name."""
        with self._store.read() as work:
            everybody = work.people.all()
        held = ((person, strongest(roles, brand_id)) for person, roles in everybody)
        return tuple(person for person, role in held if role is not None and role.may_decide)

    def history(self, item_id: ItemId) -> tuple[AuditEntry, ...]:
        """Return what was done to an item, oldest first."""
        with self._store.read() as work:
            return work.audit.of(item_id)

    def mark_stale_for(self, brand_id: BrandId, new_version: GuidelineVersion) -> int:
        """Mark every open item drafted under another guideline version; return how many."""
        now = self._clock.now()
        with self._store.write() as work:
            because = "the guidelines changed after this draft was made"
            count = work.items.mark_stale(brand_id, new_version, because, now)
            work.brands.see(brand_id, new_version, now)
            if count:
                work.audit.add(
                    now, "guidelines", "brand.stale", brand_id, version=new_version, items=count
                )
            return count

    def _pipeline(self, brand_id: BrandId) -> PipelineLike:
        pipeline = self._pipelines.get(brand_id)
        if pipeline is None:
            raise ConfigurationError(f"brand {brand_id} is not loaded; add its folder to `brands`")
        return pipeline

    def _open_item(self, work: UnitOfWork, item_id: ItemId, by: Reviewer) -> ItemState:
        state = work.items.state(item_id)
        refuse_role(work, by, state.brand_id, is_required=self._is_role_required)
        refuse_decided(work, state)
        refuse_claimed(state, by, self._clock.now())
        return state

    def _change(
        self,
        work: UnitOfWork,
        before: ItemState,
        changes: dict[str, object],
        by: Reviewer,
        action: str,
        **detail: object,
    ) -> None:
        now = self._clock.now()
        after = before.model_copy(update=changes | {"version": before.version + 1})
        work.items.save(before, after, now)
        work.audit.add(now, by.id, action, before.id, **detail)

    def _wake(self) -> None:
        now = self._clock.now()
        with self._store.read() as work:
            if not work.items.sleepers(now):
                return
        with self._store.write() as work:
            for before in work.items.sleepers(now):
                changes = {"status": ReviewStatus.PENDING, "snoozed_until": None}
                after = before.model_copy(update=changes | {"version": before.version + 1})
                work.items.save(before, after, now)
                work.audit.add(now, "clock", "item.woken", before.id)


def _given_back(state: ItemState) -> dict[str, object]:
    is_claimed = state.status is ReviewStatus.CLAIMED
    return {"lease": None, "status": ReviewStatus.PENDING if is_claimed else state.status}
