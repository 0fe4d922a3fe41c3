"""After a restore: what may have left since the backup is found, or waits for a person."""

import shutil
from datetime import timedelta
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.adapters.store import open_store
from agent.domain.channels import PostStatus
from agent.domain.ids import ItemId, PostId
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.services.freezing import FreezeService
from tests.desk_kit import AWA, BEN, Desk
from tests.integration.backup.a_busy_desk import Busy, bring_back, url_of


def test_nothing_approved_before_the_backup_is_sent_a_second_time_after_the_restore(
    archive: Path, workspace: Path, at_work: Busy
) -> None:
    desk, named = at_work.desk, at_work.items
    # After the backup: one reply leaves, another is taken back and answered anew.
    desk.posting.cancel(named["ready"], AWA)
    desk.approve(named["ready"], public="Une autre réponse.")
    second = desk.one("Arrivé après")
    desk.approve(second)
    assert desk.posting.post_ready().sent == 2
    sent = dict(desk.channel.sent)
    desk.store.close()  # type: ignore[attr-defined]
    shutil.rmtree(workspace)
    done = bring_back(archive, workspace)

    store = open_store(url_of(workspace))
    clock = desk.clock
    clock.advance(SystemClock().now() - clock.now())
    again = Desk(store, clock, channel=desk.channel)
    assert done.in_doubt == 3
    _work(again)
    # Found on the network: sent. Not found: a person's, though nobody remembers why.
    assert _status(again, named["unknown"]) is PostStatus.SENT
    assert _status(again, named["ready"]) is PostStatus.UNKNOWN
    assert _status(again, named["sending"]) is PostStatus.UNKNOWN
    assert FreezeService(store, clock).unfreeze("*", AWA)
    _work(again)
    assert again.channel.sent == sent
    post_id = again.review.item(named["sending"]).posts[0].id
    again.posting.resolve_by_hand(PostId(post_id), AWA, sent=False)
    _work(again)
    assert len(again.channel.sent) == len(sent) + 1
    assert again.trail.verify_audit(done.manifest.audit_head).is_intact
    store.close()


def test_a_message_that_was_answered_after_the_backup_comes_back_to_the_person_who_answers_it_again(
    archive: Path, workspace: Path, at_work: Busy
) -> None:
    """It is open again after the restore, and nobody remembers; the network does."""
    desk = at_work.desk
    waiting, quiet = (_excerpt(desk, text) for text in ("Pris", "Pour Ben"))
    desk.review.release(waiting, AWA)
    desk.approve(waiting, public="Oui, demain.")
    desk.posting.post_ready()
    sent = dict(desk.channel.sent)
    desk.store.close()  # type: ignore[attr-defined]
    shutil.rmtree(workspace)
    bring_back(archive, workspace)

    store = open_store(url_of(workspace))
    clock = desk.clock
    clock.advance(SystemClock().now() - clock.now())
    again = Desk(store, clock, channel=desk.channel)
    FreezeService(store, clock).unfreeze("*", AWA)
    again.approve(waiting, public="Oui, dans deux jours.")
    again.approve(quiet, by=BEN)
    again.posting.post_ready()
    item = again.review.item(waiting)
    assert (item.status, item.posts[-1].status) == (ReviewStatus.PENDING, PostStatus.RETURNED)
    assert "before the restore: https://example.org/" in item.stale_because
    assert _status(again, quiet) is PostStatus.SENT
    assert len(again.channel.sent) == len(sent) + 1
    store.close()


def _excerpt(desk: Desk, text: str) -> ItemId:
    page = desk.review.queue(QueueQuery(statuses=tuple(ReviewStatus), limit=200))
    return next(row.id for row in page.rows if row.excerpt == text)


def _work(desk: Desk) -> None:
    for _ in range(3):
        desk.clock.advance(_LATER)
        desk.posting.resolve_unknown()
        desk.posting.post_ready()


_LATER = timedelta(hours=2)


def _status(desk: Desk, item_id: ItemId) -> PostStatus:
    return desk.review.item(item_id).posts[-1].status
