"""Fills the tables of revision 0010 from a database that was in use before it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store.archive import SqlArchive, words_of
from agent.adapters.store.columns import LAST, UtcDateTime
from agent.adapters.store.facts import GAPS, decision_facts, item_facts, seconds_between
from agent.adapters.store.handoffs import handoffs

_CHUNK = 500
_RELEASES = ("approve", "edit")
_ITEMS = sa.text(
    "SELECT i.id, i.brand_id, i.channel, i.lang, i.category, i.route, i.round, i.received_at,"
    " i.due_at, i.drafted_at, d.outcome FROM items i JOIN drafts d"
    " ON d.item_id = i.id AND d.revision = i.draft_revision WHERE i.id > :after"
    " ORDER BY i.id LIMIT :chunk"
).columns(received_at=UtcDateTime, due_at=UtcDateTime, drafted_at=UtcDateTime)
_DECISIONS = (
    sa.text(
        "SELECT id, item_id, round, kind, by_id, by_name, at, public_text, private_text, reason,"
        " team, edit_ratio, detail FROM decisions WHERE item_id IN :ids ORDER BY at, id"
    )
    .bindparams(sa.bindparam("ids", expanding=True))
    .columns(at=UtcDateTime)
)
_POSTED = (
    sa.text(
        "SELECT item_id, MIN(posted_at) AS posted_at FROM posts"
        " WHERE status = 'sent' AND item_id IN :ids GROUP BY item_id"
    )
    .bindparams(sa.bindparam("ids", expanding=True))
    .columns(posted_at=UtcDateTime)
)


def fill_read_models(connection: sa.Connection) -> None:
    """Count, list and index every item that is here; nothing to do in a new database."""
    archived: list[dict[str, Any]] = []
    for chunk in _chunks(connection):
        ids = [row.id for row in chunk]
        made: dict[str, list[sa.Row[Any]]] = {}
        for decision in connection.execute(_DECISIONS, {"ids": ids}):
            made.setdefault(decision.item_id, []).append(decision)
        posted = {row.item_id: row.posted_at for row in connection.execute(_POSTED, {"ids": ids})}
        for item in chunk:
            archived += _fill(connection, item, made.get(item.id, []), posted.get(item.id))
    archive = SqlArchive(connection)
    for row in sorted(archived, key=lambda row: (row["decided_at"], row["item_id"])):
        archive.add(row)


def _chunks(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    after = ""
    while True:
        chunk = connection.execute(_ITEMS, {"after": after, "chunk": _CHUNK}).all()
        if not chunk:
            return
        yield chunk
        after = chunk[-1].id


def _fill(
    connection: sa.Connection,
    item: sa.Row[Any],
    made: list[sa.Row[Any]],
    posted_at: datetime | None,
) -> list[dict[str, Any]]:
    outcome = json.loads(item.outcome)
    connection.execute(sa.insert(item_facts), [_item(item, outcome, made, posted_at)])
    if not made:
        return []
    connection.execute(sa.insert(decision_facts), [_decision(item, one) for one in made])
    passed_on = [_handoff(item, outcome, one) for one in made if _is_passed_on(item, one)]
    if passed_on:
        connection.execute(sa.insert(handoffs), passed_on)
    return [_archived(item, outcome, made[-1])]


def _item(
    item: sa.Row[Any],
    outcome: dict[str, Any],
    made: list[sa.Row[Any]],
    posted_at: datetime | None,
) -> dict[str, Any]:
    draft = outcome["draft"]
    noted = {note["kind"] for note in draft.get("notes", ())}
    cited = [one["passage_id"] for one in draft.get("citations", ())]
    first = made[0] if made else None
    return {
        "item_id": item.id,
        **_place(item),
        "sentiment": outcome["triage"]["sentiment"],
        "gap": next((kind.value for kind in GAPS if kind.value in noted), None),
        "entry": cited[0].partition("@")[0] if cited else None,
        "received_at": item.received_at,
        "due_at": item.due_at,
        "drafted_at": item.drafted_at,
        "draft_seconds": seconds_between(item.received_at, item.drafted_at),
        "decided_at": first.at if first else None,
        "decide_seconds": seconds_between(item.received_at, first.at) if first else None,
        "is_released": first.kind in _RELEASES if first else None,
        "answered_at": posted_at,
        "answer_seconds": seconds_between(item.received_at, posted_at) if posted_at else None,
    }


def _place(item: sa.Row[Any]) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("brand_id", "channel", "lang", "category")}


def _decision(item: sa.Row[Any], made: sa.Row[Any]) -> dict[str, Any]:
    detail = json.loads(made.detail)
    is_release = made.kind in _RELEASES
    return {
        "id": made.id,
        "item_id": item.id,
        **_place(item),
        "kind": made.kind,
        "by_id": made.by_id,
        "reason": made.reason,
        "moderation": detail.get("moderation"),
        "at": made.at,
        "edit_permille": round(made.edit_ratio * 1000) if is_release else None,
        "is_overridden": bool(str(detail.get("override_reason", "")).strip()),
        "seconds_on_item": None,
    }


def _is_passed_on(item: sa.Row[Any], made: sa.Row[Any]) -> bool:
    return made.team is not None and made.round == item.round


def _handoff(item: sa.Row[Any], outcome: dict[str, Any], made: sa.Row[Any]) -> dict[str, Any]:
    due_at = _time(outcome["triage"].get("due_at"))
    return {
        "id": made.id,
        "item_id": item.id,
        "brand_id": item.brand_id,
        "channel": item.channel,
        "team": made.team,
        "status": "open",
        "note": "",
        "round": made.round,
        "version": 1,
        "can_return": made.kind == "escalate",
        "opened_at": made.at,
        "due_at": due_at,
        "due_rank": due_at or LAST,
    }


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _archived(item: sa.Row[Any], outcome: dict[str, Any], made: sa.Row[Any]) -> dict[str, Any]:
    return {
        "item_id": item.id,
        "brand_id": item.brand_id,
        "channel": item.channel,
        "kind": made.kind,
        "by_id": made.by_id,
        "by_name": made.by_name,
        "decided_at": made.at,
        "words": words_of(outcome["redaction"], (made.public_text, made.private_text)),
    }
