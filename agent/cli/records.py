"""The JSON lines that other programs read (DESIGN section 8); `schemas/` describes them."""

import json
from importlib.resources import files
from typing import Any

from agent.domain.checks import Check, CheckReport
from agent.domain.decisions import Triage
from agent.domain.drafts import ClaimLedger, Draft
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction


def draft_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of `portevoix draft`."""
    text = files("agent.cli").joinpath("schemas/draft.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def draft_record(outcome: Outcome) -> dict[str, Any]:
    """Return one output line of `portevoix draft`."""
    draft = outcome.draft
    return {
        **triage_record(str(outcome.message.id), outcome.triage),
        "redacted_text": outcome.redaction.text,
        "answerable": round(outcome.retrieval.answerable, 4),
        "passages": [
            {"id": hit.passage.id, "score": round(hit.score, 4)} for hit in outcome.retrieval.hits
        ],
        "draft": {
            "public": draft.public,
            "private": draft.private,
            "citations": [c.model_dump() for c in draft.citations],
            "claims": claims_of(outcome.public_report.ledger)
            + claims_of(outcome.private_report.ledger),
        },
        "candidates": [
            {
                "passage_id": c.passage_id,
                "score": round(c.score, 4),
                "public": c.public,
                "private": c.private,
            }
            for c in draft.candidates
        ],
        "checks": checks_of(outcome.public_report) + checks_of(outcome.private_report),
        "note": draft.note,
        "guideline_version": outcome.guideline_version,
        "drafter": draft.drafter,
        **_model_record(draft),
        "elapsed_ms": round(outcome.elapsed_ms, 2),
    }


def _model_record(draft: Draft) -> dict[str, Any]:
    """What a model was asked and took, whether or not its text stands; empty: none was asked."""
    if draft.origin is None:
        return {}
    return {"model": draft.origin.model_dump(mode="json", exclude={"reason", "open_questions"})}


def triage_record(message_id: str, triage: Triage) -> dict[str, Any]:
    """Return one output line of `portevoix triage`."""
    return {
        "id": message_id,
        "language": triage.language.value,
        "category": triage.category.value,
        "categories": sorted(category.value for category in triage.categories()),
        "sentiment": triage.sentiment.value,
        "urgency": triage.urgency.value,
        "toxic": triage.is_toxic,
        "injection": triage.is_injection,
        "wants_human": triage.wants_human,
        "asks_if_bot": triage.asks_if_bot,
        "route": triage.route.value,
        "team": triage.team,
        "reason": triage.reason.value if triage.reason else None,
        "due_at": triage.due_at.isoformat() if triage.due_at else None,
        "evidence": [
            {"category": finding.category.value, "text": span.text, "found_by": span.found_by}
            for finding in triage.findings
            for span in finding.evidence
        ]
        + [
            {"category": None, "text": span.text, "found_by": span.found_by}
            for span in triage.flags
        ],
    }


def checks_of(report: CheckReport) -> list[dict[str, Any]]:
    """Return the checks of a report as JSON values."""
    return [check_record(check) for check in report.checks]


def check_record(check: Check) -> dict[str, Any]:
    """Return one check as JSON values."""
    return {
        "rule": check.rule,
        "verdict": check.verdict.value,
        "severity": check.severity.value,
        "reason": check.reason,
        "surface": check.surface.value,
        "span": None if check.start is None else [check.start, check.end],
        "fix": check.fix.model_dump() if check.fix else None,
    }


def claims_of(ledger: ClaimLedger) -> list[dict[str, Any]]:
    """Return the claim ledger as JSON values."""
    return [
        {
            "sentence": line.sentence,
            "status": line.status.value,
            "passage_id": line.passage_id,
            "reason": line.reason,
        }
        for line in ledger.lines
    ]


def redaction_record(text_id: str, redaction: Redaction) -> dict[str, Any]:
    """Return one output line of `portevoix redact`."""
    return {
        "id": text_id,
        "text": redaction.text,
        "spans": [
            {"type": s.type, "start": s.start, "end": s.end, "score": round(s.score, 3)}
            for s in redaction.spans
        ],
    }
