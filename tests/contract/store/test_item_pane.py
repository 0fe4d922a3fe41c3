"""What the item pane reads and keeps: an author's earlier messages, saved replies; both engines."""

from datetime import datetime, timedelta

import pytest

from agent.adapters.redactor import PresidioRedactor
from agent.adapters.store import SqlStore
from agent.domain.brand import CustomIdentifier
from agent.domain.desk import AuthorHistory
from agent.domain.errors import IncompleteDecision, NotAllowed, NotFound, StoreError
from agent.domain.ids import BrandId, ItemId
from agent.domain.people import Role
from agent.domain.redaction import Redaction
from agent.domain.reviews import DecisionKind, ReviewStatus
from agent.services.history import HistoryService
from agent.services.saved_replies import SavedReplyService
from agent.testing import FrozenClock
from knowledge.passages import Language
from tests.desk_kit import AWA, BEN, BRAND, Desk


class PhonesOnly:
    """Finds one phone number."""

    def redact(self, text: str) -> Redaction:
        found = {"[PHONE_1]": "06 39 98 12 34"} if "06 39 98 12 34" in text else {}
        return Redaction(text=text, values=found)


@pytest.fixture
def replies(store: SqlStore, clock: FrozenClock) -> SavedReplyService:
    return SavedReplyService(store, clock, lambda _brand: PhonesOnly(), is_role_required=True)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


def _wrote(desk: Desk, author: str | None, minutes: int, channel: str = "x") -> ItemId:
    at: datetime = desk.at() + timedelta(minutes=minutes)
    return desk.one(f"message {minutes}", author=author, channel=channel, created_at=at)


def test_an_authors_earlier_messages_newest_first_and_nobody_elses(desk: Desk) -> None:
    old, mid = _wrote(desk, "Léa", 1), _wrote(desk, "Léa", 2)
    now = _wrote(desk, "Léa", 3)
    _wrote(desk, "Léa", 4)
    _wrote(desk, "Paul", 0)
    _wrote(desk, "Léa", 0, channel="facebook")
    desk.approve(old, by=BEN)
    found = HistoryService(desk.store).of_author(now)
    assert (found.total, found.open, found.toxic) == (2, 1, 0)
    assert [one.item_id for one in found.earlier] == [mid, old]
    assert found.earlier[0].decision is None
    assert found.earlier[1].decision is DecisionKind.APPROVE
    assert found.earlier[1].status is ReviewStatus.APPROVED
    assert found.earlier[1].decided_by == "Ben"
    assert "Léa" not in found.model_dump_json()


def test_only_the_last_few_are_listed_and_all_are_counted(desk: Desk) -> None:
    for minute in range(7):
        _wrote(desk, "Léa", minute)
    found = HistoryService(desk.store).of_author(_wrote(desk, "Léa", 9))
    assert found.total == 7
    assert [one.excerpt for one in found.earlier] == [f"message {n}" for n in (6, 5, 4, 3, 2)]


@pytest.mark.parametrize("author", [None, "", "  "])
def test_who_is_not_named_has_no_history(desk: Desk, author: str | None) -> None:
    _wrote(desk, author, 1)
    item_id = _wrote(desk, author, 2)
    assert HistoryService(desk.store).of_author(item_id) == AuthorHistory()
    assert HistoryService(desk.store).of_author(ItemId("i-none")) == AuthorHistory()


def test_a_name_of_any_length_is_stored_and_found(desk: Desk) -> None:
    name = "é" * 20_000
    _wrote(desk, name, 1)
    assert HistoryService(desk.store).of_author(_wrote(desk, name, 2)).total == 1


def test_a_reply_that_cannot_be_searched_for_personal_data_is_not_kept(
    store: SqlStore, desk: Desk, clock: FrozenClock
) -> None:
    runaway = CustomIdentifier(name="RUNAWAY", pattern=r"(a|aa)+$", examples=("a",))
    redactor = PresidioRedactor(custom_identifiers=(runaway,), pipelines=())
    own = SavedReplyService(store, clock, lambda _brand: redactor, is_role_required=True)
    _role(desk, AWA.id, Role.CM)
    with pytest.raises(IncompleteDecision, match="could not be searched"):
        own.add(BRAND, Language.FR, "Titre", "a" * 60 + "b", AWA)
    assert own.of(BRAND) == ()


