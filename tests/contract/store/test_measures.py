"""Figures: small worlds counted by hand, the same on both engines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.domain.decisions import Category, Route, Sentiment, Triage
from agent.domain.ids import BrandId, ItemId, TeamId
from agent.domain.measures import MeasureQuery, PeriodReport, Step
from agent.domain.messages import InboundMessage
from agent.domain.reviews import DecisionKind
from agent.services.measuring import MeasuringService, wilson
from knowledge.passages import Language
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 21)
"""The desk's clock stands at 09:00 UTC on that day: 10:00 in Paris."""
HOUR = timedelta(hours=1)


@pytest.fixture
def measuring(desk: Desk) -> MeasuringService:
    return MeasuringService(desk.store, desk.clock, {BRAND: PARIS})


def week(measuring: MeasuringService, **given: object) -> PeriodReport:
    values = {"brands": (BRAND,), "first": TODAY - timedelta(days=6), "last": TODAY, **given}
    return measuring.report(MeasureQuery.model_validate(values))


def arrive(desk: Desk, at: datetime, **triage: object) -> ItemId:
    one: InboundMessage = message(created_at=at)
    values = {
        "language": Language.FR,
        "language_confidence": 1.0,
        "category": Category.FAQ_QUESTION,
        "route": Route.REPLY,
        **triage,
    }
    desk.pipeline.triage[one.id] = Triage.model_validate(values)
    return desk.arrive(one)[0]


def test_an_empty_period_has_no_figure_and_every_day(measuring: MeasuringService) -> None:
    report = week(measuring)
    assert (report.totals.received, report.totals.decision, report.topics) == (0, None, ())
    assert report.totals.promises.due == 0
    assert len(report.points) == len(report.buckets) == 7
    assert [b.is_partial for b in report.buckets] == [False] * 6 + [True]
    assert week(measuring, brands=()).totals.received == 0


def test_times_are_percentiles_by_nearest_rank_from_the_customers_writing(
    desk: Desk, measuring: MeasuringService
) -> None:
    now = desk.at()
    for hours in range(1, 11):
        desk.approve(arrive(desk, now - hours * HOUR))
    desk.clock.advance(timedelta(minutes=30))
    desk.posting.post_ready()
    totals = week(measuring).totals
    assert totals.decision is not None
    assert totals.post is not None
    assert (totals.decision.n, totals.decision.p50, totals.decision.p90) == (10, 5 * 3600, 9 * 3600)
    assert (totals.post.p50, totals.post.p90) == (5 * 3600 + 1800, 9 * 3600 + 1800)
    assert totals.draft == totals.decision
    assert (totals.received, totals.decided, totals.answered) == (10, 10, 10)


