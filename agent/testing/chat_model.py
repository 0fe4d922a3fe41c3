"""A chat model that says what a test scripted, and raises when asked once too often."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent.domain.errors import ModelError
from agent.domain.models import ModelAnswer, ModelRequest, ModelUsage


class ScriptedChatModel:
    """Answers one script after the other; an exception in the script is raised.

    `requests` keeps what was asked, so that a test can look for words that must not be there.
    """

    def __init__(
        self, answers: Iterable[Mapping[str, Any] | ModelError], name: str = "scripted"
    ) -> None:
        self._answers = list(answers)
        self._name = name
        self.requests: list[ModelRequest] = []

    @property
    def name(self) -> str:
        return self._name

    def complete(self, request: ModelRequest) -> ModelAnswer:
        self.requests.append(request)
        if not self._answers:
            raise AssertionError(f"call {len(self.requests)} was not scripted")
        answer = self._answers.pop(0)
        if isinstance(answer, ModelError):
            raise answer
        words = len(request.system.split()) + len(request.user.split())
        usage = ModelUsage(prompt_tokens=words, completion_tokens=len(str(answer).split()))
        return ModelAnswer(content=dict(answer), model=self._name, usage=usage)
