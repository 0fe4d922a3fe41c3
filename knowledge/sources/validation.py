"""The schema's refusals in plain words, each with its line."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.problems import Problem, Refusal, Remark
from knowledge.sources.wording import SourceWording as Wording
from knowledge.sources.yaml_lines import YamlDocument

_KINDS = {
    "string_type": Wording.NOT_TEXT,
    "tuple_type": Wording.NOT_LIST,
    "list_type": Wording.NOT_LIST,
    "dict_type": Wording.NOT_BLOCK,
    "model_type": Wording.NOT_BLOCK,
    "model_attributes_type": Wording.NOT_BLOCK,
    "bool_type": Wording.NOT_BOOLEAN,
    "bool_parsing": Wording.NOT_BOOLEAN,
    "int_type": Wording.NOT_WHOLE,
    "int_parsing": Wording.NOT_WHOLE,
    "float_parsing": Wording.NOT_NUMBER,
    "date_parsing": Wording.NOT_DATE,
    "date_from_datetime_parsing": Wording.NOT_DATE,
    "date_type": Wording.NOT_DATE,
    "time_parsing": Wording.NOT_TIME,
    "time_type": Wording.NOT_TIME,
    "missing": Wording.KEY_MISSING,
    "too_short": Wording.LIST_EMPTY,
}
_BOUNDS = {
    "greater_than_equal": Wording.LEAST,
    "greater_than": Wording.MORE_THAN,
    "less_than_equal": Wording.MOST,
    "less_than": Wording.LESS_THAN,
}

THE_FILE = "the file"
"""What is named where the whole file is refused; a desk says it in its own words."""


def problems_of(
    error: ValidationError, model: type[BaseModel], document: YamlDocument, file: str
) -> list[Problem]:
    """Return one problem for each refusal of `error`, which `model` raised on `document`."""
    found = []
    for detail in error.errors(include_url=False):
        path = _written_path(detail["loc"])
        remark = _explain(detail, path, model)
        found.append(Problem.of(file, document.line_of(path), remark))
    return sorted(set(found), key=lambda problem: (problem.line or 0, problem.what))


def _written_path(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(part for part in loc if part != "[key]")


def dotted(path: Iterable[Any]) -> str:
    """Return `situations[2].closings.fr` for a path of keys and indexes."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def _explain(detail: Any, path: tuple[Any, ...], model: type[BaseModel]) -> Remark:
    kind, name = detail["type"], dotted(path)
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if not name and _KINDS.get(kind) is Wording.NOT_BLOCK:
        return Wording.FILE_NOT_BLOCK.filled()
    if kind in _KINDS and name:
        return _KINDS[kind].filled(name=name)
    if kind == "enum":
        return Wording.VALUE_UNKNOWN.filled(name=name, expected=detail["ctx"]["expected"])
    if kind == "string_pattern_mismatch":
        return Wording.FORM_UNREAD.filled(name=name, pattern=detail["ctx"]["pattern"])
    if kind in _BOUNDS:
        return _BOUNDS[kind].filled(name=name, bound=detail["msg"].rpartition(" ")[2])
    return _refused(detail, name or THE_FILE)


def _refused(detail: Any, name: str) -> Remark:
    """Return what a validator of ours says, or the schema's library where it has no wording."""
    context = detail.get("ctx", {})
    refusal = context.get("error")
    if isinstance(refusal, Refusal):
        return refusal.wording.filled(name=name, **refusal.values)
    if detail["type"] == "string_too_short" and context["min_length"] == 1:
        return Wording.TEXT_EMPTY.filled(name=name)
    message = detail["msg"].removeprefix("Value error, ")
    what = f"`{name}`: {message[:1].lower()}{message[1:]}"
    return Remark("", (), what, "correct the value")


def _unknown_key(path: tuple[Any, ...], model: type[BaseModel]) -> Remark:
    known, name = _keys_at(path[:-1], model), dotted(path)
    close = get_close_matches(str(path[-1]), known, n=1)
    if close:
        return Wording.KEY_UNKNOWN_CLOSE.filled(name=name, close=close[0])
    if not known:
        return Wording.KEY_UNKNOWN_ALL.filled(name=name)
    return Wording.KEY_UNKNOWN.filled(name=name, known=", ".join(sorted(known)))


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
