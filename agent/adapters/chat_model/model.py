"""A chat model within limits: cache, budget, breaker, patience, retries, a schema that holds."""

import logging
import threading
import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_after_delay, stop_any
from tenacity.retry import retry_if_exception
from tenacity.wait import wait_random_exponential

from agent.adapters.chat_model.answers import NotAnAnswer, read_answer
from agent.adapters.chat_model.breaker import Breaker
from agent.adapters.chat_model.budget import Budget
from agent.adapters.chat_model.cache import AnswerCache
from agent.adapters.chat_model.failures import CallFailed
from agent.adapters.chat_model.vendor import Vendor, Words
from agent.domain.errors import ModelAnswerInvalid, ModelError, ModelRefused, ModelUnavailable
from agent.domain.models import ChatModelSettings, ModelAnswer, ModelRequest, ModelRole, ModelUsage
from agent.ports import Clock, UsageBook
from agent.ports.journal import Happened, note

_LONGEST_WAIT = 30.0
"""Seconds: a server that asks for more is asked again later, by another message."""


class LimitedChatModel:
    """Implements `ChatModel`; safe to share between threads."""

    def __init__(
        self,
        role: ModelRole,
        given: ChatModelSettings,
        vendor: Vendor,
        budget: Budget,
        breaker: Breaker,
        cache: AnswerCache,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._role = role
        self._given = given
        self._vendor = vendor
        self._budget = budget
        self._breaker = breaker
        self._cache = cache
        self._sleep = sleep
        self._in_flight = threading.BoundedSemaphore(given.in_flight)

    @property
    def name(self) -> str:
        return self._given.model

    def complete(self, request: ModelRequest) -> ModelAnswer:
        try:
            answer = self._complete(request)
        except ModelError as error:
            self._note(request, type(error).__name__, error.usage, logging.WARNING)
            raise
        self._note(request, "cached" if answer.usage.is_cached else "answered", answer.usage)
        return answer

    def _note(
        self,
        request: ModelRequest,
        outcome: str,
        usage: ModelUsage | None,
        level: int = logging.INFO,
    ) -> None:
        spent = usage or ModelUsage(attempts=0)
        note(
            Happened.MODEL_CALLED,
            level,
            brand=request.brand,
            role=self._role.value,
            model=self._given.model,
            outcome=outcome,
            attempt=spent.attempts,
            prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens,
            duration_ms=spent.elapsed_ms,
        )

    def _complete(self, request: ModelRequest) -> ModelAnswer:
        key = request.cache_key(self._given.model)
        if (known := self._cache.get(key)) is not None:
            return known.model_copy(update={"usage": ModelUsage(attempts=0, is_cached=True)})
        if refusal := self._budget.refusal(request.brand):
            raise ModelUnavailable(self._role.value, refusal)
        started = time.perf_counter()
        words, attempts = self._called(request)
        usage = self._budget.priced(
            ModelUsage(
                prompt_tokens=words.prompt_tokens,
                completion_tokens=words.completion_tokens,
                attempts=attempts,
                elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
            )
        )
        model = words.model or self._given.model
        self._budget.add(request.brand, request.role, model, usage)
        content = self._read(request, words, usage)
        answer = ModelAnswer(content=content, model=model, usage=usage)
        self._cache.put(key, answer)
        return answer

    def _read(self, request: ModelRequest, words: Words, usage: ModelUsage) -> dict[str, object]:
        if words.is_refused:
            raise ModelRefused(self._role.value, "the model declined to answer", usage)
        try:
            return read_answer(words.text, request.answer_schema)
        except NotAnAnswer as error:
            raise ModelAnswerInvalid(self._role.value, f"the answer {error}", usage) from None

    def _called(self, request: ModelRequest) -> tuple[Words, int]:
        """Return what the model says and how many tries it took."""
        if not self._breaker.allows():
            cause = f"the last calls failed ({self._breaker.cause}); tried again in a moment"
            raise ModelUnavailable(self._role.value, cause)
        retrying = self._retrying()
        try:
            words: Words = retrying(self._once, request)
        except CallFailed as failure:
            self._breaker.failed(failure.cause)
            raise ModelUnavailable(self._role.value, failure.cause) from None
        self._breaker.succeeded()
        return words, int(retrying.statistics.get("attempt_number", 1))

    def _once(self, request: ModelRequest) -> Words:
        with self._in_flight:
            return self._vendor.call(request)

    def _retrying(self) -> Retrying:
        backoff = wait_random_exponential(self._given.retry_seconds, max=_LONGEST_WAIT)

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            asked = failure.wait_seconds if isinstance(failure, CallFailed) else None
            return backoff(state) if asked is None else min(asked, _LONGEST_WAIT)

        return Retrying(
            retry=retry_if_exception(_may_help),
            wait=wait,
            stop=stop_any(
                stop_after_attempt(1 + self._given.retries),
                stop_after_delay(self._given.patience_seconds),
            ),
            sleep=self._sleep,
            reraise=True,
        )


def _may_help(error: BaseException) -> bool:
    return isinstance(error, CallFailed) and error.is_transient


def build_model(
    role: ModelRole, given: ChatModelSettings, book: UsageBook, clock: Clock, cache: AnswerCache
) -> LimitedChatModel:
    """Return the model of one role; nothing is sent yet.

    Raises:
        ConfigurationError: the provider is unknown, its package or the key is missing.
    """
    return LimitedChatModel(
        role,
        given,
        Vendor(role, given),
        Budget(given, book, clock),
        Breaker(clock, given.breaker_failures, given.breaker_seconds),
        cache,
    )
