"""What the store and the engine say, read at each scrape: the same from every process."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agent.domain.vitals import BrandVitals, JobCounts, Vitals, age_seconds

Rows = Iterable[tuple[tuple[str, ...], float]]


class Installation(Collector):
    """Figures of the whole installation; a scrape without the database says so and goes on."""

    def __init__(self, look: Callable[[], Vitals], count_jobs: Callable[[], JobCounts]) -> None:
        self._look = look
        self._count_jobs = count_jobs

    def describe(self) -> Iterable[Metric]:
        """Name nothing ahead: to be registered must not read the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        try:
            vitals, jobs = self._look(), self._count_jobs()
        except Exception:
            # The class and the mend are in /readyz; here a figure is enough to alert on.
            yield _gauge("store_up", "Whether the database answers.", (), [((), 0)])
            return
        yield _gauge("store_up", "Whether the database answers.", (), [((), 1)])
        yield from _queue(vitals)
        yield from _work(vitals, jobs)


def _queue(vitals: Vitals) -> Iterator[Metric]:
    def by_brand(value: Callable[[BrandVitals], float]) -> Rows:
        return [((str(one.brand_id),), value(one)) for one in vitals.brands]

    yield _gauge(
        "items",
        "Review items by brand and status.",
        ("brand", "status"),
        [((b.brand_id, s.value), n) for b in vitals.brands for s, n in b.items.items()],
    )
    yield _gauge(
        "items_overdue",
        "Open review items past their deadline.",
        ("brand",),
        by_brand(lambda one: one.overdue),
    )
    yield _gauge(
        "oldest_open_item_age_seconds",
        "How long ago the message of the oldest open item came in; 0: none is open.",
        ("brand",),
        by_brand(lambda one: age_seconds(one.oldest_open_at, vitals.at)),
    )
    yield _gauge(
        "messages_undrafted",
        "Messages without a review item.",
        ("brand",),
        by_brand(lambda one: one.undrafted),
    )
    yield _gauge(
        "oldest_undrafted_message_age_seconds",
        "How long the oldest message without a review item has waited; 0: none waits.",
        ("brand",),
        by_brand(lambda one: age_seconds(one.oldest_undrafted_at, vitals.at)),
    )


def _work(vitals: Vitals, jobs: JobCounts) -> Iterator[Metric]:
    yield _gauge(
        "posts",
        "Posts by status; unknown: nobody knows whether the reply is there.",
        ("status",),
        [((status.value,), n) for status, n in vitals.posts.items()],
    )
    yield _gauge(
        "posts_waiting",
        "Posts ready, being sent or unknown, by channel.",
        ("channel", "status"),
        [((channel, status.value), n) for (channel, status), n in vitals.waiting.items()],
    )
    yield _gauge(
        "jobs",
        "Jobs that have not ended well, by kind and state.",
        ("kind", "state"),
        [((kind.value, state), n) for (kind, state), n in jobs.items()],
    )
    yield _gauge(
        "dead_letters",
        "Jobs given up that no person has seen to, by kind.",
        ("kind",),
        [((kind.value,), n) for kind, n in vitals.dead_letters.items()],
    )
    yield _gauge(
        "workers",
        "Workers with a fresh heartbeat (alive) or without (silent).",
        ("state",),
        [(("alive",), vitals.workers_alive), (("silent",), vitals.workers_silent)],
    )
    scopes = {"*", *(str(one.brand_id) for one in vitals.brands), *vitals.frozen}
    yield _gauge(
        "posting_frozen",
        "1 while posting is frozen on a brand, or on every one (*).",
        ("brand",),
        [((scope,), scope in vitals.frozen) for scope in sorted(scopes)],
    )
    yield _gauge(
        "channel_left_alone",
        "1 while a channel is left alone after failures in a row.",
        ("channel", "direction"),
        [((b.channel_instance, b.direction.value), b.has_tripped) for b in vitals.breakers],
    )


def _gauge(name: str, said: str, labels: tuple[str, ...], rows: Rows) -> Metric:
    family = GaugeMetricFamily(f"portevoix_{name}", said, labels=labels)
    for values, n in rows:
        family.add_metric(values, float(n))
    return family
