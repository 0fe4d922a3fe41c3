"""Keeps a model's draft only if every check passes and every claim is carried; else approved text.

A person may approve what a draft says as it stands, so a model's draft is held to more than the
blocking rules: no major failure, no sentence without a source, nothing that a rule could not judge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from agent.domain.checks import Check as RuleCheck
from agent.domain.checks import CheckReport, Severity, Verdict
from agent.domain.decisions import EscalationReason, Route, Triage
from agent.domain.drafts import Citation, Draft, LedgerStatus, Note, NoteKind, Origin
from agent.domain.errors import ModelError
from agent.domain.ids import TeamId
from agent.domain.models import ModelUsage
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction
from agent.steps.draft.extractive import ExtractiveDrafter
from agent.steps.draft.notes import with_notes
from agent.steps.draft.request import DraftRequest
from agent.steps.draft.settle import Check, Reports

_HELD_TO = frozenset({Severity.AUTOFAIL, Severity.MAJOR})
_STOPS = frozenset({Verdict.FAIL, Verdict.ABSTAIN})


class FreeDrafter(Protocol):
    """A drafter that writes in its own words and may try once more."""

    def asked(self, usage: ModelUsage) -> Origin:
        """Return the record of calls that gave no draft: what was asked and what it took."""
        ...

    def draft(self, request: DraftRequest) -> Draft:
        """Return a draft of this message.

        Raises:
            ModelError: none could be had; approved text stands instead.
        """
        ...

    def repair(self, request: DraftRequest, draft: Draft, problems: Sequence[str]) -> Draft:
        """Return a second try at `draft`, told what was wrong.

        Raises:
            ModelError: none could be had; approved text stands instead.
        """
        ...


def faults_of(reports: Reports) -> tuple[str, ...]:
    """Return what keeps a model's draft from being shown, one line each: rule id and reason."""
    return tuple(dict.fromkeys(line for report in reports for line in _faults(report)))


def _faults(report: CheckReport) -> list[str]:
    found = [f"{check.rule}: {check.reason}" for check in report.checks if _is_fault(check)]
    found += [
        f"X3.groundedness: no passage carries « {line.sentence} ». {line.reason}".strip()
        for line in report.ledger.lines
        if line.status is LedgerStatus.UNSUPPORTED
    ]
    return found


def _is_fault(check: RuleCheck) -> bool:
    is_failed = check.severity in _HELD_TO and check.verdict is Verdict.FAIL
    return is_failed or (check.severity is Severity.AUTOFAIL and check.verdict in _STOPS)


@dataclass(frozen=True)
class Writers:
    """One message's two writers: a model, and approved text where the model's does not stand."""

    model: FreeDrafter
    approved: ExtractiveDrafter
    ask: Callable[[], DraftRequest]
    """Makes the request as a model may see it; made once, when it is needed."""

    @cached_property
    def request(self) -> DraftRequest:
        return self.ask()

    def written(self) -> Draft:
        """Return the model's draft with the next best entries; without one, approved text."""
        try:
            draft = self.model.draft(self.request)
        except ModelError as error:
            return self._instead(error.cause, self._paid(error))
        return self.approved.with_candidates(self.request, draft)

    def kept(self, draft: Draft, check: Check, masked: Callable[[str], str]) -> Draft:
        """Return `draft` if it is sound, its one repair if that is, else approved text.

        `masked` hides personal data: a rule's reason may quote the customer's own words.
        """
        reports = check(draft)
        faults = faults_of(reports)
        if faults and _may_repair(draft):
            try:
                tried = self.model.repair(self.request, draft, [masked(fault) for fault in faults])
            except ModelError as error:
                return self._instead(error.cause, self._paid(error) or draft.origin)
            draft = tried.model_copy(update={"candidates": draft.candidates})
            reports = check(draft)
            faults = faults_of(reports)
        if not faults:
            return _with_ledgers_citations(draft, reports)
        rules = dict.fromkeys(_rule_of(fault) for fault in faults)
        return self._instead(", ".join(rules), draft.origin)

    def _paid(self, error: ModelError) -> Origin | None:
        """Return what a call that gave nothing took, if it was answered at all."""
        return self.model.asked(error.usage) if error.usage else None

    def _instead(self, cause: str, origin: Origin | None) -> Draft:
        """Return the approved text with the reason why no model's text stands there."""
        approved = self.approved.draft(self.request)
        noted = with_notes(approved, Note(kind=NoteKind.MODEL_UNUSED, about=cause))
        return noted.model_copy(update={"origin": origin})


def _may_repair(draft: Draft) -> bool:
    return draft.origin is not None and not draft.origin.is_repaired


def _rule_of(fault: str) -> str:
    """Name the rule only: the reason may quote the text that was refused."""
    return fault.partition(":")[0]


def _with_ledgers_citations(draft: Draft, reports: Reports) -> Draft:
    """Replace the model's citations by those that were verified, sentence by sentence."""
    verified = tuple(
        Citation(sentence=line.sentence, passage_id=line.passage_id)
        for report in reports
        for line in report.ledger.lines
        if line.status is LedgerStatus.SUPPORTED and line.passage_id
    )
    return draft.model_copy(update={"citations": verified})


def restored(draft: Draft, redaction: Redaction) -> Draft:
    """Return `draft` with the customer's own data put back in the private text, and there only."""
    if not draft.is_by_model or draft.private is None:
        return draft
    cited = tuple(
        one.model_copy(update={"sentence": redaction.restore(one.sentence)})
        for one in draft.citations
    )
    private = redaction.restore(draft.private)
    return draft.model_copy(update={"private": private, "citations": cited})


def advised(triage: Triage, draft: Draft, team: TeamId | None) -> Triage:
    """Return `triage` with its route raised to what the model advises; it is never lowered.

    `team` takes over what nobody has yet.
    """
    origin = draft.origin
    if origin is None:
        return triage
    wanted = origin.route or Route.REPLY
    if origin.open_questions and wanted is Route.REPLY:
        wanted = Route.REPLY_AND_ESCALATE
    ladder = (Route.REPLY, Route.REPLY_AND_ESCALATE, Route.ESCALATE)
    if triage.route not in ladder or ladder.index(wanted) <= ladder.index(triage.route):
        return triage
    reason = triage.reason or EscalationReason.MODEL_ADVICE
    owner = triage.team or team
    return triage.model_copy(update={"route": wanted, "reason": reason, "team": owner})


def told(draft: Draft, outcome: Outcome) -> Draft:
    """Return `draft` with a note for what should have read or searched and did not."""
    notes = []
    if silence := outcome.triage.model_failure:
        notes.append(Note(kind=NoteKind.MODEL_SILENT, about=silence))
    if outcome.retrieval.lacks_vectors:
        notes.append(Note(kind=NoteKind.WORDS_ALONE))
    return with_notes(draft, *notes) if notes else draft
