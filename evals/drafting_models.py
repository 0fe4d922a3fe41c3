"""The models a case is drafted with: one asked afresh for each repeat, or a script."""

from typing import Any

from agent.domain.errors import ModelAnswerInvalid, ModelError, ModelRefused, ModelUnavailable
from agent.domain.models import ModelAnswer, ModelRequest, ModelRole
from agent.ports import ChatModel


class EpochModel:
    """A chat model asked afresh for each repeat: without it a kept answer would serve them all."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.epoch = 0

    @property
    def name(self) -> str:
        return self._model.name

    def complete(self, request: ModelRequest) -> ModelAnswer:
        return self._model.complete(request.model_copy(update={"epoch": self.epoch}))


def scripted_answer(given: dict[str, Any] | str) -> dict[str, Any] | ModelError:
    """Return what a scripted model does: answers this, or fails in the way that is named."""
    if not isinstance(given, str):
        return given
    role = ModelRole.DRAFTER.value
    return {
        "refused": ModelRefused(role, "scripted"),
        "unavailable": ModelUnavailable(role, "scripted"),
        "invalid": ModelAnswerInvalid(role, "scripted"),
    }[given]
