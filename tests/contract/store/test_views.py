"""Saved views: a person's own, under names of their own."""

from collections.abc import Callable

import pytest

from agent.adapters.store import SqlStore
from agent.domain.errors import IncompleteDecision, NotAllowed, NotFound
from agent.domain.ids import PersonId
from agent.domain.people import AtDesk, Role
from agent.domain.reviews import Reviewer
from agent.services.sessions import SessionService
from agent.services.views import LONGEST_NAME, MOST_VIEWS, ViewService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN


@pytest.fixture
def views(store: SqlStore) -> ViewService:
    sessions = SessionService(store, FrozenClock())
    for person in (AWA, BEN):
        sessions.issue_link(person, {"*": Role.CM})
    return ViewService(store, FrozenClock(), is_role_required=True)


def names(views: ViewService) -> list[str]:
    return [view.name for view in views.of(AWA.id)]


def test_a_view_is_kept_replaced_renamed_and_deleted(views: ViewService) -> None:
    views.save(AWA, "  Été   en retard ", {"sla": "late", "q": "été « 50 % »"})
    views.save(AWA, "Presse", {"category": "press"})
    views.save(AWA, "Presse", {"team": "pr"})
    assert {v.name: v.filters for v in views.of(AWA.id)} == {
        "Presse": {"team": "pr"},
        "Été en retard": {"sla": "late", "q": "été « 50 % »"},
    }
    assert views.of(BEN.id) == ()
    views.rename(AWA, "Presse", "RP")
    with pytest.raises(IncompleteDecision, match="another view"):
        views.rename(AWA, "RP", "Été en retard")
    with pytest.raises(NotFound):
        views.rename(AWA, "Presse", "X")
    views.delete(AWA, "Été en retard")
    views.delete(AWA, "Été en retard")
    assert names(views) == ["RP"]


def test_one_view_at_most_opens_the_desk(views: ViewService) -> None:
    for name in ("a", "b"):
        views.save(AWA, name, {})
        views.open_with(AWA, name)
    views.rename(AWA, "b", "c")
    views.save(AWA, "c", {"q": "x"})
    assert [v.name for v in views.of(AWA.id) if v.is_default] == ["c"]
    views.open_with(AWA, None)
    assert not [v for v in views.of(AWA.id) if v.is_default]
    with pytest.raises(NotFound):
        views.open_with(AWA, "b")


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1)])
def test_a_view_has_a_name(views: ViewService, name: str) -> None:
    with pytest.raises(IncompleteDecision, match="name the view"):
        views.save(AWA, name, {})


def test_views_have_a_bound(views: ViewService) -> None:
    with pytest.raises(IncompleteDecision, match="too long"):
        views.save(AWA, "long", {"q": "x" * 3000})
    for number in range(MOST_VIEWS):
        views.save(AWA, f"v{number}", {})
    with pytest.raises(IncompleteDecision, match="delete one"):
        views.save(AWA, "one more", {})
    views.save(AWA, "v1", {"q": "changed"})


def _at_desk(store: SqlStore) -> tuple[AtDesk, SessionService, str]:
    sessions = SessionService(store, FrozenClock())
    token = sessions.redeem(sessions.issue_link(AWA, {"maison": Role.VIEWER}))
    signed_in = sessions.who(token)
    assert signed_in is not None
    assert isinstance(signed_in.person, AtDesk)
    return signed_in.person, sessions, token


ACTS: list[Callable[[ViewService, Reviewer], object]] = [
    lambda views, by: views.save(by, "kept", {"q": "other"}),
    lambda views, by: views.save(by, "new", {}),
    lambda views, by: views.rename(by, "kept", "renamed"),
    lambda views, by: views.open_with(by, "kept"),
    lambda views, by: views.open_with(by, None),
    lambda views, by: views.delete(by, "kept"),
]


@pytest.mark.parametrize("how", ["signed out", "shut out", "no role left", "another's session"])
def test_nothing_changes_for_who_was_turned_away_since_the_page_was_drawn(
    store: SqlStore, views: ViewService, how: str
) -> None:
    awa, sessions, token = _at_desk(store)
    views.save(awa, "kept", {"q": "mine"})
    before = views.of(AWA.id)
    if how == "signed out":
        sessions.revoke(token)
    elif how == "shut out":
        sessions.revoke_person(AWA.id)
    elif how == "no role left":
        with store.write() as work:
            work.people.set_roles(AWA.id, {})
    else:
        awa = AtDesk(id=AWA.id, name=AWA.name, session_sha256="0" * 64)
    for act in ACTS:
        with pytest.raises(NotAllowed):
            act(views, awa)
    assert views.of(AWA.id) == before


def test_nobody_keeps_a_view_in_anothers_session(store: SqlStore, views: ViewService) -> None:
    awa, _, _ = _at_desk(store)
    as_ben = AtDesk(id=BEN.id, name=BEN.name, session_sha256=awa.session_sha256)
    with pytest.raises(NotAllowed, match="session has ended"):
        views.save(as_ben, "x", {})
    assert views.of(BEN.id) == ()


def test_who_is_not_known_keeps_no_view(views: ViewService) -> None:
    stranger = Reviewer(id=PersonId("stranger"), name="Stranger")
    with pytest.raises(NotAllowed, match="no role"):
        views.save(stranger, "x", {})
    assert [v.name for v in views.of(stranger.id)] == []
