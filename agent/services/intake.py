"""Intake: messages in, each exactly once, and one review item for each, whatever happens."""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from agent.domain.channels import FetchPage
from agent.domain.errors import ChannelError, ConfigurationError, NotFound
from agent.domain.ids import BrandId, GuidelineVersion, ItemId, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.records import Arrival, ItemState, StoredMessage
from agent.domain.reports import IntakeReport
from agent.domain.reviews import Reviewer, ReviewItem, ReviewStatus
from agent.domain.work import Direction
from agent.ports import Channel, Clock, PipelineLike, Store, UnitOfWork
from agent.services.breakers import BreakerService
from agent.services.guards import refuse_claimed, refuse_decided, refuse_role
from agent.services.noting import drafted
from agent.services.unhandled import outcome_of_crash

Progress = Callable[[int, int], None]
"""Called with how many messages are done, of how many."""

_BATCH = 20
"""Messages drafted between two commits: what a crash makes us draft again."""
_NO_VERSION = GuidelineVersion("0" * 64)
"""Of a brand whose pack never loaded."""
_COUNTED = {
    Arrival.NEW: IntakeReport(added=1),
    Arrival.DUPLICATE: IntakeReport(duplicates=1),
    Arrival.EDITED: IntakeReport(edited=1),
}


class IntakeService:
    """Takes messages in and has them drafted. Safe to interrupt and to run in several processes."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pipelines: Mapping[BrandId, PipelineLike],
        own_accounts: Mapping[BrandId, Collection[str]] | None = None,
        at_once: int = 1,
        *,
        is_role_required: bool = False,
    ) -> None:
        """Wire the service.

        `own_accounts`: authors whose messages are the brand's own and are not taken in.
        `at_once`: messages drafted at the same time; more than one pays where a model is waited
        for, and nowhere else.
        """
        self._store = store
        self._clock = clock
        self._pipelines = pipelines
        self._own_accounts = own_accounts or {}
        self._at_once = at_once
        self._is_role_required = is_role_required
        self._breakers = BreakerService(store, clock)

    def receive(self, channel: Channel, brand_id: BrandId) -> IntakeReport:
        """Read all that is new on a channel; a page and its cursor are committed together.

        A channel that cannot be read is a problem in the report; pages read before it stay. After
        several failures it is left alone for a while.
        """
        report = IntakeReport()
        shut = self._breakers.may_read(channel.name)
        if shut is not None:
            return IntakeReport(problems=(f"{channel.name}: left alone: {shut.problem}",))
        while True:
            with self._store.read() as work:
                cursor = work.inbox.cursor(channel.name)
            try:
                page = channel.fetch(cursor)
            except ChannelError as error:
                self._breakers.failed(channel.name, Direction.READ, error)
                return report.plus(IntakeReport(problems=(f"{channel.name}: {error}",)))
            self._breakers.worked(channel.name, Direction.READ)
            report = report.plus(self._take_page(channel.name, brand_id, cursor, page))
            if not page.has_more:
                return report
            if page.cursor == cursor:
                stuck = f"{channel.name}: says there is more but does not move on; reported so far"
                return report.plus(IntakeReport(problems=(stuck,)))

    def _take_page(
        self, name: str, brand_id: BrandId, cursor: str | None, page: FetchPage
    ) -> IntakeReport:
        with self._store.write() as work:
            report = self._take_all(work, brand_id, page.messages, name)
            for gone in page.withdrawn:
                self._mark_stale(work, gone, "the customer deleted the message")
            if page.cursor != cursor:
                work.inbox.move_cursor(name, cursor, page.cursor, self._clock.now())
        return report.plus(IntakeReport(problems=page.problems))

    def accept(
        self, brand_id: BrandId, messages: Iterable[InboundMessage], via: str
    ) -> IntakeReport:
        """Take in messages handed over by hand, as if channel instance `via` had read them."""
        with self._store.write() as work:
            return self._take_all(work, brand_id, messages, via)

    def accept_event(
        self, brand_id: BrandId, event_id: str, messages: Iterable[InboundMessage], via: str
    ) -> IntakeReport | None:
        """Take in what a sender pushed, all of it or nothing; None: the event is here already.

        An event sent again is not read again: it might carry an older text than is here by now.

        Raises:
            ChannelError: one of the messages cannot be stored; none was.
        """
        with self._store.write() as work:
            if not work.inbox.see_event(via, event_id, self._clock.now()):
                return None
            report = self._take_all(work, brand_id, messages, via)
            if report.problems:
                raise ChannelError("; ".join(report.problems))
            return report

    def _take_all(
        self, work: UnitOfWork, brand_id: BrandId, messages: Iterable[InboundMessage], via: str
    ) -> IntakeReport:
        report = IntakeReport()
        for message in messages:
            report = report.plus(self._take(work, brand_id, message, via))
        return report

    def _take(
        self, work: UnitOfWork, brand_id: BrandId, message: InboundMessage, via: str
    ) -> IntakeReport:
        one = IntakeReport(fetched=1)
        problem = _unstorable(message)
        if problem:
            return one.plus(IntakeReport(problems=(f"{via}: {problem}",)))
        is_ours = message.author in self._own_accounts.get(brand_id, ())
        if is_ours or work.inbox.is_own(via, message):
            return one.plus(IntakeReport(own=1))
        stored = self._stored(brand_id, message, via)
        arrival = work.inbox.take_in(stored)
        if arrival is Arrival.CLASH:
            clash = f"{via}: message {message.id}: another message has this id; give it its own"
            return one.plus(IntakeReport(problems=(clash,)))
        if arrival is Arrival.EDITED:
            self._mark_stale(work, stored.message.id, "the customer changed the message")
        return one.plus(_COUNTED[arrival])

    def _stored(self, brand_id: BrandId, message: InboundMessage, via: str) -> StoredMessage:
        now = self._clock.now()
        known = {"brand_id": brand_id, "created_at": message.created_at or now}
        return StoredMessage(
            message=message.model_copy(update=known),
            brand_id=brand_id,
            channel_instance=via,
            external_id=message.external_id or message.id,
            received_at=now,
        )

    def _mark_stale(self, work: UnitOfWork, message_id: MessageId, because: str) -> None:
        item_id = work.items.of_message(message_id)
        before = work.items.state(item_id) if item_id else None
        if before is None or not before.status.is_open:
            return
        now, version = self._clock.now(), before.version + 1
        changes = {"status": ReviewStatus.STALE, "stale_because": because, "version": version}
        work.items.save(before, before.model_copy(update=changes), now)
        work.audit.add(now, "intake", "item.stale", before.id, because=because)

    def draft_pending(
        self,
        brand_id: BrandId | None = None,
        limit: int | None = None,
        on_progress: Progress | None = None,
    ) -> int:
        """Draft messages that have no review item yet; return how many items were made.

        Raises:
            ConfigurationError: the brand asked for is not loaded.
        """
        brands = self._brands(brand_id)
        with self._store.read() as work:
            waiting = work.inbox.count_undrafted(brands)
        total = waiting if limit is None else min(waiting, limit)
        done = made = 0
        while done < total:
            with self._store.read() as work:
                batch = work.inbox.undrafted(brands, min(max(_BATCH, self._at_once), total - done))
            if not batch:
                break
            made += self._draft_batch(batch)
            done += len(batch)
            if on_progress:
                on_progress(done, total)
        return made

    def waiting(self, limit: int) -> tuple[MessageId, ...]:
        """Return messages that have no review item yet, first come first."""
        with self._store.read() as work:
            return work.inbox.undrafted_ids(tuple(self._pipelines), limit)

    def draft_one(self, message_id: MessageId) -> bool:
        """Draft one message; False: it has its item already, and nothing was done.

        Raises:
            NotFound: there is no such message.
        """
        with self._store.read() as work:
            if work.items.of_message(message_id) is not None:
                return False
            stored = work.inbox.get(message_id)
        outcome = self._run(stored)
        with self._store.write() as work:
            return self._add(work, stored, outcome)

    def hand_over(self, message_id: MessageId, error: Exception) -> ItemState:
        """Give a message that could not be drafted to a person as it is; return its item.

        Raises:
            NotFound: there is no such message.
        """
        with self._store.write() as work:
            stored = work.inbox.get(message_id)
            item_id = work.items.of_message(message_id)
            if item_id is None:
                known = work.brands.versions(stored.brand_id)
                version = known[-1][0] if known else _NO_VERSION
                self._add(work, stored, outcome_of_crash(stored.message, version, error))
                item_id = work.items.of_message(message_id)
            if item_id is None:
                raise NotFound(f"message {message_id} has no item; report this defect")
            return work.items.state(item_id)

    def draft_again(self, item_id: ItemId) -> bool:
        """Draft an item again that the machine gave up; False: a person has it by now."""
        with self._store.read() as work:
            state = work.items.state(item_id)
            stored = work.inbox.get(state.message_id)
        if not self._is_untouched(state):
            return False
        outcome = self._run(stored)
        with self._store.write() as work:
            state = work.items.state(item_id)
            if not self._is_untouched(state):
                return False
            after = work.items.redraft(state, stored, outcome, self._clock.now())
            self._note_draft(work, after, outcome, "work")
            return True

    def _is_untouched(self, state: ItemState) -> bool:
        is_claimed = state.lease is not None and state.lease.until > self._clock.now()
        return state.status.is_open and not is_claimed

    def _brands(self, brand_id: BrandId | None) -> Collection[BrandId]:
        if brand_id is None:
            return tuple(self._pipelines)
        self._pipeline(brand_id)
        return (brand_id,)

    def _pipeline(self, brand_id: BrandId) -> PipelineLike:
        pipeline = self._pipelines.get(brand_id)
        if pipeline is None:
            raise ConfigurationError(f"brand {brand_id} is not loaded; add its folder to `brands`")
        return pipeline

    def _draft_batch(self, batch: tuple[StoredMessage, ...]) -> int:
        outcomes = self._run_all(batch)
        with self._store.write() as work:
            added = [
                self._add(work, stored, outcome)
                for stored, outcome in zip(batch, outcomes, strict=True)
            ]
        return sum(added)

    def _run_all(self, batch: tuple[StoredMessage, ...]) -> list[Outcome]:
        if self._at_once == 1:
            return [self._run(stored) for stored in batch]
        for stored in batch:
            # Built here: two threads would each build a pipeline that neither has.
            self._pipeline(stored.brand_id)
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(self._run, batch))

    def _run(self, stored: StoredMessage) -> Outcome:
        pipeline = self._pipeline(stored.brand_id)
        try:
            return pipeline.run(stored.message)
        except Exception as error:
            # Whatever went wrong in the flow, the message must reach a person.
            return outcome_of_crash(stored.message, pipeline.guideline_version, error)

    def _add(self, work: UnitOfWork, stored: StoredMessage, outcome: Outcome) -> bool:
        now = self._clock.now()
        state = work.items.add(stored, outcome, now)
        if state is None:
            return False
        work.brands.see(stored.brand_id, outcome.guideline_version, now)
        self._note_draft(work, state, outcome, "pipeline")
        return True

    def _note_draft(self, work: UnitOfWork, state: ItemState, outcome: Outcome, actor: str) -> None:
        work.audit.add(
            self._clock.now(),
            actor,
            "item.drafted",
            state.id,
            revision=state.draft_revision,
            drafter=outcome.draft.drafter,
            guideline_version=outcome.guideline_version,
            failures=[failure.step for failure in outcome.failures],
        )
        drafted(state, outcome)

    def redraft(self, item_id: ItemId, by: Reviewer) -> ReviewItem:
        """Draft an open item again, from its message as it is now, and return it.

        Raises:
            NotFound: there is no such item.
            AlreadyDecided: a person has decided it.
            ClaimedByOther: somebody else is working on it.
            NotAllowed: this person may not decide for the brand.
        """
        with self._store.read() as work:
            state = work.items.state(item_id)
            refuse_role(work, by, state.brand_id, is_required=self._is_role_required)
            refuse_decided(work, state)
            stored = work.inbox.get(state.message_id)
        outcome = self._run(stored)
        with self._store.write() as work:
            state = work.items.state(item_id)
            refuse_role(work, by, state.brand_id, is_required=self._is_role_required)
            refuse_decided(work, state)
            refuse_claimed(state, by, self._clock.now())
            after = work.items.redraft(state, stored, outcome, self._clock.now())
            work.brands.see(stored.brand_id, outcome.guideline_version, self._clock.now())
            self._note_draft(work, after, outcome, by.id)
            return work.items.view(item_id)


def _unstorable(message: InboundMessage) -> str:
    names = (message.id, message.external_id or "", message.channel)
    if not all(name.isprintable() for name in names):
        return "a message whose id has control characters was left out; give it a plain id"
    try:
        message.model_dump_json()
    except ValueError:
        return f"message {message.id}: broken characters (lone surrogates); send it as UTF-8"
    return ""
