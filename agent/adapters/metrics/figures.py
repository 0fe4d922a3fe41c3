"""All that one process tells Prometheus, in one registry of its own."""

from collections.abc import Callable
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

from agent.adapters.metrics.counters import Counting
from agent.adapters.metrics.installation import Installation
from agent.domain.vitals import JobCounts, Vitals


class Figures:
    """The registry; counts from `start` to `stop`."""

    def __init__(self, look: Callable[[], Vitals], count_jobs: Callable[[], JobCounts]) -> None:
        # Each counter would tell the time of its first count in a series more.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(Installation(look, count_jobs))
        build = Info("portevoix_build", "The program's version.", registry=self._registry)
        build.info({"version": version("portevoix")})
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._counting = Counting(self._registry)

    def start(self) -> None:
        """Count what this process does from now on."""
        self._counting.listen()

    def stop(self) -> None:
        """Count no more."""
        self._counting.leave()

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return the figures and their content type, in the format a scraper accepts."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
