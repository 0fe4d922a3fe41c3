"""The book of posts: each step of a post's life, in one transaction with what follows from it."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from agent.domain.channels import PostReceipt, PostStatus
from agent.domain.errors import NotAllowed
from agent.domain.ids import ItemId, PostId
from agent.domain.records import PostRecord
from agent.domain.reviews import Reviewer, ReviewStatus
from agent.domain.work import DeadLetter, JobKind
from agent.ports import Clock, Store, UnitOfWork
from agent.services.graveyard import bury
from agent.services.noting import attempted

_UNDER_WAY = {PostStatus.READY, PostStatus.SENDING, PostStatus.UNKNOWN}
_CAME_BACK = {PostStatus.RETURNED, PostStatus.CANCELLED}
Guard = Callable[[UnitOfWork, ItemId], None]
"""Refuses a person, in the transaction of what they ask for."""
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When the machine tries a post again that a person posts by hand."""


class Postbook:
    """Moves posts along. A post that somebody else moved meanwhile is left as it is."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def sent(
        self,
        post_id: PostId,
        receipt: PostReceipt,
        actor: str,
        expected: Collection[PostStatus] = _UNDER_WAY,
        guard: Guard | None = None,
    ) -> bool:
        """Record that the reply is there; return False if the post is not as `expected`.

        A sender that comes back after its lease finds its post unknown, and still says so here.
        """
        changes = {
            "status": PostStatus.SENT,
            "remote_id": receipt.remote_id or None,
            "url": receipt.url,
            "posted_at": receipt.posted_at or self._clock.now(),
            "problem": "",
        }
        with self._store.write() as work:
            post = work.outbox.post(post_id)
            if guard:
                guard(work, post.item_id)
            if post.status not in expected or not self._move(work, post, changes, actor):
                return False
            self._reopen_if_settled(work, post.item_id)
        attempted(post, "sent" if actor == "posting" else "settled_by_hand")
        return True

    def unknown(self, post: PostRecord, because: str) -> bool:
        """Record that nobody knows whether the reply is there."""
        changes = {"status": PostStatus.UNKNOWN, "problem": because}
        with self._store.write() as work:
            is_moved = self._move(work, post, changes, "posting")
        if is_moved:
            attempted(post, "unknown", logging.WARNING)
        return is_moved

    def postponed(self, post: PostRecord, because: str, until: datetime) -> None:
        """Record that the network refused for now."""
        changes = {"status": PostStatus.READY, "problem": because, "not_before": until}
        with self._store.write() as work:
            self._move(work, post, changes | {"lease_until": None}, "posting")
        attempted(post, "postponed", logging.WARNING)

    def wait_for_hand(self, post: PostRecord) -> None:
        """Leave a post to a person; the machine does not try again."""
        changes = {"status": PostStatus.READY, "not_before": _NEVER, "lease_until": None}
        with self._store.write() as work:
            self._move(work, post, changes, "posting")
        attempted(post, "by_hand")

    def ready_again(self, post_id: PostId, actor: str, guard: Guard | None = None) -> bool:
        """Record that an unknown reply is not there: it may be sent, with the same key."""
        changes = {"status": PostStatus.READY, "problem": "", "not_before": None}
        with self._store.write() as work:
            post = work.outbox.post(post_id)
            if guard:
                guard(work, post.item_id)
            if post.status is not PostStatus.UNKNOWN:
                return False
            return self._move(work, post, changes | {"lease_until": None}, actor)

    def returned(self, post: PostRecord, because: str, *, is_dead: bool = False) -> None:
        """Record that no reply is possible there, and open the item again.

        `is_dead`: the network refused too often; it is also listed among what was given up.
        """
        changes = {"status": PostStatus.RETURNED, "problem": because}
        with self._store.write() as work:
            if self._move(work, post, changes, "posting"):
                self._reopen_if_settled(work, post.item_id)
                if is_dead:
                    bury(work, self._letter(work, post, because))
        attempted(post, "given_up" if is_dead else "returned", logging.WARNING)

    def _letter(self, work: UnitOfWork, post: PostRecord, because: str) -> DeadLetter:
        now = self._clock.now()
        return DeadLetter(
            kind=JobKind.POST,
            subject=post.id,
            brand_id=work.items.state(post.item_id).brand_id,
            item_id=post.item_id,
            problem=because,
            died_at=now,
            updated_at=now,
        )

    def cancel(self, item_id: ItemId, by: Reviewer, guard: Guard) -> None:
        """Take back the posts of an item that wait, and open the item again.

        Raises:
            NotAllowed: none waits any more.
        """
        with self._store.write() as work:
            guard(work, item_id)
            self.cancel_in(work, item_id, by)

    def cancel_in(self, work: UnitOfWork, item_id: ItemId, by: Reviewer) -> None:
        """Do what `cancel` does within the caller's transaction, which holds the item."""
        waiting = [p for p in work.outbox.posts(item_id) if p.status is PostStatus.READY]
        moved = [
            self._move(work, post, {"status": PostStatus.CANCELLED}, by.id) for post in waiting
        ]
        if not any(moved):
            raise NotAllowed("nothing can be taken back: the reply has left, or is leaving")
        self._reopen_if_settled(work, item_id)

    def _move(
        self, work: UnitOfWork, post: PostRecord, changes: Mapping[str, object], actor: str
    ) -> bool:
        now = self._clock.now()
        after = post.model_copy(update={**changes, "updated_at": now})
        if not work.outbox.save_post(post, after):
            return False
        work.audit.add(
            now,
            actor,
            f"post.{after.status.value}",
            post.item_id,
            post=post.id,
            surface=post.surface.value,
            attempt=post.attempts,
            remote_id=after.remote_id,
        )
        return True

    def _reopen_if_settled(self, work: UnitOfWork, item_id: ItemId) -> None:
        """Open a new round once nothing is under way and something of this round came back."""
        state = work.items.state(item_id)
        posts = work.outbox.posts(item_id)
        this_round = _of_last_outbox(posts)
        if any(post.status in _UNDER_WAY for post in posts):
            return
        came_back = [post for post in this_round if post.status in _CAME_BACK]
        if not came_back:
            return
        after = state.model_copy(
            update={
                "status": ReviewStatus.PENDING,
                "version": state.version + 1,
                "round": state.round + 1,
                "stale_because": next((p.problem for p in came_back if p.problem), ""),
            }
        )
        work.items.save(state, after, self._clock.now())
        work.audit.add(self._clock.now(), "posting", "item.reopened", item_id, round=after.round)


def _of_last_outbox(posts: tuple[PostRecord, ...]) -> list[PostRecord]:
    return [post for post in posts if post.outbox_id == posts[-1].outbox_id]
