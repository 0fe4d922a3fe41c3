"""Reads a model's words as the JSON object that was asked for."""

import json
import re
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

_FENCED = re.compile(r"```(?:json)?\s*(\{.*\})\s*```", re.DOTALL)


class NotAnAnswer(Exception):
    """The words are not JSON of the schema; says where they leave it, never what they say."""


def read_answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the object in `words`: alone, in a code fence, or between other words.

    Raises:
        NotAnAnswer: there is none, it is cut short, or it does not fit `schema`.
    """
    content = _object_in(words)
    problem = next(iter(_validator(json.dumps(schema)).iter_errors(content)), None)
    if problem is not None:
        place = "/".join(map(str, problem.absolute_path)) or "the top"
        raise NotAnAnswer(f"does not fit the schema at {place} ({problem.validator})")
    return content


def _object_in(words: str) -> dict[str, Any]:
    text = words.strip()
    fenced = _FENCED.search(text)
    start, end = text.find("{"), text.rfind("}")
    tries = [text, fenced.group(1) if fenced else "", text[start : end + 1] if start >= 0 else ""]
    for candidate in filter(None, tries):
        try:
            content = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(content, dict):
            return content
    raise NotAnAnswer("is not a JSON object")


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))
