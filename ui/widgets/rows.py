"""The rows of the queue as data for its component: words already chosen, tones named."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agent.domain.decisions import Route
from agent.domain.redaction import PersonalDataType
from agent.domain.reviews import QueueRow, ReviewStatus
from ui.locales import Words
from ui.widgets.badges import ROUTE_TONE, STATUS_TONE, URGENCY_TONE, deadline
from ui.widgets.removed import removed_words


def list_data(
    rows: Iterable[QueueRow],
    selected: str | None,
    now: datetime,
    words: Words,
    *,
    brands: int,
    me: str = "",
) -> dict[str, Any]:
    """Return what the list component draws; a claim of `me` needs no telling."""
    return {
        "label": words("queue.label"),
        "selected": selected or "",
        "personal": personal_words(words),
        "rows": [row_data(row, now, words, brands=brands, me=me) for row in rows],
    }


def personal_words(words: Words) -> dict[str, str]:
    """Return how each kind of personal data is called where it is masked."""
    return {kind.value: words(f"personal.{kind.value}") for kind in PersonalDataType}


def row_data(
    row: QueueRow, now: datetime, words: Words, *, brands: int = 1, me: str = ""
) -> dict[str, Any]:
    """Return one row."""
    left, tone = deadline(row.due_at, now, words)
    return {
        "id": row.id,
        "who": words(f"category.{row.category.value}"),
        "tone": URGENCY_TONE[row.urgency],
        "due": left if row.status.is_open else words.relative(row.received_at, now),
        "due_tone": tone or "quiet",
        "excerpt": row.excerpt or removed_words(row.purged_at, words),
        "is_hidden": row.is_toxic,
        "badges": _badges(row, words, brands=brands, me=me),
    }


def _badges(row: QueueRow, words: Words, *, brands: int, me: str) -> list[tuple[str, str]]:
    network = words.get(f"channel.{row.channel}", row.channel)
    badges = [(f"{network} · {words(f'surface.{row.surface.value}')}", "quiet")]
    if row.first_approver:
        badges.append((words("queue.second_awaited", name=row.first_approver), "warn"))
    if row.route is not Route.REPLY:
        badges.append((words(f"route.{row.route.value}"), ROUTE_TONE[row.route]))
    if row.status not in {ReviewStatus.PENDING, ReviewStatus.CLAIMED}:
        badges.append((words(f"status.{row.status.value}"), STATUS_TONE.get(row.status, "plain")))
    if brands > 1:
        badges.append((row.brand_id, "plain"))
    if row.assignee:
        badges.append((words("queue.assigned", name=row.assignee), "plain"))
    if row.claimed_by and row.claimed_by != me:
        badges.append((words("queue.claimed", name=row.claimed_by), "accent"))
    return badges
