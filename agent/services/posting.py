"""Posting: approved texts out, each at most once; an unknown outcome is looked up, never repeated.

The protocol (DESIGN section 6): commit `sending` with the post's key and a lease; re-read the
parent; call the channel; commit what came of it. Whoever dies in between leaves `sending`, which
turns to `unknown` when the lease runs out.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from agent.domain.base import sha256_of
from agent.domain.channels import PostReceipt, PostStatus, Reply
from agent.domain.errors import (
    CannotReply,
    ChannelError,
    NotAllowed,
    OutcomeUnknown,
    PostByHand,
)
from agent.domain.ids import DecisionId, ItemId, PostId
from agent.domain.messages import Surface
from agent.domain.records import Delivery, ModerationRecord, PostRecord
from agent.domain.reports import ModerationReport, PostingReport
from agent.domain.reviews import Reviewer
from agent.domain.work import Direction
from agent.ports import Channel, Clock, FindsByText, Store, UnitOfWork
from agent.services.breakers import BreakerService, said
from agent.services.freezing import is_frozen
from agent.services.guards import refuse_role
from agent.services.moderating import Moderating
from agent.services.postbook import Guard, Postbook
from agent.services.restoring import answered, still

_RETRY_FIRST = timedelta(seconds=15)
_RETRY_LAST = timedelta(hours=1)
_TRIES = 10
"""Refusals after which a text goes back to a person: about two hours of trying."""
_STOPPED = "the sender stopped before it could say whether the reply is there"


class PostingService:
    """Sends what people approved. Several processes may run it at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, Channel],
        lease_seconds: int = 120,
        *,
        is_role_required: bool = False,
    ) -> None:
        """`lease_seconds`: four times as long as any channel's own time-out for one call."""
        self._store = store
        self._clock = clock
        self._channels = channels
        self._lease = timedelta(seconds=lease_seconds)
        self._book = Postbook(store, clock)
        self._moderating = Moderating(store, clock, channels, self._lease)
        self._breakers = BreakerService(store, clock)
        self._is_role_required = is_role_required

    def post_ready(self, limit: int | None = None) -> PostingReport:
        """Send what is ready, at most `limit` posts, and return what became of each."""
        report = self._give_up_late()
        handled = 0
        while limit is None or handled < limit:
            delivery = self._take()
            if delivery is None:
                break
            report = report.plus(self._deliver(delivery))
            handled += 1
        return report.plus(self._unreachable())

    def due(self, limit: int) -> tuple[PostRecord, ...]:
        """Return posts that need something now: to be sent, looked up or given up as unknown.

        `limit` ready ones of each channel: a slow one does not hide the others. What is frozen,
        and what goes through a channel that is left alone, is not due.
        """
        now = self._clock.now()
        with self._store.read() as work:
            open_now = self._breakers.admitted(work, self._channels, Direction.WRITE)
            found = [post for name in open_now for post in work.outbox.ready(name, now, limit)]
            lost = (*work.outbox.expired(now), *work.outbox.unknown(open_now))
        return (*(post for post in lost if post.channel_instance in open_now), *found)

    def attend(self, post_id: PostId) -> PostingReport:
        """Do what one post needs now, as the outbox says: send it, look it up, or nothing.

        May be repeated, and done twice at once: the outbox decides, in its transactions.

        Raises:
            NotFound: there is no such post.
        """
        with self._store.read() as work:
            delivery = work.outbox.delivery(post_id)
        post, now = delivery.post, self._clock.now()
        if post.channel_instance not in self._channels:
            return PostingReport()
        if post.status is PostStatus.UNKNOWN:
            return self._look_up(delivery)
        if post.status is PostStatus.SENDING and post.lease_until and post.lease_until <= now:
            return self._unknown(post, _STOPPED)
        taken = self._take(post_id) if post.status is PostStatus.READY else None
        return self._deliver(taken) if taken else PostingReport()

    def give_up(self, post_id: PostId, because: str) -> PostRecord:
        """Give a text that could not be sent back to a person, unless it has left or may have.

        Raises:
            NotFound: there is no such post.
        """
        with self._store.read() as work:
            post = work.outbox.post(post_id)
        if post.status is PostStatus.READY:
            self._book.returned(post, because)
        return post

    def _take(self, only: PostId | None = None) -> Delivery | None:
        now = self._clock.now()
        with self._store.write() as work:
            open_now = self._breakers.admitted(work, self._channels, Direction.WRITE)
            post = work.outbox.take_ready(open_now, now, now + self._lease, only)
            if post is None:
                return None
            self._breakers.begin(work, post.channel_instance, Direction.WRITE)
            return work.outbox.delivery(post.id)

    def _give_up_late(self) -> PostingReport:
        with self._store.read() as work:
            late = work.outbox.expired(self._clock.now())
        report = PostingReport()
        for post in late:
            report = report.plus(self._unknown(post, _STOPPED))
        return report

    def _unreachable(self) -> PostingReport:
        with self._store.read() as work:
            ready = work.outbox.count_ready(self._clock.now())
        return PostingReport(
            problems=tuple(
                f"channel {name} is not set up: {count} replies wait; add it to `channels`"
                for name, count in sorted(ready.items())
                if name not in self._channels
            )
        )

    def _deliver(self, delivery: Delivery) -> PostingReport:
        post, channel = delivery.post, self._channels[delivery.post.channel_instance]
        try:
            obstacle = _obstacle(channel, delivery) or answered(self._store, channel, delivery)
        except Exception as error:
            # Nothing was sent: whatever failed, it is tried again, and others need not wait.
            return self._failed(post, error, self._postpone)
        if obstacle:
            self._breakers.worked(channel.name, Direction.WRITE)
            return self._return(post, obstacle)
        reply = self._reply(delivery)
        if is_frozen(self._store, delivery.stored.brand_id):
            self._book.postponed(post, "posting is frozen", self._clock.now())
            return PostingReport(postponed=1)
        # The last look: whoever was held up must not send, and a slow call must end in its lease.
        if post.lease_until and self._clock.now() + self._lease / 2 >= post.lease_until:
            return self._postpone(post, "reading the parent took too long")
        return self._send(channel, post, reply)

    def _send(self, channel: Channel, post: PostRecord, reply: Reply) -> PostingReport:
        try:
            receipt = channel.send(reply, post.key)
        except PostByHand:
            self._book.wait_for_hand(post)
            report = PostingReport(by_hand=1)
        except CannotReply as error:
            report = self._return(post, str(error))
        except OutcomeUnknown as error:
            return self._failed(post, error, self._unknown)
        except ChannelError as error:
            return self._failed(post, error, self._postpone)
        except Exception as error:
            # We cannot tell how far a crashed call came: it is looked up, as any unknown one.
            return self._failed(post, error, self._unknown)
        else:
            report = self._sent(post, receipt)
        self._breakers.worked(channel.name, Direction.WRITE)
        return report

    def _failed(
        self, post: PostRecord, error: Exception, settle: Callable[[PostRecord, str], PostingReport]
    ) -> PostingReport:
        report = settle(post, said(error))
        self._breakers.failed(post.channel_instance, Direction.WRITE, error)
        return report

    def _sent(self, post: PostRecord, receipt: PostReceipt) -> PostingReport:
        if self._book.sent(post.id, receipt, "posting"):
            return PostingReport(sent=1)
        return PostingReport(problems=(f"post {post.id}: somebody else settled it meanwhile",))

    def _reply(self, delivery: Delivery) -> Reply:
        post, decision = delivery.post, delivery.decided.decision
        is_public = post.surface is Surface.PUBLIC
        text = (decision.public if is_public else decision.private) or ""
        if not is_public:
            with self._store.read() as work:
                outcome = work.items.outcome(post.item_id, delivery.decided.draft_revision)
            text = outcome.redaction.restore(text)
        return Reply(
            item_id=post.item_id,
            post_id=post.id,
            parent_external_id=delivery.stored.external_id,
            surface=post.surface,
            text=text,
            author=delivery.stored.message.author,
        )

    def _return(self, post: PostRecord, because: str) -> PostingReport:
        self._book.returned(post, because)
        return PostingReport(returned=1, problems=(f"post {post.id}: {because}",))

    def _unknown(self, post: PostRecord, because: str) -> PostingReport:
        if not self._book.unknown(post, because):
            return PostingReport()
        return PostingReport(unknown=1, problems=(f"post {post.id}: {because}",))

    def _postpone(self, post: PostRecord, because: str) -> PostingReport:
        if post.attempts >= _TRIES:
            because = f"{because}; given up after {post.attempts} tries"
            self._book.returned(post, because, is_dead=True)
            return PostingReport(returned=1, problems=(f"post {post.id}: {because}",))
        wait = min(_RETRY_FIRST * 2 ** min(post.attempts - 1, 10), _RETRY_LAST)
        self._book.postponed(post, because, self._clock.now() + wait * _spread(post))
        return PostingReport(postponed=1, problems=(f"post {post.id}: {because}",))

    def moderate_ready(self, only: DecisionId | None = None) -> ModerationReport:
        """Carry out the decisions to moderate, or `only` one; refused, they go to a person.

        What is frozen, and what a channel that is left alone would have to do, waits.
        """
        return self._moderating.carry_out(only)

    def moderations_due(self, limit: int) -> tuple[ModerationRecord, ...]:
        """Return decisions to moderate whose time has come."""
        with self._store.read() as work:
            open_now = self._breakers.admitted(work, self._channels, Direction.WRITE)
            return work.moderation.due(open_now, self._clock.now(), limit)

    def give_up_moderation(self, decision_id: DecisionId, because: str) -> ModerationRecord | None:
        """Leave a decision to moderate to a person; None: it is settled."""
        return self._moderating.give_up(decision_id, because)

    def resolve_unknown(self) -> PostingReport:
        """Look up every post whose outcome nobody knows.

        Found: it is sent. Not there, and its sender's lease is over: it is ready again, with the
        same key. A channel that cannot tell leaves it to a person.
        """
        with self._store.read() as work:
            waiting = [
                work.outbox.delivery(post.id) for post in work.outbox.unknown(tuple(self._channels))
            ]
        report = PostingReport()
        for delivery in waiting:
            report = report.plus(self._look_up(delivery))
        return report

    def _look_up(self, delivery: Delivery) -> PostingReport:
        post, channel = delivery.post, self._channels[delivery.post.channel_instance]
        try:
            receipt = self._find(channel, delivery)
        except Exception as error:
            return PostingReport(unknown=1, problems=(f"post {post.id}: {said(error)}",))
        if receipt is not None:
            return self._sent(post, receipt)
        if post.lease_until is not None and self._clock.now() < post.lease_until:
            return PostingReport(unknown=1, problems=(still(post.id, post.lease_until),))
        self._book.ready_again(post.id, "posting")
        return PostingReport(postponed=1)

    def _find(self, channel: Channel, delivery: Delivery) -> PostReceipt | None:
        if isinstance(channel, FindsByText):
            return channel.find_reply(self._reply(delivery), delivery.post.key)
        return channel.find_sent(delivery.stored.external_id, delivery.post.key)

    def resolve_by_hand(self, post_id: PostId, by: Reviewer, sent: bool, url: str = "") -> None:
        """Record what a person found out about a post whose outcome is unknown.

        `sent` False: it is not there, and is sent again with the same key.

        Raises:
            NotFound: there is no such post.
            NotAllowed: its outcome is known, or this person may not decide for the brand.
        """
        guard = self._guard(by)
        if sent:
            receipt = PostReceipt(remote_id="", url=url)
            is_done = self._book.sent(post_id, receipt, by.id, {PostStatus.UNKNOWN}, guard)
        else:
            is_done = self._book.ready_again(post_id, by.id, guard)
        if not is_done:
            raise NotAllowed("the outcome of this post is known: there is nothing to resolve")

    def mark_posted_by_hand(self, post_id: PostId, by: Reviewer, url: str = "") -> None:
        """Record that a person posted a ready text themselves.

        Raises:
            NotFound: there is no such post.
            NotAllowed: it is not waiting, or this person may not decide for the brand.
        """
        receipt = PostReceipt(remote_id="", url=url)
        if not self._book.sent(post_id, receipt, by.id, {PostStatus.READY}, self._guard(by)):
            raise NotAllowed("this post does not wait to be posted; reload the item")

    def _guard(self, by: Reviewer) -> Guard:
        def refuse(work: UnitOfWork, item_id: ItemId) -> None:
            brand_id = work.items.state(item_id).brand_id
            refuse_role(work, by, brand_id, is_required=self._is_role_required)

        return refuse

    def cancel(self, item_id: ItemId, by: Reviewer) -> None:
        """Take back what has not left yet; the item is open to decide again.

        Raises:
            NotFound: there is no such item.
            NotAllowed: nothing of it is waiting any more, or the person may not decide.
        """
        self._book.cancel(item_id, by, self._guard(by))


def _spread(post: PostRecord) -> float:
    """Between 0.75 and 1, for each post and try another: what failed at once comes back apart."""
    return 0.75 + int(sha256_of([post.id, post.attempts])[:8], 16) / 2**34


def _obstacle(channel: Channel, delivery: Delivery) -> str:
    stored, decided = delivery.stored, delivery.decided
    if stored.content_sha256 != decided.message_sha256:
        return "the customer changed the message after the decision"
    permission = channel.can_reply(stored.message, delivery.post.surface)
    if permission.is_allowed:
        return ""
    return permission.reason or "the network does not allow a reply there any more"
