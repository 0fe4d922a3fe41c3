"""What the flow needs from the world, as Protocols. Adapters and `agent.testing` implement them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from agent.domain.brand import BrandPack
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.messages import InboundMessage, Surface
from agent.domain.models import ModelAnswer, ModelRequest, ModelRole, ModelUsage, Spent
from agent.domain.redaction import Redaction
from knowledge.passages import Passage, Retrieval, RetrievalFilter


class Clock(Protocol):
    """Time as an input."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...


class Redactor(Protocol):
    """Finds personal data and masks every occurrence of it."""

    def redact(self, text: str) -> Redaction:
        """Return the redacted text and its spans.

        Raises:
            StepFailed: the text could not be searched; nothing of it may go further.
        """
        ...


class Retriever(Protocol):
    """Finds the passages that answer a question."""

    def search(self, query: str, where: RetrievalFilter, top: int = 10) -> Retrieval:
        """Return at most `top` hits, best first, with the calibrated answerability."""
        ...

    def passages(self) -> Sequence[Passage]:
        """Return every passage known, in the order of the FAQ."""
        ...


class ChatModel(Protocol):
    """A chat model that answers in JSON."""

    @property
    def name(self) -> str:
        """The model's id, as stored with a draft."""
        ...

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """Return an answer that is valid against the request's schema.

        Raises:
            ModelUnavailable: no answer within the retries, the time or the budget.
            ModelRefused: the model declined to answer.
            ModelAnswerInvalid: what came back is not JSON of the schema.
        """
        ...


class UsageBook(Protocol):
    """Where it is written down what was spent on models."""

    def spent(self, brand: str, day: date) -> Spent:
        """Return what `brand` spent on `day` (UTC), over all roles."""
        ...

    def add(self, brand: str, day: date, role: ModelRole, model: str, usage: ModelUsage) -> None:
        """Add one call."""
        ...


class Channel(Protocol):
    """A network. `send` is called once a post; an unknown outcome is looked up, never repeated."""

    @property
    def name(self) -> str:
        """The instance's name in this workspace: unique, part of every message id."""
        ...

    @property
    def limits(self) -> ChannelLimits:
        """What the network allows."""
        ...

    def fetch(self, cursor: str | None) -> FetchPage:
        """Return messages after `cursor` (None: from the start) and the cursor after them.

        Raises:
            ChannelError: the network cannot be read now.
        """
        ...

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Re-read the parent: say whether a reply there is allowed now.

        Raises:
            ChannelError: the network cannot be read now.
        """
        ...

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Post `reply`; `key` is unique to this post and kept by the network where it can.

        Raises:
            OutcomeUnknown: the request may or may not have been carried out.
            CannotReply: the network refused for good; nothing was posted.
            ChannelError: the network refused for now; nothing was posted.
        """
        ...

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Return our post with that key under that parent, or None if it is not there.

        Raises:
            ChannelError: the network cannot be read now, or cannot tell.
        """
        ...

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Carry out a person's moderation decision.

        Raises:
            ChannelError: not supported or refused; a person does it by hand.
        """
        ...


@runtime_checkable
class FindsByText(Protocol):
    """A network that keeps no key of ours: a post is known again by its text."""

    def find_reply(self, reply: Reply, key: str) -> PostReceipt | None:
        """As `Channel.find_sent`, with the reply as it was sent.

        Raises:
            ChannelError: the network cannot be read now.
        """
        ...


class BrandSource(Protocol):
    """Where brand packs come from."""

    def load(self) -> BrandPack:
        """Return the pack.

        Raises:
            BrandPackError: naming file, line or id, and the mend.
        """
        ...


class RetrieverFactory(Protocol):
    """Builds a retriever over passages."""

    def __call__(self, passages: Iterable[Passage]) -> Retriever:
        """Return a retriever over exactly these passages."""
        ...
