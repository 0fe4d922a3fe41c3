"""Reading a model's words as the JSON that was asked for."""

import json

import pytest

from agent.adapters.chat_model.answers import NotAnAnswer, read_answer
from agent.steps.draft.modelled.answer import SCHEMA

GOOD = {"public": [], "private": [], "route": "reply", "reason": "", "open_questions": []}


@pytest.mark.parametrize(
    "words",
    [
        json.dumps(GOOD),
        f"```json\n{json.dumps(GOOD)}\n```",
        f"Bien sûr, voici :\n{json.dumps(GOOD)}\nBonne journée !",
    ],
)
def test_the_object_is_found_alone_fenced_or_between_words(words: str) -> None:
    assert read_answer(words, SCHEMA) == GOOD


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "not a JSON object"),
        ("désolé", "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        (json.dumps(GOOD)[:40], "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        (json.dumps(GOOD | {"route": "moderate"}), "at route (enum)"),
        (json.dumps(GOOD | {"more": 1}), "at the top (additionalProperties)"),
        (json.dumps(GOOD | {"public": [{"text": 3, "passage": ""}]}), "at public/0/text (type)"),
    ],
)
def test_what_does_not_fit_says_where_and_never_what(words: str, said: str) -> None:
    with pytest.raises(NotAnAnswer) as raised:
        read_answer(words, SCHEMA)
    assert said in str(raised.value)
