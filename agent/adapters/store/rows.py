"""Rows of the review tables as domain values, and back."""

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store.columns import LAST
from agent.adapters.store.counters import Place
from agent.adapters.store.details import DETAIL
from agent.adapters.store.tables import items
from agent.domain.channels import PostStatus
from agent.domain.decisions import Urgency
from agent.domain.ids import ItemId, MessageId
from agent.domain.messages import Surface
from agent.domain.outcome import Outcome
from agent.domain.records import DecisionRecord, ItemState, PostRecord, StoredMessage
from agent.domain.reviews import Decision, Lease, QueueRow, Reviewer, ReviewStatus
from knowledge.text.normalise import match_key

Row = sa.Row[Any]

STATE_COLUMNS = tuple(
    items.c[name]
    for name in (
        "id",
        "message_id",
        "brand_id",
        "version",
        "round",
        "status",
        "draft_revision",
        "channel_instance",
        "channel",
        "category",
        "urgency",
        "guideline_version",
        "lease_id",
        "lease_name",
        "lease_until",
        "assignee_id",
        "assignee_name",
        "snoozed_until",
        "stale_because",
        "approvers_needed",
        "first_approver_id",
        "first_approver_name",
    )
)
_NAMES_OF_PEOPLE = {
    "claimed_by": "lease_name",
    "assignee": "assignee_name",
    "first_approver": "first_approver_name",
}
ROW_COLUMNS = (
    *(items.c[name] for name in QueueRow.model_fields if name not in _NAMES_OF_PEOPLE),
    *(items.c[column].label(name) for name, column in _NAMES_OF_PEOPLE.items()),
    items.c.due_rank,
    items.c.urgency_rank,
)

_URGENT_FIRST = tuple(reversed(Urgency))
_EXCERPT_LENGTH = 160
_AUTHOR_LENGTH = 200
"""Characters of a name: it is looked up, and an index takes no key of any length."""


def item_id_for(message_id: MessageId) -> ItemId:
    """Return the id of a message's item: the same on every run, so that a repeat is found."""
    return ItemId("i-" + hashlib.sha256(message_id.encode("utf-8")).hexdigest()[:20])


def new_item(stored: StoredMessage, outcome: Outcome, at: datetime) -> dict[str, Any]:
    """Return the row of a new item."""
    return drafted(stored, outcome, at) | {
        "id": item_id_for(stored.message.id),
        "message_id": stored.message.id,
        "brand_id": stored.brand_id,
        "version": 1,
        "round": 1,
        "draft_revision": 1,
        "channel_instance": stored.channel_instance,
        "received_at": stored.message.created_at or stored.received_at,
    }


def drafted(stored: StoredMessage, outcome: Outcome, at: datetime) -> dict[str, Any]:
    """Return the columns that a drafting sets."""
    triage = outcome.triage
    author = _printable(stored.message.author or "")[:_AUTHOR_LENGTH].strip() or None
    text = _printable(outcome.redaction.text)
    return {
        "status": ReviewStatus.PENDING.value,
        "channel": stored.message.channel,
        "surface": stored.message.surface.value,
        "author": author,
        "excerpt": text[:_EXCERPT_LENGTH],
        "searchable": match_key(f"{author or ''} {text}"),
        "category": triage.category.value,
        "route": triage.route.value,
        "urgency": triage.urgency.value,
        "urgency_rank": _URGENT_FIRST.index(triage.urgency),
        "lang": triage.language.value,
        "team": triage.team,
        "is_toxic": triage.is_toxic,
        "due_at": triage.next_deadline,
        "due_rank": triage.next_deadline or LAST,
        "drafted_at": at,
        "guideline_version": outcome.guideline_version,
        "stale_because": "",
        "updated_at": at,
        "approvers_needed": 2 if triage.needs_second_approver else 1,
        "first_approver_id": None,
        "first_approver_name": None,
    }


def _printable(text: str) -> str:
    # PostgreSQL refuses NUL in text; no control character belongs in one line of a list.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def place_of(row: Row) -> Place:
    """Return where an item counts."""
    return (row.brand_id, row.status, row.urgency, row.category, row.channel)


def place_of_state(state: ItemState) -> Place:
    """Return where an item counts."""
    return (
        state.brand_id,
        state.status.value,
        state.urgency.value,
        state.category.value,
        state.channel,
    )


