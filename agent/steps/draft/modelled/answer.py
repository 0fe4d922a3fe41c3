"""What a drafting model must answer: sentences with their passage, route and reason apart."""

from typing import Any, Literal

from pydantic import Field

from agent.domain.base import Frozen, Text
from agent.domain.decisions import Route

NO_PASSAGE = ""
"""The passage of a sentence of courtesy."""
_MOST_SENTENCES = 20


class Said(Frozen):
    """One sentence, and the passage that carries it."""

    text: Text
    passage: str
    """Its number in the prompt (`P1`), or "" for courtesy."""


class ModelReply(Frozen):
    """The model's answer, field by field; nothing is read out of free text."""

    public: tuple[Said, ...] = Field(max_length=_MOST_SENTENCES)
    private: tuple[Said, ...] = Field(max_length=_MOST_SENTENCES)
    route: Literal[Route.REPLY, Route.REPLY_AND_ESCALATE, Route.ESCALATE]
    reason: Text
    open_questions: tuple[Text, ...]

    def text(self, sentences: tuple[Said, ...]) -> str:
        """Return `sentences` as one text, without those that are empty."""
        return " ".join(one.text.strip() for one in sentences if one.text.strip())


def _sentences(about: str) -> dict[str, Any]:
    return {
        "type": "array",
        "description": about,
        "items": {
            "type": "object",
            "properties": {
                "text": {"type": "string", "description": "one sentence"},
                "passage": {
                    "type": "string",
                    "description": 'the id of the passage that says so, or "" for courtesy',
                },
            },
            "required": ["text", "passage"],
            "additionalProperties": False,
        },
    }


SCHEMA: dict[str, Any] = {
    "title": "reply",
    "description": "A drafted reply, for a person to decide on.",
    "type": "object",
    "properties": {
        "public": _sentences("what everybody may read, in order"),
        "private": _sentences("what only this person reads, in order"),
        "route": {
            "type": "string",
            "enum": [Route.REPLY.value, Route.REPLY_AND_ESCALATE.value, Route.ESCALATE.value],
        },
        "reason": {"type": "string", "description": "one short sentence for the colleague"},
        "open_questions": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["public", "private", "route", "reason", "open_questions"],
    "additionalProperties": False,
}
"""Closed and fully required, as the strict mode of OpenAI-compatible servers asks."""
