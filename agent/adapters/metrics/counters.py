"""What this process did, counted from the entries of its journal."""

import logging
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

from agent.ports.journal import NAME, Happened

_MILLI = 1000.0
_RULES_AT_MOST = 300
"""Rules of the rubric and of the brands told apart; more would be `other`."""
_DRAFT_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Counting(logging.Handler):
    """Listens to the journal: what is logged and what is counted cannot disagree."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(logging.DEBUG)
        self._rules: set[str] = set()

        def counter(name: str, said: str, *labels: str) -> Counter:
            return Counter(f"portevoix_{name}", said, labels, registry=registry)

        def histogram(name: str, said: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            name = f"portevoix_{name}_duration_seconds"
            return Histogram(name, said, [label], buckets=buckets, registry=registry)

        self._received = counter("messages_received", "Messages taken in.", "channel")
        self._drafts = counter("drafts", "Messages drafted.", "brand", "route", "outcome")
        self._draft_time = histogram("draft", "Time to draft.", "brand", _DRAFT_SECONDS)
        self._rule_failures = counter("check_failures", "Drafts that do not pass a rule.", "rule")
        self._posts = counter("post_attempts", "What came of posts.", "channel", "outcome")
        self._channel_failures = counter(
            "channel_failures", "Failed calls of a channel.", "channel", "direction"
        )
        self._job_time = histogram("job", "Time of jobs that ended well.", "kind", _CALL_SECONDS)
        self._job_failures = counter("job_failures", "Failed tries of jobs.", "kind")
        self._rounds = counter("round_failures", "Kinds of problems a worker's round had.")
        self._calls = counter("model_calls", "Answers asked of chat models.", "role", "outcome")
        self._tokens = counter("model_tokens", "Tokens paid for.", "role", "kind")
        self._call_time = histogram("model_call", "Time to an answer.", "role", _CALL_SECONDS)
        self._ways = {
            Happened.CHANNEL_READ: self._on_read,
            Happened.CHANNEL_FAILED: self._on_channel_failure,
            Happened.CHANNEL_LEFT_ALONE: self._on_channel_failure,
            Happened.MESSAGE_DRAFTED: self._on_draft,
            Happened.POST: lambda told: self._posts.labels(told["channel"], told["outcome"]).inc(),
            Happened.JOB_DONE: lambda told: self._job_time.labels(told["kind"]).observe(
                told["duration_ms"] / _MILLI
            ),
            Happened.JOB_FAILED: lambda told: self._job_failures.labels(told["kind"]).inc(),
            Happened.ROUND_FAILED: lambda _: self._rounds.inc(),
            Happened.MODEL_CALLED: self._on_call,
        }

    def listen(self) -> None:
        """Count from now on, whatever of it the logs show."""
        logger = logging.getLogger(NAME)
        logger.addHandler(self)
        logger.setLevel(logging.DEBUG)

    def leave(self) -> None:
        """Count no more."""
        logging.getLogger(NAME).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            way = self._ways.get(Happened(record.msg))
            if way is not None:
                way(record.__dict__["facts"])
        except Exception:
            # Whoever notes something must not fail of what is counted: a reply may just be out.
            self.handleError(record)

    def _on_read(self, told: Mapping[str, Any]) -> None:
        self._received.labels(told["channel"]).inc(told["count"])

    def _on_channel_failure(self, told: Mapping[str, Any]) -> None:
        self._channel_failures.labels(told["channel"], told["kind"]).inc()

    def _on_draft(self, told: Mapping[str, Any]) -> None:
        self._drafts.labels(told["brand"], told["route"], told["outcome"]).inc()
        self._draft_time.labels(told["brand"]).observe(told["duration_ms"] / _MILLI)
        for rule in told["rules"]:
            self._rule_failures.labels(self._bounded(rule)).inc()

    def _bounded(self, rule: str) -> str:
        if rule not in self._rules and len(self._rules) >= _RULES_AT_MOST:
            return "other"
        self._rules.add(rule)
        return rule

    def _on_call(self, told: Mapping[str, Any]) -> None:
        role = told["role"]
        self._calls.labels(role, told["outcome"]).inc()
        for kind in ("prompt", "completion"):
            self._tokens.labels(role, kind).inc(told[f"{kind}_tokens"])
        if told["outcome"] == "answered":
            self._call_time.labels(role).observe(told["duration_ms"] / _MILLI)
