"""The people page's rules: up to one's own role, on one's own brand, never the last admin."""

import threading

import pytest

from agent.adapters.passwords import Argon2Hasher
from agent.domain.errors import NotAllowed
from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, Role, SignedIn
from agent.domain.reviews import Reviewer
from agent.ports import Store
from agent.services.accounts import AccountService
from agent.services.people import PeopleService
from agent.services.sessions import SessionService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN, Desk

ADMIN = Reviewer(id=PersonId("ada"), name="Ada")
LEAD = Reviewer(id=PersonId("lea"), name="Léa")


class House:
    """An admin, a lead of `maison`, a CM of `maison` (Awa) and one of `autre` (Ben)."""

    def __init__(self, store: Store) -> None:
        clock = FrozenClock()
        self.sessions = SessionService(store, clock)
        accounts = AccountService(store, clock, Argon2Hasher(1, 8, 1), self.sessions)
        self.people = PeopleService(store, clock, accounts)
        self.admin = self.arrive(ADMIN, EVERY_BRAND, Role.ADMIN)
        self.lead = self.arrive(LEAD, "maison", Role.LEAD)
        self.cm = self.arrive(AWA, "maison", Role.CM)
        self.other = self.arrive(BEN, "autre", Role.CM)

    def arrive(self, person: Reviewer, brand: str, role: Role) -> SignedIn:
        token = self.sessions.redeem(self.sessions.issue_link(person, {brand: role}))
        signed_in = self.sessions.who(token)
        assert signed_in is not None
        return signed_in

    def roles(self, person: Reviewer) -> dict[str, Role]:
        return dict(self.sessions.people())[person]


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def test_a_lead_sees_the_people_of_their_brand_only(house: House) -> None:
    house.people.give(house.admin.person, AWA.id, "autre", Role.VIEWER)
    shown = {one.person.name: one.roles for one in house.people.listing(house.lead)}
    assert shown == {
        "Ada": {EVERY_BRAND: Role.ADMIN},
        "Léa": {"maison": Role.LEAD},
        "Awa": {"maison": Role.CM},
    }
    assert len(house.people.listing(house.admin)) == 4
    assert house.people.listing(house.cm) == ()


@pytest.mark.parametrize(
    ("brand", "role"),
    [("maison", Role.ADMIN), ("autre", Role.VIEWER), (EVERY_BRAND, Role.VIEWER)],
)
def test_a_lead_gives_nothing_above_or_beside_their_own(
    house: House, brand: str, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        house.people.give(house.lead.person, AWA.id, brand, role)
    with pytest.raises(NotAllowed):
        house.people.invite(house.lead.person, "Zoé", "zoe", {brand: role})
    assert house.roles(AWA) == {"maison": Role.CM}


@pytest.mark.parametrize("target", [ADMIN, BEN])
def test_a_lead_touches_nobody_above_or_elsewhere(house: House, target: Reviewer) -> None:
    with pytest.raises(NotAllowed):
        house.people.revoke(house.lead.person, target.id)
    with pytest.raises(NotAllowed):
        house.people.new_link(house.lead.person, target.id)


def test_a_lead_manages_their_own(house: House) -> None:
    house.people.give(house.lead.person, AWA.id, "maison", Role.LEAD)
    assert house.roles(AWA) == {"maison": Role.LEAD}
    person_id, link = house.people.invite(house.lead.person, "Zoé", "zoe", {"maison": Role.CM})
    assert link
    assert house.people.revoke(house.lead.person, person_id) == 0


def test_a_cm_manages_nobody(house: House) -> None:
    for attempt in (
        lambda: house.people.give(house.cm.person, AWA.id, "maison", Role.LEAD),
        lambda: house.people.give(house.cm.person, BEN.id, "maison", Role.VIEWER),
        lambda: house.people.revoke(house.cm.person, LEAD.id),
        lambda: house.people.invite(house.cm.person, "Zoé", "zoe", {"maison": Role.VIEWER}),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_last_admin_stays(house: House) -> None:
    me = house.admin.person
    for attempt in (
        lambda: house.people.revoke(me, ADMIN.id),
        lambda: house.people.give(me, ADMIN.id, EVERY_BRAND, None),
        lambda: house.people.give(me, ADMIN.id, EVERY_BRAND, Role.LEAD),
    ):
        with pytest.raises(NotAllowed, match="last administrator"):
            attempt()
    assert house.roles(ADMIN) == {EVERY_BRAND: Role.ADMIN}
    house.people.give(me, AWA.id, EVERY_BRAND, Role.ADMIN)
    house.people.revoke(me, ADMIN.id)


def test_two_admins_who_remove_each_other_leave_one(house: House) -> None:
    other = house.arrive(AWA, EVERY_BRAND, Role.ADMIN)
    started = threading.Barrier(2)

    def remove(by: SignedIn, target: Reviewer) -> None:
        started.wait()
        try:
            house.people.revoke(by.person, target.id)
        except NotAllowed:
            return

    pairs = ((house.admin, AWA), (other, ADMIN))
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [p for p, roles in house.sessions.people() if roles.get(EVERY_BRAND) is Role.ADMIN]
    assert len(left) == 1


def test_a_revoked_person_is_out_at_once_and_decides_nothing(house: House, desk: Desk) -> None:
    item_id = desk.one()
    token = house.sessions.redeem(house.sessions.issue_link(BEN, {"maison": Role.CM}))
    ben = house.sessions.who(token)
    assert ben is not None
    house.people.revoke(house.admin.person, BEN.id)
    assert house.sessions.who(token) is None
    for attempt in (
        lambda: desk.approve(item_id, by=ben.person),
        lambda: desk.review.claim(item_id, ben.person),
        lambda: desk.intake.redraft(item_id, ben.person),
    ):
        with pytest.raises(NotAllowed, match="session has ended"):
            attempt()


def test_a_session_ended_meanwhile_posts_nothing_by_hand(house: House, desk: Desk) -> None:
    item_id = desk.one()
    token = house.sessions.redeem(house.sessions.issue_link(BEN, {"maison": Role.CM}))
    ben = house.sessions.who(token)
    assert ben is not None
    desk.approve(item_id, by=ben.person)
    (post,) = desk.review.item(item_id).posts
    house.sessions.revoke(token)
    with pytest.raises(NotAllowed, match="session has ended"):
        desk.posting.mark_posted_by_hand(post.id, ben.person)
    with pytest.raises(NotAllowed, match="session has ended"):
        desk.posting.cancel(item_id, ben.person)


def test_the_record_names_no_session(house: House, desk: Desk) -> None:
    item_id = desk.one()
    decision = desk.approve(item_id, by=house.cm.person)
    assert "session" not in decision.model_dump_json()
    assert desk.review.item(item_id).decision is not None