def test_saved_replies_are_kept_by_brand_and_title(desk: Desk, replies: SavedReplyService) -> None:
    _role(desk, AWA.id, Role.CM)
    kept = replies.add(BRAND, Language.FR, "  Délais\n de livraison ", " Trois jours. ", AWA)
    assert (kept.title, kept.body) == ("Délais de livraison", "Trois jours.")
    assert replies.of(BRAND) == (kept,)
    assert replies.of(BrandId("autre")) == ()
    with pytest.raises(IncompleteDecision, match="taken"):
        replies.add(BRAND, Language.FR, "Délais de livraison", "Autre.", AWA)
    replies.add(BRAND, Language.EN, "Délais de livraison", "Three days.", AWA)


@pytest.mark.parametrize(
    ("title", "body", "problem"),
    [
        (" ", "Bonjour", "title"),
        ("Titre", "\n", "title"),
        ("x" * 81, "Bonjour", "shorten"),
        ("Titre", "x" * 4001, "shorten"),
        ("Titre", "Appelez le 06 39 98 12 34", "personal data"),
    ],
)
def test_what_may_not_be_kept_is_refused(
    desk: Desk, replies: SavedReplyService, title: str, body: str, problem: str
) -> None:
    _role(desk, AWA.id, Role.CM)
    with pytest.raises(IncompleteDecision, match=problem):
        replies.add(BRAND, Language.FR, title, body, AWA)
    assert replies.of(BRAND) == ()


def test_the_owner_and_a_lead_change_it_and_nobody_else(
    desk: Desk, replies: SavedReplyService
) -> None:
    _role(desk, AWA.id, Role.CM)
    _role(desk, BEN.id, Role.CM)
    kept = replies.add(BRAND, Language.FR, "Délais", "Trois jours.", AWA)
    assert not replies.may_change(kept, BEN)
    for refused in (
        lambda: replies.change(kept.id, "Délais", "Dix jours.", BEN),
        lambda: replies.remove(kept.id, BEN),
    ):
        with pytest.raises(NotAllowed, match="Awa"):
            refused()
    _role(desk, BEN.id, Role.LEAD)
    changed = replies.change(kept.id, "Délais", "Quatre jours.", BEN)
    assert (changed.body, changed.owner, changed.version) == ("Quatre jours.", AWA, 2)
    replies.remove(kept.id, AWA)
    with pytest.raises(NotFound):
        replies.change(kept.id, "Délais", "Cinq jours.", AWA)
    actions = [entry.action for entry in desk.review.history(ItemId(kept.id))]
    assert actions == ["reply.saved", "reply.changed", "reply.removed"]


def test_a_viewer_keeps_nothing(desk: Desk, replies: SavedReplyService) -> None:
    _role(desk, AWA.id, Role.VIEWER)
    with pytest.raises(NotAllowed):
        replies.add(BRAND, Language.FR, "Délais", "Trois jours.", AWA)
    assert replies.of(BRAND) == ()


def test_of_two_changes_at_once_one_is_refused(desk: Desk, replies: SavedReplyService) -> None:
    _role(desk, AWA.id, Role.CM)
    first = replies.add(BRAND, Language.FR, "Délais", "Trois jours.", AWA)
    other = replies.add(BRAND, Language.FR, "Retours", "Trente jours.", AWA)
    replies.change(first.id, "Délais", "Quatre jours.", AWA)
    with pytest.raises(StoreError, match="read it again"), desk.store.write() as work:
        work.saved_replies.save(first, first.model_copy(update={"body": "Cinq jours."}))
    with pytest.raises(IncompleteDecision, match="taken"):
        replies.change(other.id, "Délais", "Trente jours.", AWA)


def _role(desk: Desk, person_id: object, role: Role) -> None:
    person = {AWA.id: AWA, BEN.id: BEN}[person_id]  # type: ignore[index]
    with desk.store.write() as work:
        work.people.put(person, desk.at())
        work.people.set_roles(person.id, {BRAND: role})
