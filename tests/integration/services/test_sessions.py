"""Sign-in links and sessions."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent.adapters.store.engine import make_engine
from agent.domain.errors import NotAllowed
from agent.domain.people import Role
from agent.ports import Store
from agent.services.sessions import SessionService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN, BRAND


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sessions(store: Store, clock: FrozenClock) -> SessionService:
    return SessionService(store, clock)


def test_a_link_signs_in_once(sessions: SessionService) -> None:
    link = sessions.issue_link(AWA, {BRAND: Role.CM})
    signed_in = sessions.who(sessions.redeem(link))
    assert signed_in is not None
    assert signed_in.person.id == AWA.id
    assert signed_in.may_decide(BRAND)
    assert not signed_in.may_decide("autre")
    with pytest.raises(NotAllowed, match="was used or has expired"):
        sessions.redeem(link)


def test_a_link_expires(sessions: SessionService, clock: FrozenClock) -> None:
    link = sessions.issue_link(AWA, {BRAND: Role.CM})
    clock.advance(timedelta(minutes=15))
    with pytest.raises(NotAllowed):
        sessions.redeem(link)


@pytest.mark.parametrize("token", ["", "x", "é" * 50])
def test_a_guessed_token_opens_nothing(sessions: SessionService, token: str) -> None:
    with pytest.raises(NotAllowed):
        sessions.redeem(token)
    assert sessions.who(token) is None


def test_a_link_is_no_session_and_a_session_no_link(sessions: SessionService) -> None:
    link = sessions.issue_link(AWA, {BRAND: Role.CM})
    assert sessions.who(link) is None
    session = sessions.redeem(link)
    with pytest.raises(NotAllowed):
        sessions.redeem(session)


def test_a_session_ends_when_idle(sessions: SessionService, clock: FrozenClock) -> None:
    session = sessions.redeem(sessions.issue_link(AWA, {BRAND: Role.CM}))
    clock.advance(timedelta(hours=3))
    assert sessions.who(session)
    clock.advance(timedelta(hours=3))
    assert sessions.who(session)
    clock.advance(timedelta(hours=4))
    assert sessions.who(session) is None


def test_a_session_ends_whatever_its_use(sessions: SessionService, clock: FrozenClock) -> None:
    session = sessions.redeem(sessions.issue_link(AWA, {BRAND: Role.CM}))
    for _ in range(11):
        clock.advance(timedelta(hours=1))
        assert sessions.who(session)
    clock.advance(timedelta(hours=1))
    assert sessions.who(session) is None


def test_a_session_can_be_ended(sessions: SessionService) -> None:
    first = sessions.redeem(sessions.issue_link(AWA, {BRAND: Role.CM}))
    second = sessions.redeem(sessions.issue_link(AWA, {BRAND: Role.CM}))
    sessions.revoke(first)
    sessions.revoke("unknown")
    assert sessions.who(first) is None
    assert sessions.who(second)


def test_a_person_can_be_shut_out(sessions: SessionService) -> None:
    session = sessions.redeem(sessions.issue_link(AWA, {"*": Role.ADMIN}))
    unused = sessions.issue_link(AWA, {"*": Role.ADMIN})
    other = sessions.redeem(sessions.issue_link(BEN, {"*": Role.VIEWER}))
    assert sessions.revoke_person(AWA.id) == 1
    assert sessions.who(session) is None
    with pytest.raises(NotAllowed):
        sessions.redeem(unused)
    assert sessions.who(other)
    assert dict(sessions.people()) == {AWA: {}, BEN: {"*": Role.VIEWER}}


def test_roles_are_those_of_now(sessions: SessionService) -> None:
    session = sessions.redeem(sessions.issue_link(AWA, {BRAND: Role.CM}))
    sessions.issue_link(AWA, {BRAND: Role.VIEWER})
    signed_in = sessions.who(session)
    assert signed_in is not None
    assert not signed_in.may_decide(BRAND)


def test_no_token_is_ever_stored(sessions: SessionService, store_url: str) -> None:
    link = sessions.issue_link(AWA, {BRAND: Role.CM})
    session = sessions.redeem(link)
    engine = make_engine(store_url)
    with engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            assert link not in str(rows)
            assert session not in str(rows)
    engine.dispose()
