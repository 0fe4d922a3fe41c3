"""A desk without a screen: every service on one store, with fakes for the world around it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from agent.domain.drafts import text_sha256
from agent.domain.ids import BrandId, ItemId, MessageId, PersonId
from agent.domain.messages import InboundMessage
from agent.domain.reviews import Decide, Decision, DecisionKind, RejectionReason, Reviewer
from agent.ports import PipelineLike, Store
from agent.services.bulk import BulkService
from agent.services.intake import IntakeService
from agent.services.posting import PostingService
from agent.services.review import ReviewService
from agent.services.trail import TrailService
from agent.testing import FrozenClock, RecordingChannel, ScriptedPipeline

BRAND = BrandId("maison")
AWA = Reviewer(id=PersonId("awa"), name="Awa")
BEN = Reviewer(id=PersonId("ben"), name="Ben")


def message(text: str = "Où est mon colis ?", **given: object) -> InboundMessage:
    """Return a message with its own id."""
    return InboundMessage.model_validate({"id": uuid4().hex, "text": text, **given})


@dataclass
class Desk:
    """The services of one brand."""

    store: Store
    clock: FrozenClock = field(default_factory=FrozenClock)
    pipeline: ScriptedPipeline = field(default_factory=ScriptedPipeline)
    channel: RecordingChannel = field(default_factory=RecordingChannel)
    is_role_required: bool = False
    grace_seconds: int = 0
    brand: BrandId = BRAND

    def __post_init__(self) -> None:
        flows: dict[BrandId, PipelineLike] = {self.brand: self.pipeline}
        self.intake = IntakeService(self.store, self.clock, flows)
        self.review = ReviewService(
            self.store,
            self.clock,
            flows,
            is_role_required=self.is_role_required,
            grace_seconds=self.grace_seconds,
        )
        self.bulk = BulkService(self.review, self.clock)
        self.posting = PostingService(self.store, self.clock, {self.channel.name: self.channel})
        self.trail = TrailService(self.store)

    def arrive(self, *messages: InboundMessage) -> list[ItemId]:
        """Take messages in, draft them, and return their items."""
        self.intake.accept(self.brand, messages, via=self.channel.name)
        self.intake.draft_pending()
        return [self.item_of(one.id) for one in messages]

    def one(self, text: str = "Où est mon colis ?", **given: object) -> ItemId:
        """Take one message in, draft it, and return its item."""
        return self.arrive(message(text, **given))[0]

    def item_of(self, message_id: MessageId) -> ItemId:
        """Return the item of a message."""
        with self.store.read() as work:
            item_id = work.items.of_message(message_id)
        assert item_id is not None
        return item_id

    def approve(
        self,
        item_id: ItemId,
        public: str | None = None,
        private: str | None = None,
        by: Reviewer = AWA,
        **given: object,
    ) -> Decision:
        """Approve these texts, or the draft as it is."""
        item = self.review.item(item_id)
        if public is None and private is None:
            public, private = item.outcome.draft.public, item.outcome.draft.private
        command = {
            "item_id": item_id,
            "version": item.version,
            "kind": DecisionKind.APPROVE,
            "by": by,
            "public": public,
            "private": private,
            "shown_sha256": text_sha256(public, private),
        }
        return self.review.decide(Decide.model_validate(command | given))

    def reject(self, item_id: ItemId, by: Reviewer = AWA) -> Decision:
        """Reject the draft of an item."""
        return self.decide(item_id, DecisionKind.REJECT, by, reason=RejectionReason.WRONG_TONE)

    def decide(
        self, item_id: ItemId, kind: DecisionKind, by: Reviewer = AWA, **given: object
    ) -> Decision:
        """Decide on an item as it is now."""
        version = self.review.item(item_id).version
        command = {"item_id": item_id, "version": version, "kind": kind, "by": by}
        return self.review.decide(Decide.model_validate(command | given))

    def at(self) -> datetime:
        """Return the time."""
        return self.clock.now()
