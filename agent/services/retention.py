"""Retention: what customers wrote and what was drafted for them goes when its time has passed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from agent.domain.brand import Retention
from agent.domain.ids import BrandId
from agent.domain.retention import Purge, PurgeBatch, PurgeLine, PurgeReport, RetentionClass
from agent.ports import Clock, Store

AT_ONCE = 25
"""Records emptied in one transaction: on SQLite nobody else writes for these milliseconds."""
_ACTOR = "retention"


class RetentionService:
    """Removes what is past its brand's retention and settled. Safe to interrupt and to repeat."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: Callable[[], Mapping[BrandId, Retention]],
        breathe: Callable[[], None] = lambda: None,
        forget: Callable[[datetime], None] = lambda before: None,
    ) -> None:
        """Wire the service.

        `rules`: each brand's retention, as its pack in force says it now.
        `breathe`: waits between two transactions, so that the desk and others get theirs.
        `forget`: removes what models answered before a time and is kept for being asked again.
        """
        self._store = store
        self._clock = clock
        self._rules = rules
        self._breathe = breathe
        self._forget = forget

    def purge(self) -> PurgeReport:
        """Remove what is due of every brand and class, and keep the counts in the audit trail.

        What nobody is done with stays, however old: a message that waits for an answer is not
        lost to a date.
        """
        now = self._clock.now()
        lines = tuple(self._purged(purge) for purge in self._purges(now))
        traces = [line.before for line in lines if line.kind is RetentionClass.MODEL_TRACE]
        if traces:
            # Kept for all brands together: the strictest says when.
            self._forget(max(traces))
        report = PurgeReport(at=now, lines=lines)
        if report.emptied:
            self._store.scrub()
            self._write_down(report)
        return report

    def preview(self) -> PurgeReport:
        """Return what `purge` would do now, and change nothing."""
        now = self._clock.now()
        with self._store.read() as work:
            lines = tuple(
                _line(one, work.retention.waiting(one)).model_copy(
                    update={"kept": work.retention.kept(one)}
                )
                for one in self._purges(now)
            )
        return PurgeReport(at=now, is_dry_run=True, lines=lines)

    def _purges(self, now: datetime) -> tuple[Purge, ...]:
        return tuple(
            Purge(brand_id=brand_id, kind=kind, at=now, before=now - _kept_for(rule, kind))
            for brand_id, rule in self._rules().items()
            for kind in RetentionClass
        )

    def _purged(self, purge: Purge) -> PurgeLine:
        total = 0
        while (batch := self._batch(purge)).looked_at:
            total += batch.emptied
            self._breathe()
        with self._store.read() as work:
            kept = work.retention.kept(purge)
        return _line(purge, total).model_copy(update={"kept": kept})

    def _batch(self, purge: Purge) -> PurgeBatch:
        with self._store.write() as work:
            return work.retention.empty(purge, AT_ONCE)

    def _write_down(self, report: PurgeReport) -> None:
        with self._store.write() as work:
            for line in report.lines:
                if line.emptied:
                    kept = {because.value: count for because, count in line.kept.items()}
                    detail = {"kind": line.kind.value, "emptied": line.emptied, "kept": kept}
                    detail["before"] = line.before.isoformat()
                    work.audit.add(report.at, _ACTOR, "retention.purged", line.brand_id, **detail)


def _line(purge: Purge, emptied: int) -> PurgeLine:
    return PurgeLine(brand_id=purge.brand_id, kind=purge.kind, before=purge.before, emptied=emptied)


def _kept_for(rule: Retention, kind: RetentionClass) -> timedelta:
    return {
        RetentionClass.MESSAGE: rule.message,
        RetentionClass.DRAFT: rule.draft,
        RetentionClass.APPROVED_REPLY: rule.approved_reply,
        RetentionClass.MODEL_TRACE: rule.model_trace,
    }[kind]
