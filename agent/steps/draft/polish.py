"""Brings courtesy within the situation's limits on exclamations, emoji, questions and words."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.steps.draft.compose import Kind, Part
from agent.steps.draft.mood import Mood
from agent.steps.draft.plain import (
    count_emoji,
    count_exclamations,
    without_emoji,
    without_exclamations,
)

_SOFTENED_FIRST = (
    Kind.SIGN_OFF,
    Kind.CLOSING,
    Kind.PASS_ON,
    Kind.PATH,
    Kind.ACKNOWLEDGEMENT,
    Kind.ANSWER,
    Kind.GREETING,
)
"""Statements, disclosures and the answer to "are you a bot?" are said as they were approved."""

_QUESTION = re.compile(r"\?(?=[\s\u00a0\u202f»\")]|$)")


def polished(parts: tuple[Part, ...], mood: Mood) -> tuple[Part, ...]:
    """Return `parts` with no more exclamations and emoji than the mood allows."""
    parts = _lowered(parts, mood.exclamations, count_exclamations, _calm)
    return _lowered(
        parts, mood.emoji, count_emoji, lambda part: replace(part, text=without_emoji(part.text))
    )


def _calm(part: Part) -> Part:
    stop = "," if part.kind is Kind.GREETING else "."
    return replace(part, text=without_exclamations(part.text, stop))


def _lowered(
    parts: tuple[Part, ...],
    most: int,
    count: Callable[[str], int],
    lower: Callable[[Part], Part],
) -> tuple[Part, ...]:
    lowered = list(parts)
    for kind in _SOFTENED_FIRST:
        if sum(count(part.text) for part in lowered) <= most:
            break
        lowered = [
            lower(part) if part.kind is kind and count(part.text) else part for part in lowered
        ]
    return tuple(part for part in lowered if part.text)


def count_questions(text: str) -> int:
    """Return how many questions `text` asks; the mark inside a link is not one."""
    return len(_QUESTION.findall(text))


def is_brief(text: str, mood: Mood, questions_max: int) -> bool:
    """Whether `text` keeps to the situation's words and to the questions allowed."""
    is_short = mood.words is None or len(text.split()) <= mood.words
    return is_short and count_questions(text) <= questions_max
