"""The archive finds what was decided, by redacted words, the same way on both engines."""

import pytest
import sqlalchemy as sa

from agent.adapters.store import SqlStore
from agent.domain.archives import ArchivePage, ArchiveQuery
from agent.domain.ids import BrandId, ItemId
from agent.domain.redaction import Redaction
from agent.domain.reviews import DecisionKind
from tests.desk_kit import AWA, BEN, BRAND, Desk, message


def find(store: SqlStore, text: str = "", **given: object) -> ArchivePage:
    values = {"brands": (BRAND,), "text": text, **given}
    with store.read() as work:
        return work.archive.page(ArchiveQuery.model_validate(values))


def found(store: SqlStore, text: str = "", **given: object) -> list[ItemId]:
    return [row.item.id for row in find(store, text, **given).rows]


def decided(desk: Desk, text: str, **given: object) -> ItemId:
    item_id = desk.one(text, **given)
    desk.approve(item_id)
    return item_id


@pytest.mark.parametrize(
    "sought",
    ["colis", "COLIS abîmé", "abime", "Abi", "œuvre", "oeuvre", "cœur oeuvr", "trois jours"],
)
def test_words_are_found_folded_and_by_their_beginning(desk: Desk, sought: str) -> None:
    item_id = decided(desk, "Mon colis est abîmé, un vrai chef-d'ŒUVRE au cœur brisé")
    decided(desk, "Rien à voir")
    hits = found(desk.store, sought)  # type: ignore[arg-type]
    assert item_id in hits
    # The reply's words are found too, and both items got the same reply.
    assert len(hits) == (2 if sought == "trois jours" else 1)


@pytest.mark.parametrize(
    "sought", ["bjorn", "introuvable", '"', "a AND", "colis OR jours", "*", "'; DROP", "x" * 5000]
)
def test_what_is_not_there_is_not_found_and_no_sign_is_an_operator(desk: Desk, sought: str) -> None:
    decided(desk, "Mon colis est là")
    assert found(desk.store, sought) == []  # type: ignore[arg-type]


def test_only_redacted_words_are_indexed(desk: Desk) -> None:
    one = message("Je suis Zoé Martin", author="@zoe")
    desk.pipeline.redactions[one.id] = Redaction(
        text="Je suis [PERSON_1]", values={"[PERSON_1]": "Zoé Martin"}
    )
    (item_id,) = desk.arrive(one)
    desk.approve(item_id, public="Merci Zoé Martin, comptez quatre jours.")
    for hidden in ("zoe", "martin", "person", "person_1"):
        assert found(desk.store, hidden) == []  # type: ignore[arg-type]
    assert found(desk.store, "merci quatre") == [item_id]  # type: ignore[arg-type]


def test_filters_and_brands(desk: Desk) -> None:
    store: SqlStore = desk.store  # type: ignore[assignment]
    approved = decided(desk, "Premier colis", channel="x")
    rejected = desk.one("Deuxième colis")
    desk.reject(rejected, by=BEN)
    desk.one("Pas encore décidé, ce colis")
    assert found(store) == [rejected, approved]
    assert found(store, kinds=(DecisionKind.REJECT,)) == [rejected]
    assert found(store, person=AWA.id) == [approved]
    assert found(store, "colis", channel="x") == [approved]
    assert found(store, since=desk.at()) == [rejected, approved]
    assert found(store, until=desk.at()) == []
    assert found(store, brands=(BrandId("autre"),)) == []
    assert found(store, brands=()) == []
    with store.read() as work:
        assert work.archive.channels((BRAND,)) == ("file", "x")
        assert work.archive.channels(()) == ()


def test_pages_follow_each_other_without_a_gap(desk: Desk) -> None:
    store: SqlStore = desk.store  # type: ignore[assignment]
    expected = [decided(desk, f"Colis {n}") for n in range(7)][::-1]
    for text in ("", "colis"):
        seen: list[ItemId] = []
        after: int | None = None
        while True:
            page = find(store, text, limit=3, after=after)
            seen += [row.item.id for row in page.rows]
            after = page.next
            if after is None:
                break
        assert seen == expected


def test_an_item_decided_again_is_found_once_by_its_new_words(desk: Desk) -> None:
    store: SqlStore = desk.store  # type: ignore[assignment]
    item_id = desk.one()
    desk.approve(item_id, public="Comptez quatre semaines.")
    desk.posting.cancel(item_id, AWA)
    desk.approve(item_id, public="Comptez cinq heures.")
    assert found(store, "semaines") == []
    assert found(store, "heures") == [item_id]
    with store._engine.connect() as connection:
        indexed = connection.execute(sa.text("SELECT count(*) FROM archive_fts")).scalar()
    assert indexed == 1
