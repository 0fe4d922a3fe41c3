"""Dead letters: jobs that failed at every try. Each is listed, with a person, and can be retried.

A message that could not be drafted becomes an item with the message as it is. A text that could
not be sent comes back to review: to send it is to approve it again. A decision to moderate that
could not be carried out is done on the network by hand.
"""

from agent.domain.errors import JobFailed, NotAllowed, NotFound
from agent.domain.ids import BrandId, DecisionId, ItemId, MessageId, PostId
from agent.domain.reviews import Reviewer
from agent.domain.work import DeadLetter, FailedJob, JobKind, LetterStatus
from agent.ports import Clock, Store, UnitOfWork
from agent.services.graveyard import bury
from agent.services.intake import IntakeService
from agent.services.posting import PostingService

BY_A_PERSON = {
    JobKind.POST: "the text is back in review: approve it again to send it",
    JobKind.MODERATE: "do it on the network by hand, then `portevoix jobs close` it",
}


class LetterService:
    """Gives up, lists and retries jobs."""

    def __init__(
        self, store: Store, clock: Clock, intake: IntakeService, posting: PostingService
    ) -> None:
        self._store = store
        self._clock = clock
        self._intake = intake
        self._posting = posting

    def of(self, status: LetterStatus = LetterStatus.DEAD) -> tuple[DeadLetter, ...]:
        """Return those of a status, the oldest first."""
        with self._store.read() as work:
            return work.letters.of(status)

    def give_up(self, failed: FailedJob) -> DeadLetter | None:
        """Give a failed job to a person and list it.

        None: it is one that comes round by itself (reading a channel, tidying up), or there is
        nothing left of what it was about.
        """
        try:
            found = self._hand_over(failed)
        except NotFound:
            return None
        if found is None:
            return None
        item_id, brand_id = found
        now = self._clock.now()
        letter = DeadLetter(
            kind=failed.kind,
            subject=failed.subject,
            brand_id=brand_id,
            item_id=item_id,
            problem=failed.problem,
            died_at=now,
            updated_at=now,
        )
        with self._store.write() as work:
            return bury(work, letter)

    def _hand_over(self, failed: FailedJob) -> tuple[ItemId, BrandId] | None:
        """Let the item of a failed job wait for a person; return it and its brand."""
        if failed.kind is JobKind.DRAFT:
            because = JobFailed(failed.problem)
            state = self._intake.hand_over(MessageId(failed.subject), because)
            return state.id, state.brand_id
        if failed.kind is JobKind.POST:
            post = self._posting.give_up(PostId(failed.subject), failed.problem)
            return self._placed(post.item_id)
        if failed.kind is JobKind.MODERATE:
            record = self._posting.give_up_moderation(DecisionId(failed.subject), failed.problem)
            return self._placed(record.item_id) if record else None
        return None

    def _placed(self, item_id: ItemId) -> tuple[ItemId, BrandId]:
        with self._store.read() as work:
            return item_id, work.items.state(item_id).brand_id

    def retry(self, letter_id: str, by: Reviewer) -> DeadLetter:
        """Ask for a job again; a worker does it at its next round.

        Raises:
            NotFound: nothing of that name was given up.
            NotAllowed: only a person can do it now.
        """
        kind, _, subject = letter_id.partition(":")
        now = self._clock.now()
        with self._store.write() as work:
            letter = self._dead(work, kind, subject)
            if letter.kind in BY_A_PERSON:
                raise NotAllowed(f"{letter_id}: {BY_A_PERSON[letter.kind]}")
            changes = {"status": LetterStatus.RETRYING, "updated_at": now}
            after = letter.model_copy(update=changes)
            work.letters.put(after)
            about = letter.item_id or letter.subject
            work.audit.add(now, by.id, "job.retried", about, job=letter.id)
            return after

    def close(self, letter_id: str, by: Reviewer) -> None:
        """Record that a person has seen to it.

        Raises:
            NotFound: nothing of that name was given up.
        """
        kind, _, subject = letter_id.partition(":")
        now = self._clock.now()
        with self._store.write() as work:
            letter = self._dead(work, kind, subject)
            changes = {"status": LetterStatus.CLOSED, "updated_at": now}
            work.letters.put(letter.model_copy(update=changes))
            about = letter.item_id or letter.subject
            work.audit.add(now, by.id, "job.closed", about, job=letter.id)

    def close_settled(self) -> None:
        """Close those whose item a person has decided meanwhile."""
        with self._store.read() as work:
            settled = [one for one in work.letters.of(LetterStatus.DEAD) if _is_settled(work, one)]
        if not settled:
            return
        now = self._clock.now()
        with self._store.write() as work:
            for letter in settled:
                changes = {"status": LetterStatus.CLOSED, "updated_at": now}
                work.letters.put(letter.model_copy(update=changes))

    def _dead(self, work: UnitOfWork, kind: str, subject: str) -> DeadLetter:
        known = kind in {one.value for one in JobKind}
        letter = work.letters.get(JobKind(kind), subject) if known else None
        if letter is None or letter.status is LetterStatus.CLOSED:
            raise NotFound(
                f"no job {kind}:{subject} was given up; `portevoix jobs dead` lists them"
            )
        return letter

    def revive(self, kind: JobKind, subject: str) -> None:
        """Do again what a person asked for, then close its letter."""
        with self._store.read() as work:
            letter = work.letters.get(kind, subject)
        if letter is None or letter.status is not LetterStatus.RETRYING:
            return
        if kind is JobKind.DRAFT and letter.item_id is not None:
            self._intake.draft_again(letter.item_id)
        with self._store.write() as work:
            now = self._clock.now()
            changes = {"status": LetterStatus.CLOSED, "updated_at": now}
            work.letters.put(letter.model_copy(update=changes))


def _is_settled(work: UnitOfWork, letter: DeadLetter) -> bool:
    # What was to be moderated belongs to a decided item from the start: a person closes it.
    if letter.item_id is None or letter.kind is JobKind.MODERATE:
        return False
    return not work.items.state(letter.item_id).status.is_open
