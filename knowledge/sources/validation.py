"""The schema's refusals in plain words, each with its line."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.problems import Problem
from knowledge.sources.yaml_lines import YamlDocument

_KINDS = {
    "string_type": ("text", "write it as text, between quotes if it is a number"),
    "tuple_type": ("a list", "write one item a line, each after « - »"),
    "list_type": ("a list", "write one item a line, each after « - »"),
    "dict_type": ("a block of keys", "write `key: value` lines under it"),
    "model_type": ("a block of keys", "write `key: value` lines under it"),
    "model_attributes_type": ("a block of keys", "write `key: value` lines under it"),
    "bool_type": ("true or false", "write true or false"),
    "bool_parsing": ("true or false", "write true or false"),
    "int_type": ("a whole number", "write a whole number, without quotes"),
    "int_parsing": ("a whole number", "write a whole number, without quotes"),
    "float_parsing": ("a number", "write a number, without quotes"),
    "date_parsing": ("a date", "write it as 2026-12-31"),
    "date_from_datetime_parsing": ("a date", "write it as 2026-12-31"),
    "date_type": ("a date", "write it as 2026-12-31"),
    "time_parsing": ("a time of day", "write it as 18:30"),
    "time_type": ("a time of day", "write it as 18:30"),
}


def problems_of(
    error: ValidationError, model: type[BaseModel], document: YamlDocument, file: str
) -> list[Problem]:
    """Return one problem for each refusal of `error`, which `model` raised on `document`."""
    found = []
    for detail in error.errors(include_url=False):
        path = _written_path(detail["loc"])
        what, mend = _explain(detail, path, model)
        found.append(Problem(file, document.line_of(path), what, mend))
    return sorted(set(found), key=lambda problem: (problem.line or 0, problem.what))


def _written_path(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(part for part in loc if part != "[key]")


def dotted(path: Iterable[Any]) -> str:
    """Return `situations[2].closings.fr` for a path of keys and indexes."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def _explain(detail: Any, path: tuple[Any, ...], model: type[BaseModel]) -> tuple[str, str]:
    kind, name = detail["type"], dotted(path) or "the file"
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "missing":
        return f"`{name}` is missing", "add it; the template shows where"
    if kind in _KINDS:
        wanted, mend = _KINDS[kind]
        return f"`{name}` is not {wanted}", mend
    if kind == "enum":
        return f"`{name}` is not a value we know", f"write {detail['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return f"`{name}` has a form we do not read", f"it must match {detail['ctx']['pattern']}"
    if kind == "too_short":
        return f"`{name}` is empty", "give at least one"
    message = detail["msg"].removeprefix("Value error, ")
    return f"`{name}`: {message[:1].lower()}{message[1:]}", "correct the value"


def _unknown_key(path: tuple[Any, ...], model: type[BaseModel]) -> tuple[str, str]:
    known = _keys_at(path[:-1], model)
    close = get_close_matches(str(path[-1]), known, n=1)
    if close:
        return f"unknown key `{dotted(path)}`", f"did you mean `{close[0]}`?"
    listed = ", ".join(sorted(known)) or "none"
    return f"unknown key `{dotted(path)}`", f"remove it; the keys there are: {listed}"


def _keys_at(path: tuple[Any, ...], model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    node = _resolved(schema, schema)
    for part in path:
        node = _resolved(_child(node, part), schema)
    return list(node.get("properties", {}))


def _child(node: dict[str, Any], part: Any) -> dict[str, Any]:
    if isinstance(part, int):
        child = node.get("items", {})
    else:
        child = node.get("properties", {}).get(part) or node.get("additionalProperties", {})
    return child if isinstance(child, dict) else {}


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and the object among alternatives (`X | None`)."""
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in node:
            node = next((choice for choice in node["anyOf"] if "$ref" in choice), {})
        else:
            return node
