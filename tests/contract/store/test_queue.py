"""The queue, held against a plain sort of everything, and its counters against a plain count."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from agent.adapters.store import SqlStore
from agent.domain.decisions import Category, Route, Triage, Urgency
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, ItemId, TeamId
from agent.domain.reviews import QueueQuery, QueueRow, ReviewStatus
from knowledge.passages import Language
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SIZE = 60
TEXTS = ("Où est mon colis ?", "L’ÉTÉ sera 100 % beau_temps", "My order never came", "Cœur brisé")


def random_triage(rng: Random) -> Triage:
    due = NOW + timedelta(hours=rng.randrange(4)) if rng.random() < 0.7 else None
    return Triage(
        language=rng.choice(list(Language)),
        language_confidence=1.0,
        category=rng.choice([Category.FAQ_QUESTION, Category.COMPLAINT, Category.PRAISE]),
        urgency=rng.choice(list(Urgency)),
        route=rng.choice([Route.REPLY, Route.ESCALATE]),
        team=rng.choice([None, TeamId("legal"), TeamId("care")]),
        is_toxic=rng.random() < 0.2,
        due_at=due,
    )


def fill(desk: Desk) -> list[ItemId]:
    rng = Random(7)
    messages = [
        message(
            rng.choice(TEXTS),
            id=f"m{number}",
            channel=rng.choice(["instagram", "x", "email"]),
            author=rng.choice([None, "Zoé", "Ali"]),
            created_at=NOW + timedelta(minutes=rng.randrange(3)),
        )
        for number in range(SIZE)
    ]
    for one in messages:
        desk.pipeline.triage[one.id] = random_triage(rng)
    made = desk.arrive(*messages)
    for item_id in rng.sample(made, 8):
        desk.review.claim(item_id, rng.choice([AWA, BEN]))
    for item_id in rng.sample(made, 8):
        desk.review.release(item_id, AWA)
        desk.review.release(item_id, BEN)
        desk.review.assign(item_id, AWA, BEN)
    for item_id in rng.sample(made, 6):
        desk.review.release(item_id, AWA)
        desk.review.release(item_id, BEN)
        desk.reject(item_id)
    return made


@pytest.fixture(scope="module")
def desk(shared_store: SqlStore) -> Desk:
    return Desk(shared_store)


@pytest.fixture(scope="module")
def items(desk: Desk) -> list[ItemId]:
    return fill(desk)


def pages(desk: Desk, query: QueueQuery) -> list[QueueRow]:
    rows: list[QueueRow] = []
    after = None
    while True:
        page = desk.review.queue(query.model_copy(update={"after": after}))
        rows.extend(page.rows)
        if page.next is None:
            return rows
        assert len(page.rows) == query.limit
        after = page.next


URGENT_FIRST = [Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL, Urgency.LOW]


def place(row: QueueRow) -> tuple[int, datetime, datetime, str]:
    last = datetime.max.replace(tzinfo=UTC)
    return URGENT_FIRST.index(row.urgency), row.due_at or last, row.received_at, row.id


def everything(desk: Desk, items: list[ItemId]) -> list[QueueRow]:
    query = QueueQuery(statuses=tuple(ReviewStatus), limit=200)
    rows = list(desk.review.queue(query).rows)
    assert {row.id for row in rows} == set(items)
    return rows


@pytest.mark.parametrize("limit", [1, 7, 25, 200])
def test_pages_are_the_sorted_whole_cut_up(desk: Desk, items: list[ItemId], limit: int) -> None:
    query = QueueQuery(limit=limit)
    truth = sorted(
        (row for row in everything(desk, items) if row.status in query.statuses), key=place
    )
    assert [row.id for row in pages(desk, query)] == [row.id for row in truth]


FILTERS: list[tuple[dict[str, object], str, object]] = [
    ({"channel": "x"}, "channel", "x"),
    ({"category": Category.COMPLAINT}, "category", Category.COMPLAINT),
    ({"route": Route.ESCALATE}, "route", Route.ESCALATE),
    ({"team": TeamId("legal")}, "team", "legal"),
    ({"lang": Language.EN}, "lang", Language.EN),
    ({"assignee": BEN.id}, "assignee", "Ben"),
    ({"statuses": (ReviewStatus.REJECTED,)}, "status", ReviewStatus.REJECTED),
]


@pytest.mark.parametrize(("given", "name", "value"), FILTERS, ids=lambda v: str(v)[:20])
def test_a_filter_keeps_the_order_and_only_what_fits(
    desk: Desk, items: list[ItemId], given: dict[str, object], name: str, value: object
) -> None:
    query = QueueQuery.model_validate({"limit": 3, **given})
    truth = sorted(
        (
            row
            for row in everything(desk, items)
            if row.status in query.statuses and getattr(row, name) == value
        ),
        key=place,
    )
    assert truth
    assert [row.id for row in pages(desk, query)] == [row.id for row in truth]


def test_several_brands_are_one_queue(store: SqlStore) -> None:
    desk = Desk(store)
    fill(desk)
    other = BrandId("autre")
    desk.intake.accept(other, [message(id=f"o{n}") for n in range(5)], "autre")
    Desk(desk.store, brand=other).intake.draft_pending()
    both = pages(desk, QueueQuery(brands=(BRAND, other), limit=7))
    assert [row.id for row in both] == [row.id for row in pages(desk, QueueQuery(limit=7))]
    assert {row.brand_id for row in both} == {BRAND, other}
    assert {row.brand_id for row in pages(desk, QueueQuery(brands=(other,)))} == {other}
    assert len(pages(desk, QueueQuery(brand_id=other, brands=(BRAND,)))) == 5


def test_no_status_means_every_status(desk: Desk, items: list[ItemId]) -> None:
    assert len(pages(desk, QueueQuery(statuses=(), limit=50))) == SIZE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colis", {TEXTS[0]}),
        ("COLIS ou", {TEXTS[0]}),
        ("l'ete", {TEXTS[1]}),
        ("100 % beau_temps", {TEXTS[1]}),
        ("beauxtemps", set()),
        ("beau%temps", set()),
        ("ORDER came", {TEXTS[2]}),
        ("coeur", {TEXTS[3]}),
        ("'; DROP TABLE items; --", set()),
        ("\x00", set(TEXTS)),
    ],
)
def test_text_is_found_whatever_its_case_and_accents(
    desk: Desk, items: list[ItemId], text: str, expected: set[str]
) -> None:
    query = QueueQuery(text=text, statuses=(), limit=200)
    assert {row.excerpt for row in desk.review.queue(query).rows} == expected


def test_an_author_is_found(desk: Desk, items: list[ItemId]) -> None:
    rows = desk.review.queue(QueueQuery(text="zoe", statuses=(), limit=200)).rows
    assert {row.author for row in rows} == {"Zoé"}


def test_next_walks_the_same_way_as_the_pages(desk: Desk, items: list[ItemId]) -> None:
    query = QueueQuery(category=Category.COMPLAINT)
    walked: list[ItemId] = []
    following = desk.review.next_item(query)
    while following:
        walked.append(following)
        following = desk.review.next_item(query, following)
    assert walked == [row.id for row in pages(desk, query)]


@pytest.mark.parametrize("cursor", ["x", "é", "W10=", "WzEsMiwzLDRd", "bnVsbA=="])
def test_a_broken_cursor_is_said_to_be_one(desk: Desk, cursor: str) -> None:
    with pytest.raises(NotFound, match="open the queue again"):
        desk.review.queue(QueueQuery(after=cursor))


def test_counters_are_a_count_of_everything(desk: Desk, items: list[ItemId]) -> None:
    rows = everything(desk, items)
    opened = [r for r in rows if r.status in {ReviewStatus.PENDING, ReviewStatus.CLAIMED}]
    counts = desk.review.counts()
    assert counts.open == len(opened)
    for found, all_of, name in (
        (counts.by_status, rows, "status"),
        (counts.by_urgency, opened, "urgency"),
        (counts.by_category, opened, "category"),
        (counts.by_channel, opened, "channel"),
    ):
        truth: dict[object, int] = {}
        for row in all_of:
            truth[getattr(row, name)] = truth.get(getattr(row, name), 0) + 1
        assert found == truth
