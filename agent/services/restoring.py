"""What a restored installation must be told before it goes on: much may have happened since.

A reply that waited to be sent, or was being sent, may have been sent since the backup, taken back
or written anew. The machine may find it on the network; it never sends it by itself. Posting is
frozen everywhere until a person lets it go on. All of it is written in the restore's transaction.
"""

from datetime import UTC, datetime

from agent.domain.backups import BackupManifest
from agent.domain.base import sha256_of
from agent.domain.channels import PostStatus
from agent.domain.errors import StoreError
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import Surface
from agent.domain.people import EVERY_BRAND
from agent.domain.records import Delivery, PostRecord
from agent.domain.reports import AuditHead
from agent.domain.reviews import Reviewer
from agent.domain.work import Freeze
from agent.ports import Channel, Store, UnitOfWork
from agent.services.trail import walk_chain

RESTORE = "restore"
"""The subject of the audit entries about restores."""
NOT_BY_ITSELF = datetime(9999, 12, 31, tzinfo=UTC)
"""The lease of a post that only a person makes ready again; it is looked for all the same."""
_ROUNDS_AFTER = 3
"""Rounds that an item may have gone through between the backup and the restore, and be found."""
_UNDER_WAY = (PostStatus.READY, PostStatus.SENDING, PostStatus.UNKNOWN)


def refuse_changed(work: UnitOfWork, head: AuditHead) -> None:
    """Refuse a restored database whose audit chain is not the one that was backed up.

    Raises:
        StoreError: a link is broken, or the last one is another.
    """
    verdict = walk_chain(work)
    if not verdict.is_intact or verdict.head != head:
        problem = verdict.problem or "its last entry is not the one the backup names"
        raise StoreError(f"the audit chain of the backup is broken: {problem}; nothing restored")


def settle_restored(
    work: UnitOfWork, manifest: BackupManifest, by: Reviewer, now: datetime
) -> tuple[int, int]:
    """Freeze posting, leave replies in doubt to the network or a person, end every session.

    Return how many replies are in doubt and how many sessions ended.
    """
    because = f"restored from the backup of {manifest.taken_at:%Y-%m-%d %H:%M} UTC"
    reason = f"{because}; look at replies in doubt and open messages, then unfreeze"
    doubtful = [post for status in _UNDER_WAY for post in work.outbox.in_status(status)]
    for post in doubtful:
        _doubt(work, post, because, now)
    freeze = Freeze(
        scope=EVERY_BRAND,
        is_on=True,
        reason=reason,
        by=Reviewer(id=by.id, name=by.name),
        at=now,
    )
    work.freezes.put(freeze)
    work.audit.add(now, by.id, "posting.frozen", EVERY_BRAND, name=by.name, reason=reason)
    # A session that ended since the backup must not open the desk again.
    ended = sum(work.people.revoke_all(person.id) for person, _ in work.people.all())
    work.audit.add(
        now,
        by.id,
        "workspace.restored",
        RESTORE,
        taken_at=manifest.taken_at.isoformat(),
        head=f"{manifest.audit_head.seq}:{manifest.audit_head.hash}",
        in_doubt=len(doubtful),
        sessions_ended=ended,
    )
    return len(doubtful), ended


def _doubt(work: UnitOfWork, post: PostRecord, because: str, now: datetime) -> None:
    if post.status is PostStatus.READY:
        # The step from ready is by way of sending: the database knows no other.
        changes = {"status": PostStatus.SENDING, "attempts": post.attempts + 1, "updated_at": now}
        before, post = post, post.model_copy(update=changes)
        work.outbox.save_post(before, post)
    problem = f"{because}: it may have been sent, or taken back, since"
    after = post.model_copy(
        update={
            "status": PostStatus.UNKNOWN,
            "lease_until": NOT_BY_ITSELF,
            "problem": problem,
            "updated_at": now,
        }
    )
    work.outbox.save_post(post, after)
    work.audit.add(
        now,
        "restore",
        "post.unknown",
        post.item_id,
        post=post.id,
        surface=post.surface.value,
        attempt=post.attempts,
        remote_id=post.remote_id,
    )


def still(post_id: PostId, lease_until: datetime) -> str:
    """Say what happens next with a reply that is not found on its network yet."""
    if lease_until == NOT_BY_ITSELF:
        return f"post {post_id}: not found since the restore; open its item and say whether it is"
    return f"post {post_id}: not there yet; looked up again after {lease_until:%H:%M:%S}"


def reply_key(item_id: ItemId, round_number: int, surface: Surface) -> str:
    """Return the key that names a reply on its network, the same in a restored database."""
    return sha256_of(["reply", item_id, round_number, surface.value])[:24]


def answered(store: Store, channel: Channel, delivery: Delivery) -> str:
    """Return why a reply must not leave, or an empty text: the message was answered already.

    A message from before a restore may have been answered by what the restored database does not
    know. Its reply would carry the key of the same round, or of a later one.

    Raises:
        ChannelError: the network cannot say now.
    """
    stored = delivery.stored
    with store.read() as work:
        restores = work.audit.of(RESTORE)
    # A network's clock may be ahead: what was here before the restore is older than it, whatever
    # its date says.
    written_at = min(stored.message.created_at or stored.received_at, stored.received_at)
    if not restores or written_at > restores[-1].at:
        return ""
    post = delivery.post
    for number in range(1, delivery.decided.round + _ROUNDS_AFTER + 1):
        key = reply_key(post.item_id, number, post.surface)
        receipt = channel.find_sent(stored.external_id, key)
        if receipt is not None:
            return f"a reply of ours is there from before the restore: {receipt.url or key}"
    return ""
