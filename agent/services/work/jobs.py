"""What is due, as the store says, and how each kind of job is done.

A job only names what to look at. Whether anything is to be done, and whether it was done already,
is read from the store each time, so a job may run twice, late, or on two machines at once.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from agent.domain.channels import PostStatus
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, DecisionId, MessageId, PostId
from agent.domain.records import PostRecord
from agent.domain.work import Job, JobKind, LetterStatus
from agent.ports import Channel, Clock
from agent.ports.journal import Happened, note
from agent.services.alerts import NotifyService, WatchService
from agent.services.intake import IntakeService
from agent.services.posting import PostingService
from agent.services.retention import RetentionService
from agent.services.work.letters import LetterService

WINDOW = 500
"""Jobs of a kind named at one look: the store holds the rest, so that memory stays flat."""
LOOK_AGAIN = 3.0
LOOK_AGAIN_LAST = 900.0
"""Seconds between two looks for a reply whose outcome is unknown."""
PURGE_EVERY = 3600.0
RETENTION_EVERY = 86_400.0
_RETENTION = "retention"
WATCH_EVERY = 5.0
"""Seconds between two looks for alerts: an urgent one is told of within a few seconds."""
NOTIFY_EVERY = 1.0

Report = Callable[[str], None]
"""Takes one line for the console: ids and counts, never a customer's words."""


@dataclass(frozen=True)
class Alarms:
    """What raises alerts and what tells people of them."""

    watch: WatchService
    notify: NotifyService


class JobService:
    """Names the jobs that are due and does them."""

    def __init__(
        self,
        clock: Clock,
        intake: IntakeService,
        posting: PostingService,
        letters: LetterService,
        channels: Mapping[str, Channel],
        brands: Mapping[str, BrandId],
        purge: Callable[[], int],
        say: Report,
        alarms: Alarms | None = None,
        retention: RetentionService | None = None,
    ) -> None:
        """`brands`: the brand of each channel. `purge`: forgets the engine's finished jobs."""
        self._retention = retention
        self._alarms = alarms
        self._clock = clock
        self._intake = intake
        self._posting = posting
        self._letters = letters
        self._channels = channels
        self._brands = brands
        self._purge = purge
        self._say = say
        self._done: Counter[str] = Counter()
        self._lock = Lock()
        self._last_said: dict[str, str] = {}
        self._ways: Mapping[JobKind, Callable[[str], None]] = {
            JobKind.FETCH: self._fetch,
            JobKind.DRAFT: self._draft,
            JobKind.POST: self._post,
            JobKind.MODERATE: self._moderate,
            JobKind.PURGE: self._tidy,
            JobKind.WATCH: self._watch,
            JobKind.NOTIFY: self._notify,
        }

    def due(self, every: float) -> tuple[Job, ...]:
        """Return what is due now; each channel is read `every` so many seconds."""
        return (
            *self._again(),
            *self._posts(),
            *self._moderations(),
            *self._fetches(every),
            *self._drafts(),
            *self._alerts(),
            *self._past_retention(),
            Job(kind=JobKind.PURGE, subject="history", spacing_seconds=PURGE_EVERY),
        )

    def do(self, kind: JobKind, subject: str, *, is_retry: bool = False) -> None:
        """Do one job.

        Raises:
            PortevoixError: it could not be done; it is tried again, and given up in the end.
        """
        if is_retry:
            self._letters.revive(kind, subject)
        else:
            self._ways[kind](subject)

    def tell(self) -> None:
        """Say how much was done since the last time, if anything was."""
        with self._lock:
            done, self._done = self._done, Counter()
        if done:
            self._say(", ".join(f"{count} {what}" for what, count in sorted(done.items())))

    def _count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self._done[what] += number

    def _again(self) -> tuple[Job, ...]:
        asked = self._letters.of(LetterStatus.RETRYING)
        return tuple(Job(kind=one.kind, subject=one.subject, is_retry=True) for one in asked)

    def _posts(self) -> tuple[Job, ...]:
        return tuple(
            Job(
                kind=JobKind.POST,
                subject=post.id,
                lane=post.channel_instance,
                spacing_seconds=self._spacing(post),
            )
            for post in self._posting.due(WINDOW)
        )

    def _spacing(self, post: PostRecord) -> float:
        """How long to wait between two looks: the longer unknown, the longer."""
        if post.status is not PostStatus.UNKNOWN:
            return 0.0
        age = (self._clock.now() - post.updated_at).total_seconds()
        return min(max(LOOK_AGAIN, age / 4), LOOK_AGAIN_LAST)

    def _moderations(self) -> tuple[Job, ...]:
        return tuple(
            Job(kind=JobKind.MODERATE, subject=one.decision_id, lane=one.channel_instance)
            for one in self._posting.moderations_due(WINDOW)
        )

    def _fetches(self, every: float) -> tuple[Job, ...]:
        return tuple(
            Job(kind=JobKind.FETCH, subject=name, spacing_seconds=every) for name in self._channels
        )

    def _drafts(self) -> tuple[Job, ...]:
        return tuple(
            Job(kind=JobKind.DRAFT, subject=message_id)
            for message_id in self._intake.waiting(WINDOW)
        )

    def _alerts(self) -> tuple[Job, ...]:
        if self._alarms is None:
            return ()
        watch = Job(kind=JobKind.WATCH, subject="alerts", spacing_seconds=WATCH_EVERY)
        return (
            watch,
            *(
                Job(kind=JobKind.NOTIFY, subject=address, spacing_seconds=NOTIFY_EVERY)
                for address in self._alarms.notify.due()
            ),
        )

    def _past_retention(self) -> tuple[Job, ...]:
        if self._retention is None:
            return ()
        return (Job(kind=JobKind.PURGE, subject=_RETENTION, spacing_seconds=RETENTION_EVERY),)

    def _fetch(self, name: str) -> None:
        channel = self._channels.get(name)
        if channel is None:
            return
        report = self._intake.receive(channel, self._brands[name])
        if report.added or report.edited:
            brand_id = self._brands[name]
            added, edited = report.added, report.edited
            note(Happened.CHANNEL_READ, channel=name, brand=brand_id, count=added, edited=edited)
            self._say(f"{name}: {report.added} new, {report.edited} edited")
        # A channel that is away for an hour is read every few seconds: said once.
        problems = "; ".join(report.problems)
        if problems and problems != self._last_said.get(name):
            self._say(problems)
        self._last_said[name] = problems

    def _draft(self, message_id: str) -> None:
        try:
            is_new = self._intake.draft_one(MessageId(message_id))
        except NotFound:
            # Erased since it was named: there is nothing left to answer.
            return
        if is_new:
            self._count("drafted")

    def _post(self, post_id: str) -> None:
        report = self._posting.attend(PostId(post_id))
        if report.sent:
            self._count("posted", report.sent)
        for problem in report.problems:
            self._say(problem)

    def _moderate(self, decision_id: str) -> None:
        report = self._posting.moderate_ready(DecisionId(decision_id))
        if report.done:
            self._count("moderated", report.done)
        for problem in report.problems:
            self._say(problem)

    def _tidy(self, subject: str) -> None:
        if subject != _RETENTION:
            self._purge()
        elif self._retention is not None and (emptied := self._retention.purge().emptied):
            self._say(f"retention: {emptied} texts removed")

    def _watch(self, _subject: str) -> None:
        if self._alarms is not None:
            self._alarms.watch.look()

    def _notify(self, address: str) -> None:
        if self._alarms is not None and (sent := self._alarms.notify.send(address)):
            self._count("notified", sent)
