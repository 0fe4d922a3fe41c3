"""Saved views: a person's own, under names of their own."""

import pytest

from agent.adapters.store import SqlStore
from agent.domain.errors import IncompleteDecision, NotFound
from agent.domain.people import Role
from agent.services.sessions import SessionService
from agent.services.views import LONGEST_NAME, MOST_VIEWS, ViewService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN


@pytest.fixture
def views(store: SqlStore) -> ViewService:
    sessions = SessionService(store, FrozenClock())
    for person in (AWA, BEN):
        sessions.issue_link(person, {"*": Role.CM})
    return ViewService(store, FrozenClock())


def names(views: ViewService) -> list[str]:
    return [view.name for view in views.of(AWA.id)]


def test_a_view_is_kept_replaced_renamed_and_deleted(views: ViewService) -> None:
    views.save(AWA.id, "  Été   en retard ", {"sla": "late", "q": "été « 50 % »"})
    views.save(AWA.id, "Presse", {"category": "press"})
    views.save(AWA.id, "Presse", {"team": "pr"})
    assert {v.name: v.filters for v in views.of(AWA.id)} == {
        "Presse": {"team": "pr"},
        "Été en retard": {"sla": "late", "q": "été « 50 % »"},
    }
    assert views.of(BEN.id) == ()
    views.rename(AWA.id, "Presse", "RP")
    with pytest.raises(IncompleteDecision, match="another view"):
        views.rename(AWA.id, "RP", "Été en retard")
    with pytest.raises(NotFound):
        views.rename(AWA.id, "Presse", "X")
    views.delete(AWA.id, "Été en retard")
    views.delete(AWA.id, "Été en retard")
    assert names(views) == ["RP"]


def test_one_view_at_most_opens_the_desk(views: ViewService) -> None:
    for name in ("a", "b"):
        views.save(AWA.id, name, {})
        views.open_with(AWA.id, name)
    views.rename(AWA.id, "b", "c")
    views.save(AWA.id, "c", {"q": "x"})
    assert [v.name for v in views.of(AWA.id) if v.is_default] == ["c"]
    views.open_with(AWA.id, None)
    assert not [v for v in views.of(AWA.id) if v.is_default]
    with pytest.raises(NotFound):
        views.open_with(AWA.id, "b")


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1)])
def test_a_view_has_a_name(views: ViewService, name: str) -> None:
    with pytest.raises(IncompleteDecision, match="name the view"):
        views.save(AWA.id, name, {})


def test_views_have_a_bound(views: ViewService) -> None:
    with pytest.raises(IncompleteDecision, match="too long"):
        views.save(AWA.id, "long", {"q": "x" * 3000})
    for number in range(MOST_VIEWS):
        views.save(AWA.id, f"v{number}", {})
    with pytest.raises(IncompleteDecision, match="delete one"):
        views.save(AWA.id, "one more", {})
    views.save(AWA.id, "v1", {"q": "changed"})
