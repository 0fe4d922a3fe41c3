"""Posting: approved texts out, each at most once; an unknown outcome is looked up, never repeated.

The protocol (DESIGN section 6): commit `sending` with the post's key and a lease; re-read the
parent; call the channel; commit what came of it. Whoever dies in between leaves `sending`, which
turns to `unknown` when the lease runs out.
"""

from collections.abc import Mapping
from datetime import timedelta

from agent.domain.channels import PostReceipt, PostStatus, Reply
from agent.domain.errors import (
    CannotReply,
    ChannelError,
    NotAllowed,
    OutcomeUnknown,
    PostByHand,
)
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import Surface
from agent.domain.records import Delivery, PostRecord
from agent.domain.reports import ModerationReport, PostingReport
from agent.domain.reviews import Reviewer
from agent.ports import Channel, Clock, FindsByText, Store, UnitOfWork
from agent.services.guards import refuse_role
from agent.services.moderating import Moderating
from agent.services.postbook import Guard, Postbook

_RETRY_FIRST = timedelta(seconds=15)
_RETRY_LAST = timedelta(hours=1)


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
        """`lease_seconds`: longer than any channel's own time-out for one call."""
        self._store = store
        self._clock = clock
        self._channels = channels
        self._lease = timedelta(seconds=lease_seconds)
        self._book = Postbook(store, clock)
        self._moderating = Moderating(store, clock, channels, self._lease)
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

    def _take(self) -> Delivery | None:
        now = self._clock.now()
        with self._store.write() as work:
            post = work.outbox.take_ready(tuple(self._channels), now, now + self._lease)
            return work.outbox.delivery(post.id) if post else None

    def _give_up_late(self) -> PostingReport:
        with self._store.read() as work:
            late = work.outbox.expired(self._clock.now())
        report = PostingReport()
        for post in late:
            problem = "the sender stopped before it could say whether the reply is there"
            report = report.plus(self._unknown(post, problem))
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
            obstacle = _obstacle(channel, delivery)
        except ChannelError as error:
            return self._postpone(post, str(error))
        if obstacle:
            return self._return(post, obstacle)
        reply = self._reply(delivery)
        if post.lease_until is not None and self._clock.now() >= post.lease_until:
            return self._postpone(post, "reading the parent took too long")
        return self._send(channel, post, reply)

    def _send(self, channel: Channel, post: PostRecord, reply: Reply) -> PostingReport:
        try:
            receipt = channel.send(reply, post.key)
        except PostByHand:
            self._book.wait_for_hand(post)
            return PostingReport(by_hand=1)
        except CannotReply as error:
            return self._return(post, str(error))
        except OutcomeUnknown as error:
            return self._unknown(post, str(error))
        except ChannelError as error:
            return self._postpone(post, str(error))
        except Exception as error:
            # We cannot tell how far a crashed call came: it is looked up, as any unknown one.
            return self._unknown(post, f"the channel failed ({type(error).__name__})")
        return self._sent(post, receipt)

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
        wait = min(_RETRY_FIRST * 2 ** min(post.attempts - 1, 10), _RETRY_LAST)
        self._book.postponed(post, because, self._clock.now() + wait)
        return PostingReport(postponed=1, problems=(f"post {post.id}: {because}",))

    def moderate_ready(self) -> ModerationReport:
        """Carry out the decisions to moderate; what the network refuses goes to a person."""
        return self._moderating.carry_out()

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
        except ChannelError as error:
            return PostingReport(unknown=1, problems=(f"post {post.id}: {error}",))
        if receipt is not None:
            return self._sent(post, receipt)
        if post.lease_until is not None and self._clock.now() < post.lease_until:
            still = (
                f"post {post.id}: not there yet; looked up again after {post.lease_until:%H:%M:%S}"
            )
            return PostingReport(unknown=1, problems=(still,))
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


def _obstacle(channel: Channel, delivery: Delivery) -> str:
    stored, decided = delivery.stored, delivery.decided
    if stored.content_sha256 != decided.message_sha256:
        return "the customer changed the message after the decision"
    permission = channel.can_reply(stored.message, delivery.post.surface)
    if permission.is_allowed:
        return ""
    return permission.reason or "the network does not allow a reply there any more"
