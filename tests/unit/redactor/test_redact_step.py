"""The step fails closed: any failure, and any value left readable, ends with a person."""

import pytest

from agent.domain.errors import StepFailed
from agent.domain.redaction import Redaction
from agent.steps.redact import redact, surviving_values

SECRET = "paul@free.fr"


class _Returns:
    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction

    def redact(self, text: str) -> Redaction:
        return self._redaction


class _Raises:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def redact(self, text: str) -> Redaction:
        raise self._error


def test_a_sound_redaction_passes_through() -> None:
    sound = Redaction(text="mon mail [EMAIL_1]", values={"[EMAIL_1]": SECRET})
    assert redact("mon mail " + SECRET, _Returns(sound)) is sound


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        TimeoutError(),
        StepFailed("redact", SECRET),
        RecursionError(),
        MemoryError(),
    ],
)
def test_any_error_becomes_a_failed_step_that_quotes_nothing(error: Exception) -> None:
    with pytest.raises(StepFailed) as caught:
        redact(SECRET, _Raises(error))
    assert caught.value.step == "redact"
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_kind_of_error_is_named() -> None:
    with pytest.raises(StepFailed, match="TimeoutError"):
        redact("x", _Raises(TimeoutError()))


@pytest.mark.parametrize(
    "text",
    [f"[EMAIL_1] et {SECRET}", f"{SECRET}", f"({SECRET})"],
)
def test_a_value_left_readable_is_a_failure(text: str) -> None:
    leaky = Redaction(text=text, values={"[EMAIL_1]": SECRET})
    with pytest.raises(StepFailed, match="readable"):
        redact("x", _Returns(leaky))


def test_a_placeholder_that_was_not_issued_is_a_failure() -> None:
    with pytest.raises(StepFailed, match="not issued"):
        redact("x", _Returns(Redaction(text="[EMAIL_2]", values={"[EMAIL_1]": SECRET})))


def test_part_of_a_longer_word_is_not_a_survivor() -> None:
    assert surviving_values(Redaction(text="le Louvre", values={"[PERSON_1]": "Lou"})) == ()
