"""The decision: everything is checked on the exact text, then one transaction makes it so."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import uuid4

from agent.domain.channels import PostStatus
from agent.domain.checks import CheckReport
from agent.domain.decisions import Route
from agent.domain.drafts import text_sha256
from agent.domain.errors import ConfigurationError, IncompleteDecision, StaleItem
from agent.domain.ids import BrandId, DecisionId, OutboxId, PostId, TeamId
from agent.domain.messages import Surface
from agent.domain.outcome import Outcome
from agent.domain.records import (
    DecisionRecord,
    ItemState,
    ModerationRecord,
    OutboxRecord,
    PostRecord,
    StoredMessage,
    content_sha256,
)
from agent.domain.reviews import Decide, Decision, DecisionKind, ReviewStatus
from agent.ports import Clock, KnowsItsDay, PipelineLike, Store, UnitOfWork
from agent.ports.journal import Happened, note
from agent.services import approval, seconding
from agent.services.escalations import handoff_of
from agent.services.guards import refuse_claimed, refuse_decided, refuse_role
from agent.services.proposals import edit_ratio, kind_of, texts_of
from agent.services.restoring import reply_key

_GONE = {PostStatus.RETURNED, PostStatus.CANCELLED}


class _Seen(NamedTuple):
    """What the decision is about, as it is now."""

    state: ItemState
    stored: StoredMessage
    outcome: Outcome


class Deciding:
    """One command, one decision. Two people at once: one decides, the other is told who did."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pipelines: Mapping[BrandId, PipelineLike],
        *,
        is_role_required: bool,
        grace: timedelta = timedelta(),
    ) -> None:
        """`grace`: how long what was decided waits before it leaves, so that it can be undone."""
        self._store = store
        self._grace = grace
        self._clock = clock
        self._pipelines = pipelines
        self._is_role_required = is_role_required

    def decide(self, command: Decide) -> Decision:
        """Decide on an item.

        `APPROVE` and `EDIT` are told apart here: identical to the draft or not. Where the brand
        asks for two people, the first approval of a text lets nothing out (`is_first_of_two`).

        Raises:
            NotFound: there is no such item.
            NotAllowed: this person may not decide for the brand.
            SecondApproverNeeded: this person approved this very text before.
            AlreadyDecided: somebody was faster; says who, and what they decided.
            ClaimedByOther: somebody else is working on it.
            IncompleteDecision: a reason, team, charter rule or text is missing.
            TextMismatch: the text sent is not the one whose hash was on screen.
            StaleItem: the item changed on disk, or its draft is out of date (then marked so).
            BlockedByChecks: naming the rules; a reason overrides them, but not a placeholder.
        """
        with self._store.read() as work:
            seen = self._see(work, command)
        approval.refuse_incomplete(command, seen.outcome.triage)
        report = CheckReport()
        if approval.is_release(command.kind):
            report = self._judge(command, seen)
        decision = self._decision(command, seen, report)
        with self._store.write() as work:
            state = work.items.state(command.item_id)
            self._refuse(work, state, command)
            decision = self._store_decision(work, state, seen, decision)
        _note(decision, state)
        return decision

    def _see(self, work: UnitOfWork, command: Decide) -> _Seen:
        state = work.items.state(command.item_id)
        self._refuse(work, state, command)
        stored = work.inbox.get(state.message_id)
        return _Seen(state, stored, work.items.outcome(state.id, state.draft_revision))

    def _refuse(self, work: UnitOfWork, state: ItemState, command: Decide) -> None:
        refuse_role(work, command.by, state.brand_id, is_required=self._is_role_required)
        refuse_decided(work, state)
        refuse_claimed(state, command.by, self._clock.now())
        if state.version != command.version:
            raise StaleItem(
                "the item changed while it was on screen: reload it, read it again, then decide"
            )

    def _judge(self, command: Decide, seen: _Seen) -> CheckReport:
        approval.refuse_other_text(command)
        pipeline = self._pipelines.get(seen.state.brand_id)
        if pipeline is None:
            raise ConfigurationError(f"brand {seen.state.brand_id} is not loaded; see `brands`")
        if seen.state.status is ReviewStatus.STALE:
            raise StaleItem(f"{seen.state.stale_because}: redraft the item")
        self._refuse_stale(seen, approval.why_stale(seen.stored, seen.outcome, pipeline))
        public, private = texts_of(command)
        approval.refuse_unprintable(public, private)
        approval.refuse_placeholders(seen.outcome.redaction, public, private)
        report = approval.judge(pipeline, seen.outcome, public, private)
        today = self._today(pipeline)
        self._refuse_stale(seen, approval.expired_citation(seen.outcome, report, today))
        approval.refuse_blocked(command, report)
        return report

    def _today(self, pipeline: PipelineLike) -> date:
        if isinstance(pipeline, KnowsItsDay):
            return pipeline.today()
        return self._clock.now().date()

    def _refuse_stale(self, seen: _Seen, because: str) -> None:
        if not because:
            return
        now = self._clock.now()
        with self._store.write() as work:
            before = work.items.state(seen.state.id)
            if before.version == seen.state.version and before.status.is_open:
                changes = {"status": ReviewStatus.STALE, "stale_because": because}
                after = before.model_copy(update=changes | {"version": before.version + 1})
                work.items.save(before, after, now)
                work.audit.add(now, "review", "item.stale", before.id, because=because)
        raise StaleItem(f"{because}: redraft the item")

    def _decision(self, command: Decide, seen: _Seen, report: CheckReport) -> Decision:
        texts = texts_of(command)
        public, private = texts
        draft = seen.outcome.draft
        ratio = edit_ratio(draft, texts) if approval.is_release(command.kind) else 0.0
        return Decision(
            id=DecisionId(uuid4().hex),
            item_id=command.item_id,
            kind=kind_of(command.kind, draft, texts),
            by=command.by,
            at=self._clock.now(),
            public=public,
            private=private,
            text_sha256=text_sha256(public, private),
            reason=command.reason,
            note=command.note,
            override_reason=command.override_reason,
            team=_team(command, seen.outcome),
            charter_rule=command.charter_rule,
            moderation=command.moderation,
            guideline_version=seen.outcome.guideline_version,
            edit_ratio=ratio,
            report=report,
        )

    def _store_decision(
        self, work: UnitOfWork, state: ItemState, seen: _Seen, decision: Decision
    ) -> Decision:
        record = DecisionRecord(
            decision=decision,
            round=state.round,
            draft_revision=state.draft_revision,
            message_sha256=content_sha256(seen.outcome.message),
        )
        if approval.is_release(decision.kind) and state.approvers_needed > 1:
            first = seconding.first_approval(work, state, decision)
            if first is None:
                return seconding.store_first(work, state, record)
            decision = decision.model_copy(update={"approved_first_by": first.by})
            record = record.model_copy(update={"decision": decision})
        work.outbox.add_decision(record)
        if approval.is_release(decision.kind):
            self._release(work, state, decision)
        self._moderate(work, state, decision)
        if decision.team is not None:
            work.handoffs.add(handoff_of(decision, state, seen.outcome))
        self._close(work, state, decision)
        return decision

    def _moderate(self, work: UnitOfWork, state: ItemState, decision: Decision) -> None:
        if decision.moderation is None or decision.kind is not DecisionKind.MODERATE:
            return
        work.moderation.add(
            ModerationRecord(
                decision_id=decision.id,
                item_id=state.id,
                channel_instance=state.channel_instance,
                action=decision.moderation,
                not_before=decision.at + self._grace,
                updated_at=decision.at,
            )
        )

    def _close(self, work: UnitOfWork, state: ItemState, decision: Decision) -> None:
        closed = {
            "status": decision.kind.status,
            "version": state.version + 1,
            "lease": None,
            "snoozed_until": None,
            "stale_because": "",
            "first_approver": None,
        }
        work.items.save(state, state.model_copy(update=closed), decision.at)
        first = decision.approved_first_by
        work.audit.add(
            decision.at,
            decision.by.id,
            "item.decided",
            state.id,
            decision=decision.id,
            kind=decision.kind.value,
            round=state.round,
            draft_revision=state.draft_revision,
            text_sha256=decision.text_sha256,
            guideline_version=decision.guideline_version,
            overridden=list(approval.blocking_rules(decision.report)),
            team=decision.team,
            **({"approved_first_by": first.id} if first else {}),
        )

    def _release(self, work: UnitOfWork, state: ItemState, decision: Decision) -> None:
        taken = {p.surface for p in work.outbox.posts(state.id) if p.status not in _GONE}
        texts = {Surface.PUBLIC: decision.public, Surface.PRIVATE: decision.private}
        surfaces = [s for s, text in texts.items() if text is not None and s not in taken]
        if not surfaces:
            raise IncompleteDecision(
                "this reply is already out; nothing is left to post: decide otherwise"
            )
        outbox = OutboxRecord(
            id=OutboxId(uuid4().hex),
            item_id=state.id,
            round=state.round,
            decision_id=decision.id,
            created_at=decision.at,
        )
        posts = [
            PostRecord(
                id=PostId(uuid4().hex),
                outbox_id=outbox.id,
                item_id=state.id,
                surface=surface,
                channel_instance=state.channel_instance,
                key=reply_key(state.id, state.round, surface),
                not_before=decision.at + self._grace if self._grace else None,
                updated_at=decision.at,
            )
            for surface in surfaces
        ]
        work.outbox.release(outbox, posts)


def _note(decision: Decision, state: ItemState) -> None:
    note(
        Happened.DECIDED,
        brand=state.brand_id,
        channel=state.channel_instance,
        item=state.id,
        decision=decision.id,
        outcome="first_of_two" if decision.is_first_of_two else decision.kind.value,
    )


def _team(command: Decide, outcome: Outcome) -> TeamId | None:
    """The team chosen, or the one the brand's matrix hands this message to."""
    hands_over = command.kind is DecisionKind.ESCALATE or (
        approval.is_release(command.kind) and outcome.triage.route is Route.REPLY_AND_ESCALATE
    )
    return command.team or (outcome.triage.team if hands_over else None)
