"""What the services note in the journal, where more than a line is to be said."""

import logging

from agent.domain.outcome import Outcome
from agent.domain.records import ItemState, PostRecord
from agent.ports.journal import Happened, note


def drafted(state: ItemState, outcome: Outcome) -> None:
    """Note a draft: how long it took, and which rules it does not pass."""
    failed = (*outcome.public_report.failures, *outcome.private_report.failures)
    level = logging.WARNING if outcome.failures else logging.INFO
    note(
        Happened.MESSAGE_DRAFTED,
        level,
        brand=state.brand_id,
        message=state.message_id,
        item=state.id,
        attempt=state.draft_revision,
        route=outcome.triage.route.value,
        drafter=outcome.draft.drafter,
        rules=tuple(sorted({check.rule for check in failed})),
        steps=tuple(failure.step for failure in outcome.failures),
        outcome="crashed" if outcome.failures else "drafted",
        duration_ms=outcome.elapsed_ms,
    )


def attempted(post: PostRecord, outcome: str, level: int = logging.INFO) -> None:
    """Note what came of one post."""
    note(
        Happened.POST,
        level,
        channel=post.channel_instance,
        item=post.item_id,
        post=post.id,
        attempt=post.attempts,
        outcome=outcome,
    )
