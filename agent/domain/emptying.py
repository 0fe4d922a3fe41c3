"""A record without its texts: ids, dates, categories, routes, scores and counts stay."""

from datetime import datetime

from agent.domain.checks import CheckReport
from agent.domain.decisions import Triage
from agent.domain.drafts import Draft
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction
from agent.domain.retention import RetentionClass
from knowledge.passages import Retrieval


def emptied(outcome: Outcome, kind: RetentionClass, at: datetime) -> Outcome:
    """Return `outcome` without the texts of one class, marked as removed at `at`."""
    if kind is RetentionClass.MESSAGE:
        return _without_message(outcome, at)
    if kind is RetentionClass.DRAFT:
        return _without_draft(outcome, at)
    purged = outcome.purged.model_copy(update={"trace_at": at})
    return outcome.model_copy(update={"draft": _untraced(outcome.draft), "purged": purged})


def emptied_message(message: InboundMessage) -> InboundMessage:
    """Return a message without what its author wrote, is called or attached."""
    gone = {"text": "", "author": None, "thread": (), "attachments": (), "parent_url": None}
    return message.model_copy(update=gone)


def _without_message(outcome: Outcome, at: datetime) -> Outcome:
    return outcome.model_copy(
        update={
            "message": emptied_message(outcome.message),
            "redaction": Redaction(text=""),
            "triage": _unquoted(outcome.triage),
            "retrieval": _unasked(outcome.retrieval),
            # A model asked about the message may have said it again.
            "draft": _untraced(outcome.draft),
            "purged": outcome.purged.model_copy(update={"message_at": at}),
        }
    )


def _unquoted(triage: Triage) -> Triage:
    findings = tuple(one.model_copy(update={"evidence": ()}) for one in triage.findings)
    return triage.model_copy(update={"findings": findings, "flags": ()})


def _unasked(retrieval: Retrieval) -> Retrieval:
    questions = tuple(
        one.model_copy(update={"text": "", "retrieval": _unasked(one.retrieval)})
        for one in retrieval.questions
    )
    private = _unasked(retrieval.in_private) if retrieval.in_private else None
    return retrieval.model_copy(update={"questions": questions, "in_private": private})


def _without_draft(outcome: Outcome, at: datetime) -> Outcome:
    return outcome.model_copy(
        update={
            "draft": _wordless(outcome.draft),
            "public_report": CheckReport(),
            "private_report": CheckReport(),
            "purged": outcome.purged.model_copy(update={"draft_at": at}),
        }
    )


def _wordless(draft: Draft) -> Draft:
    texts = {"public": None, "private": None}
    candidates = tuple(one.model_copy(update=texts) for one in draft.candidates)
    citations = tuple(one.model_copy(update={"sentence": ""}) for one in draft.citations)
    wish = draft.wish.model_copy(update={"note": ""}) if draft.wish else None
    gone = texts | {"candidates": candidates, "citations": citations, "note": "", "wish": wish}
    return draft.model_copy(update=gone)


def _untraced(draft: Draft) -> Draft:
    if draft.origin is None:
        return draft
    silent = draft.origin.model_copy(update={"reason": "", "open_questions": ()})
    return draft.model_copy(update={"origin": silent})
