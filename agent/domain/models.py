"""What is asked of a chat model and what comes back: redacted words only, JSON only."""

from enum import StrEnum
from typing import Any

from agent.domain.base import Frozen, sha256_of


class ModelRole(StrEnum):
    """What a model is used for; each role may have a model of its own."""

    DRAFTER = "drafter"
    CLASSIFIER = "classifier"
    JUDGE = "judge"
    EMBEDDER = "embedder"


class PromptRef(Frozen):
    """Which prompt was used: what a person needs to find it again a year later."""

    id: str
    """`<step>/<name>`."""
    version: str
    sha256: str
    """Of the template with its partials, before anything is filled in."""


class ModelRequest(Frozen):
    """One call. The same request gives the same cached answer; `epoch` asks for a fresh one."""

    role: ModelRole
    brand: str
    """The brand's id: whose budget pays."""
    prompt: PromptRef
    system: str
    user: str
    """Redacted; whatever a customer wrote stands between data delimiters."""
    answer_schema: dict[str, Any]
    """JSON Schema of the answer, an object."""
    epoch: int = 0
    """Repeats of an eval count from 0; each has its own answer."""

    def cache_key(self, model: str) -> str:
        """Return the content hash under which an answer of `model` is kept."""
        return sha256_of({"model": model, **self.model_dump(mode="json", exclude={"brand"})})


class ModelUsage(Frozen):
    """What one answer took. Retries are included."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    """In the currency of `models.<role>.price_*`; 0 where no price is set."""
    attempts: int = 1
    is_cached: bool = False
    elapsed_ms: float = 0.0

    def __add__(self, other: "ModelUsage") -> "ModelUsage":
        """Return both together: a draft with a repair is two calls."""
        return ModelUsage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=self.cost + other.cost,
            attempts=self.attempts + other.attempts,
            is_cached=self.is_cached and other.is_cached,
            elapsed_ms=self.elapsed_ms + other.elapsed_ms,
        )


class ModelAnswer(Frozen):
    """A JSON object that is valid against the request's schema."""

    content: dict[str, Any]
    model: str
    """The model that answered, as the server names it."""
    usage: ModelUsage = ModelUsage()
