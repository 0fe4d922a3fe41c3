"""The freeze: nothing leaves while it holds, and the database says so too."""

import pytest
import sqlalchemy as sa

from agent.adapters.store import SqlStore
from agent.adapters.store.engine import make_engine
from agent.domain.channels import PostStatus
from agent.domain.errors import NotAllowed
from agent.domain.ids import PersonId
from agent.domain.messages import InboundMessage, Surface
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Reviewer
from agent.services.freezing import FreezeService
from tests.desk_kit import AWA, BEN, BRAND, Desk

LEA = Reviewer(id=PersonId("lea"), name="Léa")


@pytest.fixture
def freezing(desk: Desk) -> FreezeService:
    return FreezeService(desk.store, desk.clock)


def status(desk: Desk, item_id: str) -> PostStatus:
    return desk.review.item(item_id).posts[-1].status  # type: ignore[arg-type]


@pytest.mark.parametrize("scope", [BRAND, EVERY_BRAND])
def test_what_is_approved_waits_for_the_thaw(
    desk: Desk, freezing: FreezeService, scope: str
) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    assert freezing.freeze(scope, LEA, "fausse promotion")
    assert desk.posting.due(10) == ()
    assert desk.posting.post_ready().sent == 0
    post_id = desk.review.item(item_id).posts[0].id
    assert desk.posting.attend(post_id).sent == 0  # type: ignore[arg-type]
    assert status(desk, item_id) is PostStatus.READY
    assert freezing.unfreeze(scope, LEA)
    assert [post.id for post in desk.posting.due(10)] == [post_id]
    assert desk.posting.attend(post_id).sent == 1  # type: ignore[arg-type]


def test_another_brand_goes_on(desk: Desk, freezing: FreezeService) -> None:
    freezing.freeze("autre", LEA)
    desk.approve(desk.one())
    assert desk.posting.post_ready().sent == 1


def test_a_freeze_while_the_parent_is_read_stops_the_call(
    desk: Desk, freezing: FreezeService
) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    can_reply = desk.channel.can_reply

    def freezes(message: InboundMessage, surface: Surface) -> object:
        freezing.freeze(EVERY_BRAND, LEA)
        return can_reply(message, surface)

    desk.channel.can_reply = freezes  # type: ignore[method-assign, assignment]
    assert desk.posting.post_ready().sent == 0
    assert desk.channel.sent == {}
    assert status(desk, item_id) is PostStatus.READY


def test_the_database_refuses_the_claim_as_well(
    desk: Desk, freezing: FreezeService, store_url: str
) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    freezing.freeze(BRAND, LEA)
    engine = make_engine(store_url)
    with (
        pytest.raises(sa.exc.DBAPIError, match="posting is frozen"),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        connection.exec_driver_sql("UPDATE posts SET status = 'sending'")
    engine.dispose()
    assert status(desk, item_id) is PostStatus.READY


def test_who_and_why_are_in_the_trail_and_a_second_press_adds_nothing(
    desk: Desk, freezing: FreezeService
) -> None:
    assert freezing.freeze(BRAND, LEA, "  rumeur \n en cours ")
    assert not freezing.freeze(BRAND, BEN, "moi aussi")
    assert [(one.by, one.reason) for one in freezing.standing()] == [(LEA, "rumeur en cours")]
    assert freezing.unfreeze(BRAND, BEN, "démentie")
    assert not freezing.unfreeze(BRAND, BEN)
    assert freezing.standing() == ()
    with desk.store.read() as work:
        entries = work.audit.of(BRAND)
    assert [(e.actor, e.action, e.detail["reason"]) for e in entries] == [
        ("lea", "posting.frozen", "rumeur en cours"),
        ("ben", "posting.unfrozen", "démentie"),
    ]


def test_only_a_lead_or_an_administrator_may(store: SqlStore, desk: Desk) -> None:
    freezing = FreezeService(store, desk.clock, is_role_required=True)
    with store.write() as work:
        roles = (
            (LEA, BRAND, Role.LEAD),
            (AWA, EVERY_BRAND, Role.CM),
            (BEN, EVERY_BRAND, Role.ADMIN),
        )
        for person, brand, role in roles:
            work.people.put(person, desk.at())
            work.people.set_roles(person.id, {brand: role})
    assert freezing.freeze(BRAND, LEA)
    for person, scope in ((AWA, BRAND), (LEA, EVERY_BRAND), (LEA, "autre")):
        with pytest.raises(NotAllowed, match="brand lead or an administrator"):
            freezing.freeze(scope, person)
    with pytest.raises(NotAllowed):
        freezing.unfreeze(BRAND, AWA)
    assert freezing.freeze(EVERY_BRAND, BEN)
