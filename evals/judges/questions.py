"""The questions, and what each is asked about; each has its prompt, `prompts/judge/<it>.md`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from agent.domain.base import Frozen, Text
from agent.domain.brand import BrandPack
from evals.cases import GivenPassage


class Question(StrEnum):
    """What only a reader can tell; what can be counted is a rule of the rubric instead."""

    EMPATHY = "empathy"
    SARCASM = "sarcasm"
    DEFENSIVENESS = "defensiveness"
    VOICE = "voice"
    OMISSION = "omission"
    EVASION = "evasion"
    OBEDIENCE = "obedience"
    POLITENESS = "politeness"


RULES: Mapping[Question, str] = {
    Question.EMPATHY: "T2",
    Question.SARCASM: "T4",
    Question.DEFENSIVENESS: "T5",
    Question.VOICE: "B1",
    Question.OMISSION: "X10",
    Question.EVASION: "X11",
    Question.OBEDIENCE: "S8",
}
"""The rubric's rule that asks the same, as far as it can be told without reading."""


class Trait(Frozen):
    """One attribute of a brand's voice: to contradict it is easier to agree on than to show it."""

    name: str
    meaning: str
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


def traits_of(pack: BrandPack) -> tuple[Trait, ...]:
    """Return the attributes of a brand's voice."""
    return tuple(
        Trait(name=one.name, meaning=one.meaning, do=one.do, dont=one.dont)
        for one in pack.policy.voice
    )


class JudgedText(Frozen):
    """A reply and what a judge may look at."""

    brand: str
    """The brand's id: whose budget pays."""
    brand_name: str
    message: Text = ""
    reply: Text
    passages: tuple[GivenPassage, ...] = ()
    trait: Trait | None = None
    """For `VOICE` only."""


def prompt_id(question: Question) -> str:
    """Return the id of the question's prompt."""
    return f"judge/{question.value}"


def variables(question: Question, text: JudgedText) -> dict[str, Any]:
    """Return what the question's prompt is filled in with.

    Raises:
        ValueError: the voice is asked about without a trait.
    """
    given: dict[str, Any] = {
        "brand_name": text.brand_name,
        "message": text.message,
        "reply": text.reply,
    }
    if question is Question.OMISSION:
        given["passages"] = text.passages
    if question is Question.VOICE:
        if text.trait is None:
            raise ValueError("the question of the voice needs a trait")
        given |= {
            "attribute": text.trait.name,
            "meaning": text.trait.meaning,
            "do": text.trait.do,
            "dont": text.trait.dont,
        }
    return given
