"""A clock, a channel and a pipeline that do what a test tells them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.decisions import Category, Route, Triage, Urgency
from agent.domain.drafts import Citation, ClaimLedger, Draft, LedgerLine, LedgerStatus
from agent.domain.errors import CannotReply, ChannelError, NotFound, OutcomeUnknown
from agent.domain.ids import GuidelineVersion
from agent.domain.messages import InboundMessage, Surface
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction
from knowledge.passages import Band, Hit, Language, Passage, Retrieval


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        if by < timedelta(0):
            raise ValueError("time does not run backwards")
        self._now += by


class Fault(StrEnum):
    """What may go wrong with one call of `send`."""

    REFUSED_FOR_NOW = "refused_for_now"
    REFUSED_FOR_GOOD = "refused_for_good"
    TIME_OUT_BEFORE = "time_out_before"
    """The request was lost; nothing was posted."""
    TIME_OUT_AFTER = "time_out_after"
    """The reply was posted, and the answer was lost."""
    CRASH_AFTER = "crash_after"
    """The reply was posted, and the client fell over."""


class RecordingChannel:
    """A network in memory. It does not forgive: a key sent twice is an error of the caller."""

    def __init__(
        self,
        name: str = "recording",
        messages: Iterable[InboundMessage] = (),
        page_size: int = 50,
        network: str = "file",
    ) -> None:
        self._name = name
        self._network = network
        self._page_size = page_size
        self.inbox = list(messages)
        self.faults: list[Fault] = []
        """Applied to the next calls of `send`, one each."""
        self.closed: dict[str, str] = {}
        """Parent's external id -> why no reply is possible there."""
        self.is_down = False
        self.sent: dict[str, Reply] = {}
        """Key -> the reply as posted."""
        self.moderated: list[tuple[str, ModerationAction]] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return ChannelLimits(network=self._network)

    def fetch(self, cursor: str | None) -> FetchPage:
        self._refuse_when_down()
        start = int(cursor or 0)
        end = min(start + self._page_size, len(self.inbox))
        return FetchPage(
            messages=tuple(self.inbox[start:end]),
            cursor=str(end),
            has_more=end < len(self.inbox),
        )

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        self._refuse_when_down()
        reason = self.closed.get(message.external_id or message.id)
        return ReplyPermission(is_allowed=reason is None, reason=reason or "")

    def send(self, reply: Reply, key: str) -> PostReceipt:
        self._refuse_when_down()
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.REFUSED_FOR_NOW:
            raise ChannelError("the network asks to try again later")
        if fault is Fault.REFUSED_FOR_GOOD:
            raise CannotReply
        if fault is Fault.TIME_OUT_BEFORE:
            raise OutcomeUnknown
        if key in self.sent:
            raise AssertionError(f"key {key} was sent twice")
        self.sent[key] = reply
        if fault is Fault.TIME_OUT_AFTER:
            raise OutcomeUnknown
        if fault is Fault.CRASH_AFTER:
            raise RuntimeError("the client fell over")
        return self._receipt(key)

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        self._refuse_when_down()
        reply = self.sent.get(key)
        if reply is None or reply.parent_external_id != parent_external_id:
            return None
        return self._receipt(key)

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        self._refuse_when_down()
        self.moderated.append((message.external_id or message.id, action))

    def _receipt(self, key: str) -> PostReceipt:
        return PostReceipt(remote_id=f"remote-{key}", url=f"https://example.org/{key}")

    def _refuse_when_down(self) -> None:
        if self.is_down:
            raise ChannelError("the network cannot be reached")


FORBIDDEN_WORD = "GARANTI"
"""`ScriptedPipeline.check` fails an auto-fail rule on a text that contains it."""
UNSUPPORTED_WORD = "42 €"
"""`ScriptedPipeline.check` finds a blocking, unsupported sentence in a text that contains it."""


class ScriptedPipeline:
    """A flow that answers every message with the same passage, and can be told to break."""

    def __init__(self, version: str = "a" * 64, passage: Passage | None = None) -> None:
        self._version = GuidelineVersion(version)
        self.passage = passage or Passage(
            id="delais", lang=Language.FR, question="Quels délais ?", answer="Comptez trois jours."
        )
        self.crashes_on: set[str] = set()
        """Ids of messages on which `run` raises."""
        self.is_check_broken = False
        self.runs: list[str] = []
        """Ids of the messages that `run` was given."""
        self.triage: dict[str, Triage] = {}
        """Message id -> what triage says of it, where it is not the default."""
        self.redactions: dict[str, Redaction] = {}
        """Message id -> what redaction makes of it, where it is not the text itself."""

    @property
    def guideline_version(self) -> GuidelineVersion:
        return self._version

    def change_guidelines(self, version: str) -> None:
        """Act as a pipeline built from another pack."""
        self._version = GuidelineVersion(version)

    def run(self, message: InboundMessage) -> Outcome:
        self.runs.append(message.id)
        if message.id in self.crashes_on:
            raise RuntimeError("scripted crash")
        return Outcome(
            message=message,
            redaction=self.redactions.get(message.id, Redaction(text=message.text)),
            triage=self.triage.get(message.id, _ROUTINE),
            retrieval=Retrieval(
                hits=(Hit(passage=self.passage, score=1.0),), answerable=0.9, band=Band.HIGH
            ),
            draft=self._draft(),
            guideline_version=self._version,
        )

    def check(
        self, outcome: Outcome, public: str | None, private: str | None
    ) -> tuple[CheckReport, CheckReport]:
        if self.is_check_broken:
            raise RuntimeError("scripted crash of the checks")
        return self._report(public), self._report(private)

    def recompose(self, outcome: Outcome, passage_id: str) -> Draft:
        if passage_id not in {self.passage.id, self.passage.key}:
            raise NotFound(f"passage {passage_id} was not found for this message")
        return self._draft()

    def _draft(self) -> Draft:
        return Draft(
            public=self.passage.answer,
            citations=(Citation(sentence=self.passage.answer, passage_id=self.passage.id),),
            band=Band.HIGH,
        )

    def _report(self, text: str | None) -> CheckReport:
        if text is None:
            return CheckReport()
        verdict = Verdict.FAIL if FORBIDDEN_WORD in text else Verdict.PASS
        check = Check(rule="X1.forbidden", verdict=verdict, severity=Severity.AUTOFAIL)
        is_unsupported = UNSUPPORTED_WORD in text
        line = LedgerLine(
            sentence=text,
            status=LedgerStatus.UNSUPPORTED if is_unsupported else LedgerStatus.SUPPORTED,
            passage_id=None if is_unsupported else self.passage.id,
            end=len(text),
            is_blocking=is_unsupported,
        )
        return CheckReport(checks=(check,), ledger=ClaimLedger(lines=(line,)))


_ROUTINE = Triage(
    language=Language.FR,
    language_confidence=1.0,
    category=Category.FAQ_QUESTION,
    urgency=Urgency.NORMAL,
    route=Route.REPLY,
)
