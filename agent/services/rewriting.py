"""Rewriting: a person asks for another draft, in their own words; it is stored, never decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from agent.domain.drafts import Texts
from agent.domain.errors import ConfigurationError, IncompleteDecision, StaleItem
from agent.domain.ids import BrandId, ItemId
from agent.domain.outcome import Outcome
from agent.domain.records import ItemState, StoredMessage
from agent.domain.reviews import Reviewer, ReviewItem, ReviewStatus
from agent.ports import Clock, PipelineLike, Rewrites, Store, UnitOfWork
from agent.services import approval
from agent.services.guards import refuse_claimed, refuse_decided, refuse_role

NOTE_MAX = 500
"""Characters of a note: a wish, not another reply."""


class _Seen(NamedTuple):
    state: ItemState
    stored: StoredMessage
    outcome: Outcome


class RewritingService:
    """One more revision of a draft, with the note that asked for it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pipelines: Mapping[BrandId, PipelineLike],
        *,
        is_role_required: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pipelines = pipelines
        self._is_role_required = is_role_required

    def rewrite(self, item_id: ItemId, note: str, shown: Texts, by: Reviewer) -> ReviewItem:
        """Have an open item drafted again as `note` on the texts `shown` asks, and return it.

        The person's claim stays theirs. What became of the note is in the notes of the draft.

        Raises:
            IncompleteDecision: the note is empty or too long.
            NotFound: there is no such item.
            NotAllowed, AlreadyDecided, ClaimedByOther: as for a decision.
            StaleItem: the draft is out of date: redraft it first; or it changed meanwhile.
            StepFailed: the note could not be searched for personal data.
        """
        note = " ".join(note.split())
        if not 0 < len(note) <= NOTE_MAX:
            raise IncompleteDecision(f"say in 1 to {NOTE_MAX} characters what to change")
        with self._store.read() as work:
            seen = self._see(work, item_id, by)
        pipeline = self._pipeline(seen)
        outcome = pipeline.rewrite(seen.outcome, note, shown)
        now = self._clock.now()
        with self._store.write() as work:
            state = self._see(work, item_id, by).state
            if state.version != seen.state.version:
                raise StaleItem("the item changed while it was drafted again: read it again")
            after = work.items.redraft(state, seen.stored, outcome, now)
            self._keep_claim(work, state, after, now)
            self._note(work, after, outcome, by, now)
            return work.items.view(item_id)

    def _see(self, work: UnitOfWork, item_id: ItemId, by: Reviewer) -> _Seen:
        state = work.items.state(item_id)
        refuse_role(work, by, state.brand_id, is_required=self._is_role_required)
        refuse_decided(work, state)
        refuse_claimed(state, by, self._clock.now())
        outcome = work.items.outcome(item_id, state.draft_revision)
        return _Seen(state, work.inbox.get(state.message_id), outcome)

    def _pipeline(self, seen: _Seen) -> Rewrites:
        pipeline = self._pipelines.get(seen.state.brand_id)
        if pipeline is None or not isinstance(pipeline, Rewrites):
            raise ConfigurationError(f"brand {seen.state.brand_id} is not loaded; see `brands`")
        because = seen.state.stale_because or approval.why_stale(
            seen.stored, seen.outcome, pipeline
        )
        if because or seen.state.status is ReviewStatus.STALE:
            raise StaleItem(f"{because}: redraft the item")
        return pipeline

    def _keep_claim(
        self, work: UnitOfWork, before: ItemState, after: ItemState, now: datetime
    ) -> None:
        if before.lease is None:
            return
        claim = {"lease": before.lease, "status": ReviewStatus.CLAIMED}
        work.items.save(after, after.model_copy(update=claim), now)

    def _note(
        self, work: UnitOfWork, after: ItemState, outcome: Outcome, by: Reviewer, now: datetime
    ) -> None:
        work.audit.add(
            now,
            by.id,
            "item.rewritten",
            after.id,
            revision=after.draft_revision,
            drafter=outcome.draft.drafter,
            guideline_version=outcome.guideline_version,
            notes=[one.kind.value for one in outcome.draft.notes],
        )