def item_state(row: Row) -> ItemState:
    """Return the state columns of an item."""
    values = {name: getattr(row, name) for name in ItemState.model_fields if hasattr(row, name)}
    return ItemState.model_validate(
        values
        | {
            "lease": lease_of(row),
            "assignee": _reviewer(row.assignee_id, row.assignee_name),
            "first_approver": _reviewer(row.first_approver_id, row.first_approver_name),
        }
    )


def lease_of(row: Row) -> Lease | None:
    """Return the claim on an item, expired or not."""
    by = _reviewer(row.lease_id, row.lease_name)
    return Lease(by=by, until=row.lease_until) if by else None


def _reviewer(person_id: str | None, name: str | None) -> Reviewer | None:
    return Reviewer.model_validate({"id": person_id, "name": name}) if person_id else None


def state_values(state: ItemState) -> dict[str, Any]:
    """Return the columns that may change between two states."""
    lease, assignee, first = state.lease, state.assignee, state.first_approver
    return {
        "version": state.version,
        "round": state.round,
        "status": state.status.value,
        "lease_id": lease.by.id if lease else None,
        "lease_name": lease.by.name if lease else None,
        "lease_until": lease.until if lease else None,
        "assignee_id": assignee.id if assignee else None,
        "assignee_name": assignee.name if assignee else None,
        "snoozed_until": state.snoozed_until,
        "stale_because": state.stale_because,
        "first_approver_id": first.id if first else None,
        "first_approver_name": first.name if first else None,
    }


def queue_row(row: Row) -> QueueRow:
    """Return one line of the queue."""
    return QueueRow.model_validate({name: getattr(row, name) for name in QueueRow.model_fields})


def decision_row(record: DecisionRecord) -> dict[str, Any]:
    """Return the row of a decision."""
    decision = record.decision
    detail = decision.model_dump(mode="json", include=set(DETAIL))
    return {
        "id": decision.id,
        "item_id": decision.item_id,
        "round": record.round,
        "draft_revision": record.draft_revision,
        "kind": decision.kind.value,
        "by_id": decision.by.id,
        "by_name": decision.by.name,
        "at": decision.at,
        "public_text": decision.public,
        "private_text": decision.private,
        "text_sha256": decision.text_sha256,
        "message_sha256": record.message_sha256,
        "reason": decision.reason.value if decision.reason else None,
        "team": decision.team,
        "edit_ratio": decision.edit_ratio,
        "guideline_version": decision.guideline_version,
        "detail": json.dumps(detail, ensure_ascii=False),
    }


def decision_record(row: Row) -> DecisionRecord:
    """Return a stored decision."""
    decision = Decision.model_validate(
        {
            "id": row.id,
            "item_id": row.item_id,
            "kind": row.kind,
            "by": {"id": row.by_id, "name": row.by_name},
            "at": row.at,
            "public": row.public_text,
            "private": row.private_text,
            "text_sha256": row.text_sha256,
            "reason": row.reason,
            "team": row.team,
            "edit_ratio": row.edit_ratio,
            "guideline_version": row.guideline_version,
            "purged_at": row.purged_at,
        }
        | json.loads(row.detail)
    )
    return DecisionRecord(
        decision=decision,
        round=row.round,
        draft_revision=row.draft_revision,
        message_sha256=row.message_sha256,
    )


def post_row(post: PostRecord) -> dict[str, Any]:
    """Return the row of a new post."""
    values = post.model_dump(exclude={"key"})
    return values | {"attempt_key": post.key, "created_at": post.updated_at}


def post_values(post: PostRecord) -> dict[str, Any]:
    """Return the columns of a post that may change."""
    fixed = {"id", "outbox_id", "item_id", "surface", "channel_instance", "key"}
    return post.model_dump(exclude=fixed)


def post_record(row: Row) -> PostRecord:
    """Return a stored post."""
    names = [name for name in PostRecord.model_fields if name != "key"]
    values = {name: getattr(row, name) for name in names}
    return PostRecord.model_validate(
        values
        | {
            "key": row.attempt_key,
            "surface": Surface(row.surface),
            "status": PostStatus(row.status),
        }
    )
