"""The trail: all that must be explained about a reply a year later, and the proof it is whole."""

import json
from collections.abc import Iterator
from typing import Any

from agent.domain.base import sha256_of
from agent.domain.ids import BrandId, ItemId
from agent.domain.outcome import Outcome
from agent.domain.records import DecisionRecord, DraftRecord, PostRecord, StoredMessage
from agent.domain.reports import AuditHead, AuditVerdict
from agent.domain.reviews import GENESIS
from agent.ports import Store, UnitOfWork
from agent.services.differences import differences

_PAGE = 100


class TrailService:
    """Reads only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def trail(self, item_id: ItemId, with_values: bool = False) -> dict[str, Any]:
        """Return the complete trail of one reply, as plain JSON values.

        `with_values` False: the message is shown redacted, and no personal data found in it is
        in the trail. True: the original message and the redacted values are there as well.

        Raises:
            NotFound: there is no such item.
        """
        with self._store.read() as work:
            return _trail(work, item_id, with_values=with_values)

    def export(self, brand_id: BrandId | None = None, with_values: bool = False) -> Iterator[str]:
        """Yield one JSON line an item, in order of id; see `trail`."""
        after: ItemId | None = None
        while True:
            with self._store.read() as work:
                page = work.queue.ids(brand_id, after, _PAGE)
                trails = [_trail(work, item_id, with_values=with_values) for item_id in page]
            for trail in trails:
                yield json.dumps(trail, ensure_ascii=False)
            if len(page) < _PAGE:
                return
            after = page[-1]

    def audit_head(self) -> AuditHead:
        """Return the last link of the chain: keep it where this database cannot reach."""
        with self._store.read() as work:
            return work.audit.head()

    def verify_audit(self, known: AuditHead | None = None) -> AuditVerdict:
        """Walk the whole chain; `known` is a head kept outside, which must still be in it."""
        with self._store.read() as work:
            return walk_chain(work, known)


def walk_chain(work: UnitOfWork, known: AuditHead | None = None) -> AuditVerdict:
    """Walk the whole chain within the caller's transaction; see `TrailService.verify_audit`."""
    head, count = AuditHead(seq=0, hash=GENESIS), 0
    is_known_found = known is None or known == head
    for entry in work.audit.entries():
        follows = entry.seq == head.seq + 1 and entry.previous_hash == head.hash
        if not follows or entry.hash != entry.seal():
            problem = f"entry {entry.seq} was changed, or one before it is missing"
            return AuditVerdict(is_intact=False, entries=count, head=head, problem=problem)
        head, count = AuditHead(seq=entry.seq, hash=entry.hash), count + 1
        is_known_found = is_known_found or head == known
    problem = "" if is_known_found else "the head kept outside is not in the chain any more"
    return AuditVerdict(is_intact=is_known_found, entries=count, head=head, problem=problem)


def _trail(work: UnitOfWork, item_id: ItemId, *, with_values: bool) -> dict[str, Any]:
    state = work.items.state(item_id)
    stored = work.inbox.get(state.message_id)
    drafts = work.items.drafts(item_id)
    by_revision = {draft.revision: draft for draft in drafts}

    def shown(part: Any) -> Any:
        return part if with_values else _masked(part, drafts[-1].outcome)

    return {
        "item_id": item_id,
        "brand_id": state.brand_id,
        "status": state.status.value,
        "round": state.round,
        "message": _message(stored, drafts[-1].outcome, with_values=with_values),
        "drafts": [_draft(draft, with_values=with_values) for draft in drafts],
        "decisions": [
            shown(_decision(record, by_revision[record.draft_revision].outcome))
            for record in work.outbox.decisions(item_id)
        ],
        "first_approvals": [
            shown(_decision(record, by_revision[record.draft_revision].outcome))
            for record in work.approvals.of(item_id)
        ],
        "posts": [shown(_post(post)) for post in work.outbox.posts(item_id)],
        "handoffs": [shown(one.model_dump(mode="json")) for one in work.handoffs.of(item_id)],
        "moderation": [one.model_dump(mode="json") for one in work.moderation.of(item_id)],
        "audit": [entry.model_dump(mode="json") for entry in work.audit.of(item_id)],
    }


def _masked(part: Any, outcome: Outcome) -> Any:
    """Return what was written to a person with their data masked: a reply may say it again."""
    if isinstance(part, dict):
        return {key: _masked(value, outcome) for key, value in part.items()}
    if isinstance(part, list):
        return [_masked(value, outcome) for value in part]
    return outcome.redaction.mask(part) if isinstance(part, str) else part


def _message(stored: StoredMessage, outcome: Outcome, *, with_values: bool) -> dict[str, Any]:
    hidden = {"text", "author", "thread", "attachments"}
    message = stored.message.model_dump(mode="json", exclude=hidden)
    shown = {
        **message,
        "channel_instance": stored.channel_instance,
        "received_at": stored.received_at.isoformat(),
        "content_sha256": stored.content_sha256,
        "redacted_text": outcome.redaction.text,
        "purged_at": stored.purged_at.isoformat() if stored.purged_at else None,
        "attachments": [one.nameless() for one in stored.message.attachments],
    }
    if with_values:
        full = stored.message.model_dump(mode="json", include=hidden)
        return shown | full
    return shown


def _draft(record: DraftRecord, *, with_values: bool) -> dict[str, Any]:
    outcome = record.outcome
    redaction = {"spans": [span.model_dump(mode="json") for span in outcome.redaction.spans]}
    if with_values:
        redaction["values"] = dict(outcome.redaction.values)  # type: ignore[assignment]
    names = {"draft", "public_report", "private_report"}
    said = outcome.model_dump(mode="json", include=names)
    return {
        "revision": record.revision,
        "created_at": record.created_at.isoformat(),
        "guideline_version": outcome.guideline_version,
        "redaction": redaction,
        "triage": outcome.triage.model_dump(mode="json"),
        "passages": _passages(outcome),
        "answerable": outcome.retrieval.answerable,
        **(said if with_values else _masked(said, outcome)),
        "purged": outcome.purged.model_dump(mode="json"),
        "failures": [failure.model_dump(mode="json") for failure in outcome.failures],
    }


def _passages(outcome: Outcome) -> list[dict[str, Any]]:
    cited = {citation.passage_id for citation in outcome.draft.citations}
    return [
        {
            "key": hit.passage.key,
            "score": hit.score,
            "is_cited": bool({hit.passage.id, hit.passage.key} & cited),
            "question": hit.passage.question,
            "answer": hit.passage.answer,
            "source": hit.passage.source,
            "sha256": sha256_of(hit.passage.model_dump(mode="json")),
        }
        for hit in outcome.retrieval.hits
    ]


def _decision(record: DecisionRecord, outcome: Outcome) -> dict[str, Any]:
    decision, draft = record.decision, outcome.draft
    return {
        **decision.model_dump(mode="json"),
        "round": record.round,
        "draft_revision": record.draft_revision,
        "message_sha256": record.message_sha256,
        "changes": {
            "public": differences(draft.public or "", decision.public or ""),
            "private": differences(draft.private or "", decision.private or ""),
        },
    }


def _post(post: PostRecord) -> dict[str, Any]:
    return post.model_dump(mode="json", exclude={"lease_until", "not_before"})
