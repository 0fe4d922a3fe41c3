"""One transaction: all or nothing, one moment while reading, times and texts as they were."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from agent.adapters.store import SqlStore
from agent.domain.errors import NotFound, StoreError
from agent.domain.ids import ItemId, MessageId, PersonId, PostId
from agent.domain.people import Role
from agent.domain.records import Arrival, StoredMessage
from agent.domain.reviews import Reviewer
from tests.desk_kit import AWA, BRAND, Desk, message

NOW = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)


def stored(text: str = "Bonjour", **given: object) -> StoredMessage:
    one = message(text, **given)
    return StoredMessage(
        message=one,
        brand_id=BRAND,
        channel_instance="file",
        external_id=one.external_id or one.id,
        received_at=NOW,
    )


def test_a_block_that_raises_leaves_nothing(store: SqlStore) -> None:
    one = stored()
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(store, one)
    with store.read() as work:
        assert work.inbox.count_undrafted([BRAND]) == 0
        assert work.audit.head().seq == 0
        assert work.people.roles(AWA.id) is None


def _write_and_fail(store: SqlStore, one: StoredMessage) -> None:
    with store.write() as work:
        assert work.inbox.take_in(one) is Arrival.NEW
        work.people.put(AWA, NOW)
        work.audit.add(NOW, "x", "x", "x")
        raise ZeroDivisionError


def test_a_reading_sees_one_moment(store: SqlStore) -> None:
    with store.read() as reading:
        assert reading.inbox.count_undrafted([BRAND]) == 0
        with store.write() as work:
            work.inbox.take_in(stored())
        assert reading.inbox.count_undrafted([BRAND]) == 0
    with store.read() as reading:
        assert reading.inbox.count_undrafted([BRAND]) == 1


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        NOW.replace(microsecond=0),
        datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_times_come_back_as_they_went(store: SqlStore, moment: datetime) -> None:
    one = stored().model_copy(update={"received_at": moment})
    with store.write() as work:
        work.inbox.take_in(one)
        work.audit.add(moment, "x", "x", "x")
    with store.read() as work:
        assert work.inbox.get(one.message.id).received_at == moment
        entry = next(iter(work.audit.entries()))
    assert entry.at == moment
    assert entry.at.tzinfo is UTC
    assert entry.hash == entry.seal()


def test_cursors_move_only_from_where_they_were(store: SqlStore) -> None:
    with store.write() as work:
        assert work.inbox.cursor("file") is None
        assert work.inbox.move_cursor("file", None, "1", NOW)
        assert not work.inbox.move_cursor("file", None, "0", NOW)
        assert work.inbox.move_cursor("file", "1", "2", NOW)
        assert not work.inbox.move_cursor("file", "1", "3", NOW)
        assert work.inbox.cursor("file") == "2"


def test_what_is_not_there_is_not_found(store: SqlStore) -> None:
    with store.read() as work:
        for look in (
            lambda: work.inbox.get(MessageId("none")),
            lambda: work.items.state(ItemId("none")),
            lambda: work.items.view(ItemId("none")),
            lambda: work.items.outcome(ItemId("none"), 1),
            lambda: work.outbox.post(PostId("none")),
        ):
            with pytest.raises(NotFound):
                look()


def test_a_state_that_somebody_changed_is_not_saved(desk: Desk) -> None:
    item_id = desk.one()
    with desk.store.read() as work:
        before = work.items.state(item_id)
    desk.review.assign(item_id, AWA, AWA)
    with pytest.raises(StoreError, match="changed meanwhile"):
        _save(desk, before)


def _save(desk: Desk, before: object) -> None:
    with desk.store.write() as work:
        work.items.save(before, before, NOW)  # type: ignore[arg-type]


def test_guideline_versions_keep_the_day_they_were_first_seen(desk: Desk) -> None:
    desk.one()
    desk.clock.advance(timedelta(hours=1))
    desk.one()
    desk.pipeline.change_guidelines("b" * 64)
    desk.one()
    with desk.store.read() as work:
        versions = work.brands.versions(BRAND)
    start = desk.at() - timedelta(hours=1)
    assert versions == (("a" * 64, start), ("b" * 64, desk.at()))


def test_people_keep_their_id_and_change_their_name_and_roles(store: SqlStore) -> None:
    renamed = Reviewer(id=AWA.id, name="Awa Diop")
    with store.write() as work:
        work.people.put(AWA, NOW)
        work.people.set_roles(AWA.id, {"*": Role.CM, "maison": Role.LEAD})
        work.people.put(renamed, NOW)
        work.people.set_roles(AWA.id, {"maison": Role.VIEWER})
        assert work.people.all() == ((renamed, {"maison": Role.VIEWER}),)
        assert work.people.roles(PersonId("nobody")) is None
