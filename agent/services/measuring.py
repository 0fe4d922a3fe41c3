"""Measuring: the figures of a period, each defined here once.

- *Received*, *decided*, *answered*: messages by the day on which they came in, got their first
  decision, had their first reply posted. A message counts on each of those days.
- *Times* run from the customer's writing (where the network does not say when: from coming in)
  to the first draft, the first decision, the first post; p50 and p90 by nearest rank.
- *In time*: of the first deadlines that fell in the period, those met. What still waits counts
  as late. For replies, messages closed without one are left out.
- *Unedited*: of the approved texts, those approved as drafted. *Edited*: how much of the draft
  was changed (normalised Levenshtein distance), over the others.
- *Gap*: a message whose draft says that the knowledge lacks something.
- *Before*: the stretch of equal length just before; a running day is compared with as much of it.

Days are those of each brand's own time zone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import sqrt
from typing import TypeVar
from zoneinfo import ZoneInfo

from agent.domain.ids import BrandId
from agent.domain.measures import (
    Bucket,
    Count,
    Cut,
    Edits,
    Event,
    Fact,
    HandoffPromises,
    LanguageFigures,
    MeasureQuery,
    Part,
    PeriodReport,
    Point,
    Promises,
    ReviewerFigures,
    Spread,
    Step,
    TeamFigures,
    Totals,
    Window,
)
from agent.ports import Clock, Store
from agent.ports.records import Figures

NOW, BEFORE = 0, 1
_DAYS_BY_DAY, _DAYS_BY_WEEK = 92, 800
_ONE_DAY = timedelta(days=1)
_MOST_ENTRIES = 10
_Z95 = 1.959964
_Keyed = TypeVar("_Keyed", Promises, Edits, Spread)


class MeasuringService:
    """Reads only. The caller names the brands that may be seen."""

    def __init__(self, store: Store, clock: Clock, zones: Mapping[BrandId, ZoneInfo]) -> None:
        """`zones`: the time zone in which each brand's days begin; UTC where none is given."""
        self._store = store
        self._clock = clock
        self._zones = zones

    def today(self, brand_id: BrandId | None = None) -> date:
        """Return the day it is where the brand is."""
        zone = (
            self._zone(brand_id) if brand_id else next(iter(self._zones.values()), ZoneInfo("UTC"))
        )
        return self._clock.now().astimezone(zone).date()

    def report(self, query: MeasureQuery) -> PeriodReport:
        """Return the figures of a period; days that have not begun are empty."""
        now = self._clock.now()
        buckets, step = self._buckets(query)
        whole = Cut(windows=tuple(self._whole(query, now)), channel=query.channel)
        fine = Cut(windows=tuple(self._fine(query, buckets)), channel=query.channel)
        with self._store.read() as work:
            return _Reading(work.figures, query, whole, fine, now).report(buckets, step)

    def facts(self, query: MeasureQuery) -> Iterator[Fact]:
        """Yield the items received in the period, with reviewers under numbers of this file only.

        No author, no text, no name: reviewers are `R1`, `R2` in the order in which they appear.
        """
        windows = [w for w in self._whole(query, self._clock.now()) if w.key == NOW]
        names: dict[str, str] = {}
        with self._store.read() as work:
            for fact in work.figures.facts(Cut(windows=tuple(windows), channel=query.channel)):
                if fact.reviewer is not None:
                    alias = names.setdefault(fact.reviewer, f"R{len(names) + 1}")
                    fact = fact.model_copy(update={"reviewer": alias})
                yield fact

    def _zone(self, brand_id: BrandId) -> ZoneInfo:
        return self._zones.get(brand_id, ZoneInfo("UTC"))

    def _midnight(self, day: date, brand_id: BrandId) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self._zone(brand_id))

    def _buckets(self, query: MeasureQuery) -> tuple[tuple[Bucket, ...], Step]:
        step = _step(query.days)
        today = max((self.today(brand) for brand in query.brands), default=self.today())
        buckets, first = [], query.first
        while first <= query.last:
            last = min(_last_of(first, step), query.last)
            buckets.append(Bucket(first=first, last=last, is_partial=first <= today <= last))
            first = last + _ONE_DAY
        return tuple(buckets), step

    def _fine(self, query: MeasureQuery, buckets: tuple[Bucket, ...]) -> Iterator[Window]:
        for brand in query.brands:
            for key, bucket in enumerate(buckets):
                yield Window(
                    key=key,
                    brand_id=brand,
                    start=self._midnight(bucket.first, brand),
                    end=self._midnight(bucket.last + _ONE_DAY, brand),
                )

    def _whole(self, query: MeasureQuery, now: datetime) -> Iterator[Window]:
        span = timedelta(days=query.days)
        for brand in query.brands:
            start = self._midnight(query.first, brand)
            end = self._midnight(query.last + _ONE_DAY, brand)
            # Local time on both sides: the day before a clock change ends at the same hour.
            until = max(start, min(end, now.astimezone(self._zone(brand))))
            yield Window(key=NOW, brand_id=brand, start=start, end=end)
            yield Window(key=BEFORE, brand_id=brand, start=start - span, end=until - span)


