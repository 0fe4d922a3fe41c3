"""What other people and customers do meanwhile, in the desk's tests."""

from typing import TYPE_CHECKING

from agent.domain.drafts import text_sha256
from agent.domain.ids import ItemId
from agent.domain.reviews import Decide, DecisionKind, Reviewer
from tests.ui.seeds import BRAND, Seed, message

if TYPE_CHECKING:
    from tests.ui.conftest import Space


def approve_as(space: "Space", item_id: ItemId, by: Reviewer, public: str | None = None) -> None:
    """Approve an item's draft, or another public text, as somebody else."""
    item = space.review.item(item_id)
    draft = item.outcome.draft
    draft = draft.model_copy(update={"public": public}) if public else draft
    space.review.decide(
        Decide(
            item_id=item_id,
            version=item.version,
            kind=DecisionKind.APPROVE,
            by=by,
            public=draft.public,
            private=draft.private,
            shown_sha256=text_sha256(draft.public, draft.private),
        )
    )


def edit_message(space: "Space", seed: Seed, text: str) -> None:
    """Let the customer change their message."""
    changed = message(seed).model_copy(update={"text": text})
    space.intake.accept(BRAND, [changed], via=space.channel.name)
