"""The steps in order, read top to bottom: redact, triage, retrieve, route, draft, check."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.checks import CheckReport, CheckSubject
from agent.domain.decisions import Category, EscalationReason
from agent.domain.drafts import Draft, Texts, Wish
from agent.domain.ids import GuidelineVersion
from agent.domain.messages import InboundMessage, Surface
from agent.domain.outcome import Outcome
from agent.ports import Clock, Redactor, Retriever
from agent.steps.check import Rubric
from agent.steps.draft import (
    Check,
    DraftRequest,
    ExtractiveDrafter,
    FreeDrafter,
    IsSound,
    Reports,
    Rewriting,
    Style,
    Writers,
    advised,
    brand_said,
    escalated,
    handed_over,
    is_written_freely,
    read_wish,
    remembering,
    restored,
    settle,
    told,
    unread,
    wish_after,
)
from agent.steps.redact import redact, redact_thread
from agent.steps.retrieve import citable, found_passage, retrieve, widened
from agent.steps.route import decide
from agent.steps.triage import ModelClassifier, Triager
from agent.steps.triage.routing import RouteDesk

FOLLOW_UP_CHARACTERS = 80
"""A message up to this long may only make sense after the one before it."""

Step = Callable[[Outcome, datetime], Outcome]
"""What each step does: from what is known of a message, and the time, to more."""


class Pipeline:
    """One brand's flow. The same message gives the same outcome, `elapsed_ms` aside.

    Safe to share between threads as far as its redactor and retriever are.
    """

    def __init__(
        self,
        pack: BrandPack,
        redactor: Redactor,
        retriever: Retriever,
        clock: Clock,
        limits: Callable[[str], ChannelLimits],
        drafter: FreeDrafter | None = None,
        classifier: ModelClassifier | None = None,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Wire one brand; `limits`: what a network allows; models, if any; whose turn it is."""
        self._pack = pack
        self._redactor = redactor
        self._retriever = retriever
        self._clock = clock
        self._limits = limits
        self._turn = turn
        self._triager = Triager(pack.policy, classifier)
        self._desk = RouteDesk(pack.policy)
        self._rubric = Rubric(pack)
        self._composer = ExtractiveDrafter(pack)
        self._drafter = drafter
        self._zone = ZoneInfo(pack.policy.brand.time_zone)

    @property
    def guideline_version(self) -> GuidelineVersion:
        """The content hash of the pack this pipeline was built from."""
        return self._pack.version

    def today(self) -> date:
        """Return the day it is where the brand is: what decides which passages are in force."""
        return self._day(self._clock.now())

    def run(self, message: InboundMessage) -> Outcome:
        """Return the message after every step; a failed step is recorded, never raised."""
        now = self._clock.now()
        with self._turn():
            outcome = self._run(message, now)
        elapsed = (self._clock.now() - now).total_seconds() * 1000
        return outcome.model_copy(update={"elapsed_ms": round(elapsed, 3)})

    def _run(self, message: InboundMessage, now: datetime) -> Outcome:
        outcome = self.unread(message, now)
        for name, step in self.steps:
            try:
                outcome = step(outcome, now)
            except Exception as error:
                # Whatever failed, a person gets the message: this boundary is the promise.
                return handed_over(outcome, name, error)
        return outcome

    @property
    def steps(self) -> tuple[tuple[str, Step], ...]:
        """Every step by name, in the order in which a message goes through them."""
        return (
            ("redact", self._redact),
            ("triage", self._triage),
            ("retrieve", self._retrieve),
            ("route", self._route),
            ("draft", self._draft),
            ("check", self._check),
        )

    def unread(self, message: InboundMessage, now: datetime) -> Outcome:
        """Return the message before any step: nothing is known, so a person must look now."""
        return unread(message, self._pack, now)

    def _redact(self, outcome: Outcome, now: datetime) -> Outcome:
        redaction = redact(outcome.message.text, self._redactor)
        return outcome.model_copy(update={"redaction": redaction})

    def _triage(self, outcome: Outcome, now: datetime) -> Outcome:
        triage = self._triager.triage(outcome.redaction.text, outcome.message, now)
        return outcome.model_copy(update={"triage": triage})

    def _retrieve(self, outcome: Outcome, now: datetime) -> Outcome:
        found = retrieve(
            outcome.redaction.text,
            outcome.triage,
            outcome.message,
            self._retriever,
            self._day(now),
            self._context(outcome),
        )
        return outcome.model_copy(update={"retrieval": found})

    def _route(self, outcome: Outcome, now: datetime) -> Outcome:
        started = outcome.message.created_at or now
        triage = decide(
            outcome.triage,
            outcome.retrieval,
            lambda category: self._desk.send({category}, started),
        )
        return outcome.model_copy(update={"triage": triage})

    def _draft(self, outcome: Outcome, now: datetime) -> Outcome:
        request = self._request(outcome, now)
        if self._drafter is None or not is_written_freely(request):
            return outcome.model_copy(update={"draft": self._composer.draft(request)})
        ask = partial(self._freely, outcome, now)
        draft = Writers(self._drafter, self._composer, ask).written()
        return self._with(outcome, draft)

    def _check(self, outcome: Outcome, now: datetime) -> Outcome:
        """Keep the first composition that passes every auto-fail rule; without one, a person."""
        check = self._checker(outcome)
        outcome = self._sound(outcome, now, check)
        settled = settle(self._compositions(outcome, now), check, self._soundness(outcome))
        triage = escalated(outcome.triage, EscalationReason.CHECK_FAILED)
        return outcome.model_copy(
            update={
                "draft": told(restored(settled.draft, outcome.redaction), outcome),
                "triage": triage if settled.failed else outcome.triage,
                "public_report": settled.reports[0],
                "private_report": settled.reports[1],
            }
        )

    # What the desk asks of one message

    def check(self, outcome: Outcome, public: str | None, private: str | None) -> Reports:
        """Return the rubric's verdict on these exact texts: public report, private report."""
        return (
            self._report(outcome, public, Surface.PUBLIC),
            self._report(outcome, private, Surface.PRIVATE),
        )

    def recompose(self, outcome: Outcome, passage_id: str) -> Draft:
        """Return a draft made from one passage of `outcome`, in the safest style that passes.

        Raises:
            NotFound: the passage is not among those found for this message.
        """
        passage = found_passage(outcome, passage_id)
        request = self._request(outcome, self._clock.now())
        drafts = [self._composer.with_passage(request, passage, style) for style in Style]
        # Without a sound one the person, who chose it, edits the first under live checks.
        return next(filter(self._soundness(outcome), drafts), drafts[0])

    def rewrite(self, outcome: Outcome, note: str, shown: Texts) -> Outcome:
        """Return `outcome` drafted again as a person's `note` on the texts they saw asks.

        The draft, its reports and what it may cite change; a model may raise the route.

        Raises:
            StepFailed: the note could not be searched for personal data.
        """
        now, before = self._clock.now(), outcome.draft
        wish = wish_after(before, redact(note, self._redactor).text)
        found, entry = widened(outcome, read_wish(wish.note).topic, self._retriever, self._day(now))
        outcome = outcome.model_copy(update={"retrieval": found})
        outcome = self._asked_again(outcome, wish, shown, now)
        if outcome.draft is before or not outcome.draft.is_by_model:
            again = Rewriting(
                approved=self._composer,
                request=self._request(outcome, now),
                before=before,
                wish=wish,
                entry=entry,
                is_sound=self._soundness(outcome),
            ).draft(instead_of=outcome.draft)
            outcome = outcome.model_copy(update={"draft": again})
        draft = outcome.draft.model_copy(update={"wish": wish})
        outcome = outcome.model_copy(update={"draft": draft})
        public, private = self.check(outcome, draft.public, draft.private)
        return outcome.model_copy(update={"public_report": public, "private_report": private})

    # How

    def _asked_again(self, outcome: Outcome, wish: Wish, shown: Texts, now: datetime) -> Outcome:
        """Return the outcome with what a model makes of the wish, where one may write."""
        if self._drafter is None or not is_written_freely(self._request(outcome, now)):
            return outcome
        read = (redact(outcome.redaction.mask(text), self._redactor).text for text in shown if text)
        told = {"note": wish.note, "shown": "\n".join(read)}
        writers = Writers(
            self._drafter,
            self._composer,
            lambda: self._freely(outcome, now).model_copy(update=told),
        )
        draft = self._kept(writers.written(), writers, self._checker(outcome))
        return self._with(outcome, restored(draft, outcome.redaction))

    def _kept(self, draft: Draft, writers: Writers, check: Check) -> Draft:
        """Return a model's draft if it stands up to the rubric; else approved text."""
        if not draft.is_by_model:
            return draft
        return writers.kept(draft, check, lambda said: redact(said, self._redactor).text)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def _context(self, outcome: Outcome) -> str:
        """Return the customer's words before this one, redacted, if the message is short."""
        message = outcome.message
        ours = brand_said(message, self._pack.policy)
        before = [entry.text for entry in message.thread if entry.text not in ours]
        if not before or len(outcome.redaction.text) > FOLLOW_UP_CHARACTERS:
            return ""
        return redact(before[-1], self._redactor).text

    def _request(self, outcome: Outcome, now: datetime) -> DraftRequest:
        return DraftRequest(
            message=outcome.message,
            text=outcome.redaction.text,
            triage=outcome.triage,
            retrieval=outcome.retrieval,
            limits=self._limits(outcome.message.channel),
            day=self._day(now),
        )

    def _freely(self, outcome: Outcome, now: datetime) -> DraftRequest:
        """Return the request as a model may see it: with the earlier messages, redacted."""
        thread = redact_thread(outcome.message.thread, self._redactor)
        return self._request(outcome, now).model_copy(update={"thread": thread})

    def _sound(self, outcome: Outcome, now: datetime, check: Check) -> Outcome:
        """Return the outcome without a model's text that does not stand up to the rubric."""
        if self._drafter is None or not outcome.draft.is_by_model:
            return outcome
        writers = Writers(self._drafter, self._composer, partial(self._freely, outcome, now))
        return self._with(outcome, self._kept(outcome.draft, writers, check))

    def _with(self, outcome: Outcome, draft: Draft) -> Outcome:
        """Return the outcome with a draft that a model was asked for, and with its advice."""
        triage = advised(outcome.triage, draft, self._desk.owner_of(Category.UNKNOWN_QUESTION))
        return outcome.model_copy(update={"draft": draft, "triage": triage})

    def _report(self, outcome: Outcome, text: str | None, surface: Surface) -> CheckReport:
        if text is None:
            return CheckReport()
        subject = self._subject(outcome, text, surface)
        return self._rubric.check(subject, self._limits(outcome.message.channel))

    def _subject(self, outcome: Outcome, text: str, surface: Surface) -> CheckSubject:
        message = outcome.message
        is_review = surface is Surface.PUBLIC and message.surface is Surface.REVIEW
        return CheckSubject(
            reply=text,
            message=message.text,
            surface=Surface.REVIEW if is_review else surface,
            channel=message.channel,
            lang=outcome.triage.language,
            thread=message.thread,
            passages=citable(outcome, surface),
            triage=outcome.triage,
            author=message.author,
            statement_id=outcome.draft.statement_id,
            now=self._clock.now(),
        )

    def _compositions(self, outcome: Outcome, now: datetime) -> Iterator[Draft]:
        """Yield the draft, then barer ones of approved text, each different."""
        yield outcome.draft
        if not (outcome.draft.public or outcome.draft.private):
            return
        request = self._request(outcome, now)
        seen = {(outcome.draft.public, outcome.draft.private)}
        for style in Style:
            draft = self._composer.draft(request, style)
            if (draft.public, draft.private) not in seen:
                seen.add((draft.public, draft.private))
                yield draft

    def _checker(self, outcome: Outcome) -> Check:
        """Return the rubric on this message; a text seen before is not read again."""

        def report(draft: Draft, text: str | None, surface: Surface) -> CheckReport:
            return self._report(outcome.model_copy(update={"draft": draft}), text, surface)

        return remembering(report)

    def _soundness(self, outcome: Outcome) -> IsSound:
        """Return whether the rubric lets a draft of this message pass, texts seen before known."""
        limits = self._limits(outcome.message.channel)
        subjects: dict[tuple[object, ...], CheckSubject] = {}

        def passes(draft: Draft, text: str | None, surface: Surface) -> bool:
            if text is None:
                return True
            about = (surface, draft.statement_id, draft.citations)
            if about not in subjects:
                tried = outcome.model_copy(update={"draft": draft})
                subjects[about] = self._subject(tried, text, surface)
            subject = subjects[about].model_copy(update={"reply": text})
            return not self._rubric.blocks(subject, limits)

        both = remembering(passes)
        return lambda draft: all(both(draft))