def test_a_day_begins_at_midnight_in_the_brands_own_zone(
    desk: Desk, measuring: MeasuringService
) -> None:
    # 23:30 UTC is 00:30 in Paris: already the next day there.
    arrive(desk, datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    assert [p.received for p in week(measuring).points] == [0, 0, 0, 0, 0, 1, 0]
    in_utc = MeasuringService(desk.store, desk.clock, {BRAND: ZoneInfo("UTC")})
    assert [p.received for p in week(in_utc).points] == [0, 0, 0, 0, 1, 0, 0]


def test_the_period_before_ends_at_the_same_hour(desk: Desk, measuring: MeasuringService) -> None:
    a_week_ago = desk.at() - timedelta(days=7)
    arrive(desk, a_week_ago - HOUR)
    arrive(desk, a_week_ago + HOUR)
    arrive(desk, desk.at() - HOUR)
    report = week(measuring)
    assert report.is_partial
    # What came a week ago but later in the day than it is now is in neither stretch.
    assert (report.totals.received, report.before.received) == (1, 1)


def test_a_promise_still_waiting_is_late_and_one_not_due_yet_is_not_counted(
    desk: Desk, measuring: MeasuringService
) -> None:
    start = desk.at()
    kept, late, waiting, closed = (arrive(desk, start, due_at=start + 2 * HOUR) for _ in range(4))
    arrive(desk, start, due_at=start + 20 * HOUR)
    desk.approve(kept)
    desk.decide(closed, DecisionKind.NO_REPLY)
    desk.posting.post_ready()
    desk.clock.advance(3 * HOUR)
    desk.approve(late)
    desk.posting.post_ready()
    assert desk.review.item(waiting).decision is None
    promises = week(measuring).totals.promises
    assert (promises.due, promises.drafted, promises.decided) == (4, 4, 2)
    assert (promises.replies, promises.answered) == (3, 1)


def test_edits_rejections_and_time_on_item(desk: Desk, measuring: MeasuringService) -> None:
    ids = [arrive(desk, desk.at()) for _ in range(4)]
    desk.approve(ids[0])
    desk.review.claim(ids[1], AWA)
    desk.clock.advance(timedelta(seconds=90))
    desk.review.claim(ids[1], AWA)
    desk.clock.advance(timedelta(seconds=30))
    desk.approve(ids[1], public="Comptez quatre jours.")
    desk.reject(ids[2], by=BEN)
    desk.review.claim(ids[3], AWA)
    desk.review.release(ids[3], AWA)
    desk.reject(ids[3], by=BEN)
    report = week(measuring)
    edits = report.totals.edits
    assert (edits.decisions, edits.approved, edits.unedited, edits.overridden) == (4, 2, 1, 0)
    item = desk.review.item(ids[1])
    assert item.decision is not None
    assert report.totals.edited is not None
    assert report.totals.edited.p50 == round(item.decision.edit_ratio * 1000)
    assert [(p.value, p.n) for p in report.rejections] == [("wrong_tone", 2)]
    loads = {
        r.person: (r.decisions, r.seconds.p50 if r.seconds else None) for r in report.reviewers
    }
    # Renewing a claim goes on with the sitting; somebody else's claim is nobody's sitting.
    assert loads == {"awa": (2, 120), "ben": (2, None)}


def test_topics_sentiment_gaps_and_languages(desk: Desk, measuring: MeasuringService) -> None:
    arrive(desk, desk.at(), sentiment=Sentiment.NEGATIVE)
    arrive(desk, desk.at(), category=Category.PRAISE, sentiment=Sentiment.POSITIVE)
    hidden = arrive(desk, desk.at(), language=Language.EN)
    desk.decide(hidden, DecisionKind.MODERATE, charter_rule="insult", moderation="hide")
    report = week(measuring)
    assert [(p.value, p.n) for p in report.topics] == [("faq_question", 2), ("praise", 1)]
    assert sum(c.n for c in report.topic_counts if c.key == 6) == 3
    assert {p.value: p.n for p in report.sentiments} == {"negative": 1, "neutral": 1, "positive": 1}
    assert [(p.value, p.n) for p in report.entries] == [("delais", 3)]
    languages = {one.lang: (one.received, one.moderated) for one in report.languages}
    assert languages == {"fr": (2, 0), "en": (1, 1)}


def test_teams_and_their_deadlines(desk: Desk, measuring: MeasuringService) -> None:
    from agent.domain.handoffs import HandoffQuery
    from agent.services.escalations import EscalationService

    teams = EscalationService(desk.store, desk.clock)
    for _ in range(3):
        item_id = arrive(desk, desk.at(), due_at=desk.at() + HOUR)
        desk.decide(item_id, DecisionKind.ESCALATE, team=TeamId("care"))
    first, second, _ = teams.page(HandoffQuery(brands=(BRAND,))).rows
    teams.finish(first.handoff.id, 1, BEN)
    desk.clock.advance(2 * HOUR)
    teams.hand_back(second.handoff.id, 1, BEN, "Pas pour nous")
    (team,) = week(measuring).teams
    assert (team.team, team.handed_over, team.due, team.kept) == ("care", 3, 3, 1)


def test_a_channel_and_a_brand_of_ones_own(desk: Desk, measuring: MeasuringService) -> None:
    desk.one(channel="x")
    desk.one()
    assert week(measuring, channel="x").totals.received == 1
    assert week(measuring, brands=(BrandId("autre"),)).totals.received == 0


def test_exports_hold_no_person(desk: Desk, measuring: MeasuringService) -> None:
    desk.approve(desk.one("Je suis Zoé", author="@zoe"))
    desk.reject(desk.one(), by=BEN)
    desk.one()
    query = MeasureQuery(brands=(BRAND,), first=TODAY, last=TODAY)
    facts = list(measuring.facts(query))
    assert sorted(f.reviewer or "" for f in facts) == ["", "R1", "R2"]
    assert {f.decision for f in facts} == {"approve", "reject", None}
    written = "".join(f.model_dump_json() for f in facts).lower()
    assert not [name for name in ("awa", "ben", "zoe", "zoé") if name in written]


@pytest.mark.parametrize(
    ("days", "step", "bars"),
    [(1, Step.DAY, 1), (92, Step.DAY, 92), (93, Step.WEEK, 14), (900, Step.MONTH, 30)],
)
def test_longer_periods_have_wider_bars(
    measuring: MeasuringService, days: int, step: Step, bars: int
) -> None:
    report = week(measuring, first=TODAY - timedelta(days=days - 1))
    assert (report.step, len(report.buckets)) == (step, bars)
    assert report.buckets[0].first == TODAY - timedelta(days=days - 1)
    assert report.buckets[-1].last == TODAY


def test_wilson_against_a_known_value() -> None:
    low, high = wilson(5, 10)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        MeasureQuery(brands=(BRAND,), first=TODAY, last=TODAY - timedelta(days=1))