class _Reading:
    """One report in the making: every question to the store is asked here, once."""

    def __init__(
        self, figures: Figures, query: MeasureQuery, whole: Cut, fine: Cut, now: datetime
    ) -> None:
        self._figures = figures
        self._query = query
        self._whole = whole
        self._fine = fine
        self._now = now

    def report(self, buckets: tuple[Bucket, ...], step: Step) -> PeriodReport:
        """Return the whole report."""
        totals, before = self._totals()
        topics = self._figures.counts(Event.RECEIVED, self._fine, "category")
        sentiments = self._figures.counts(Event.RECEIVED, self._fine, "sentiment")
        return PeriodReport(
            query=self._query,
            at=self._now,
            is_partial=bool(buckets) and buckets[-1].is_partial,
            step=step,
            buckets=buckets,
            totals=totals,
            before=before,
            points=self._points(len(buckets)),
            topics=self._parts(Event.RECEIVED, "category"),
            topic_counts=topics,
            sentiments=self._parts(Event.RECEIVED, "sentiment"),
            sentiment_counts=sentiments,
            gaps=self._parts(Event.RECEIVED, "gap"),
            entries=self._parts(Event.RECEIVED, "entry")[:_MOST_ENTRIES],
            decisions=self._parts(Event.DECISION, "kind"),
            rejections=self._parts(Event.DECISION, "reason"),
            teams=self._teams(),
            reviewers=self._reviewers(),
            languages=self._languages(),
        )

    def _totals(self) -> tuple[Totals, Totals]:
        numbers = {
            name: _by_key(self._figures.counts(event, self._whole))
            for name, event in (
                ("received", Event.RECEIVED),
                ("decided", Event.DECIDED),
                ("answered", Event.ANSWERED),
            )
        }
        numbers["gaps"] = _by_key(self._figures.counts(Event.RECEIVED, self._whole, "gap"))
        spreads = {
            "draft": self._spread(Event.DRAFTED, "draft_seconds"),
            "decision": self._spread(Event.DECIDED, "decide_seconds"),
            "post": self._spread(Event.ANSWERED, "answer_seconds"),
        }
        promises = self._figures.promises(self._whole, self._now)
        edits = self._figures.edits(self._whole)
        edited = {
            s.key: s
            for s in self._figures.spreads(Event.DECISION, self._whole, "edit_permille", "kind")
            if s.value == "edit"
        }
        now, before = (
            Totals(
                **{name: found[key] for name, found in numbers.items()},
                **{name: found.get(key) for name, found in spreads.items()},
                promises=_at(promises, key) or Promises(key=key),
                edits=_at(edits, key) or Edits(key=key),
                edited=edited.get(key),
            )
            for key in (NOW, BEFORE)
        )
        return now, before

    def _spread(self, event: Event, of: str) -> dict[int, Spread]:
        return {s.key: s for s in self._figures.spreads(event, self._whole, of)}

    def _points(self, count: int) -> tuple[Point, ...]:
        f, cut = self._figures, self._fine
        received = _by_key(f.counts(Event.RECEIVED, cut))
        decided = _by_key(f.counts(Event.DECIDED, cut))
        answered = _by_key(f.counts(Event.ANSWERED, cut))
        decisions = {s.key: s for s in f.spreads(Event.DECIDED, cut, "decide_seconds")}
        posts = {s.key: s for s in f.spreads(Event.ANSWERED, cut, "answer_seconds")}
        promises = {p.key: p for p in f.promises(cut, self._now)}
        none = Promises(key=0)
        return tuple(
            Point(
                received=received[key],
                decided=decided[key],
                answered=answered[key],
                decision=decisions.get(key),
                post=posts.get(key),
                due=promises.get(key, none).due,
                kept=promises.get(key, none).decided,
            )
            for key in range(count)
        )

    def _parts(self, event: Event, by: str) -> tuple[Part, ...]:
        counted = self._figures.counts(event, self._whole, by)
        now = {one.value: one.n for one in counted if one.key == NOW}
        before = {one.value: one.n for one in counted if one.key == BEFORE}
        values = sorted({*now, *before}, key=lambda v: (-now.get(v, 0), -before.get(v, 0), v))
        return tuple(Part(value=v, n=now.get(v, 0), before=before.get(v, 0)) for v in values)

    def _teams(self) -> tuple[TeamFigures, ...]:
        given = Counter({p.value: p.n for p in self._parts(Event.HANDED_OVER, "team") if p.n})
        found = self._figures.handoff_promises(self._whole, self._now)
        promised = {p.team: p for p in found if p.key == NOW}
        none = HandoffPromises(key=NOW, team="", due=0, kept=0)
        return tuple(
            TeamFigures(
                team=team,
                handed_over=given[team],
                due=promised.get(team, none).due,
                kept=promised.get(team, none).kept,
            )
            for team in sorted({*given, *promised})
        )

    def _reviewers(self) -> tuple[ReviewerFigures, ...]:
        found = self._figures.spreads(Event.DECISION, self._whole, "seconds_on_item", "by_id")
        spreads = {s.value: s for s in found if s.key == NOW}
        return tuple(
            ReviewerFigures(person=part.value, decisions=part.n, seconds=spreads.get(part.value))
            for part in self._parts(Event.DECISION, "by_id")
            if part.n
        )

    def _languages(self) -> tuple[LanguageFigures, ...]:
        received = self._parts(Event.RECEIVED, "lang")
        moderated = _moderated(self._figures, self._whole)
        figures = []
        for part in received:
            total = max(part.n, moderated[part.value])
            low, high = wilson(moderated[part.value], total)
            figures.append(
                LanguageFigures(
                    lang=part.value,
                    received=part.n,
                    moderated=moderated[part.value],
                    low=low,
                    high=high,
                )
            )
        return tuple(figures)


def _moderated(figures: Figures, cut: Cut) -> Counter[str]:
    found = figures.counts(Event.DECISION, cut, "lang", only="moderate")
    return Counter({one.value: one.n for one in found if one.key == NOW})


def wilson(successes: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a share; nothing known: 0 to 1."""
    if not total:
        return 0.0, 1.0
    share, z2 = successes / total, _Z95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z95 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _by_key(counts: Iterable[Count]) -> Counter[int]:
    summed: Counter[int] = Counter()
    for one in counts:
        summed[one.key] += one.n
    return summed


def _at(found: Iterable[_Keyed], key: int) -> _Keyed | None:
    return next((one for one in found if one.key == key), None)


def _step(days: int) -> Step:
    if days <= _DAYS_BY_DAY:
        return Step.DAY
    return Step.WEEK if days <= _DAYS_BY_WEEK else Step.MONTH


def _last_of(day: date, step: Step) -> date:
    if step is Step.DAY:
        return day
    if step is Step.WEEK:
        return day + timedelta(days=6 - day.weekday())
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - _ONE_DAY
