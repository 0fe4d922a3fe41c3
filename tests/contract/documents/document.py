"""A vendor's own OpenAPI 3.1 document, and what of an exchange does not agree with it.

Stricter than the document on one point: a key, a query or an answer's field that it does not name
is a finding, although most documents leave their schemas open. A misspelt name would pass else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Schema = Mapping[str, Any]
_ROOT = "urn:document"
_JSON = "application/json"
_MANY = ("oneOf", "anyOf", "allOf")


class Exchange(NamedTuple):
    """One request of an adapter's and the answer a stand-in gave it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: bytes
    code: int
    answer: bytes


class Operation(NamedTuple):
    """What a document says of one method at one path."""

    template: str
    pointer: str
    said: Schema
    parameters: tuple[Schema, ...]


class Document:
    """The paths and the schemas of one vendor."""

    def __init__(self, path: Path) -> None:
        self._content = json.loads(path.read_text("utf-8"))
        resource = Resource(contents=self._content, specification=DRAFT202012)
        registry: Registry[Any] = Registry()
        self._registry = registry.with_resource(_ROOT, resource)

    @cached_property
    def _templates(self) -> list[tuple[str, re.Pattern[str]]]:
        """The paths, those with the most letters of their own first."""
        found = sorted(self._content["paths"], key=lambda p: (p.count("{"), -len(p)))
        return [(p, re.compile(re.sub(r"\\\{[^}]+\\\}", "([^/]+)", re.escape(p)))) for p in found]

    def operation(self, exchange: Exchange) -> Operation | None:
        """Return what the document says of a request, or None: it knows no such request."""
        path, method = exchange.path, exchange.method.lower()
        for template, pattern in self._templates:
            item = self._content["paths"][template]
            if pattern.fullmatch(path) and method in item:
                said = item[method]
                given = (*item.get("parameters", ()), *said.get("parameters", ()))
                escaped = template.replace("~", "~0").replace("/", "~1")
                pointer = f"/paths/{escaped}/{method}"
                return Operation(template, pointer, said, tuple(map(self._resolved, given)))
        return None

    def of_request(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Yield what is wrong with a request, a line each."""
        yield from self._of_path(operation, exchange)
        yield from self._of_query(operation, exchange)
        yield from self._of_headers(operation, exchange)
        yield from self._of_body(operation, exchange)

    def of_answer(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Yield what is wrong with an answer, a line each."""
        responses, code = operation.said["responses"], str(exchange.code)
        named = next((c for c in (code, f"{code[0]}XX", "default") if c in responses), None)
        if named is None:
            if exchange.code < 400:
                yield f"the answer {code} is not documented"
            return
        content = self._resolved(responses[named]).get("content", {}).get(_JSON)
        if content is None or "schema" not in content:
            if exchange.answer.strip() and exchange.code < 400:
                yield f"the answer {code} has no body in the document"
            return
        yield from self._against(content["schema"], json.loads(exchange.answer or b"null"))

    def _of_path(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        names = re.findall(r"\{([^}]+)\}", operation.template)
        pattern = dict(self._templates)[operation.template]
        match = pattern.fullmatch(exchange.path)
        values = match.groups() if match else ()
        by_name = {p["name"]: p for p in operation.parameters if p["in"] == "path"}
        for name, value in zip(names, values, strict=True):
            if name in by_name:
                yield from self._parameter(by_name[name], value)

    def _of_query(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        by_name = {p["name"]: p for p in operation.parameters if p["in"] == "query"}
        given = parse_qsl(exchange.query, keep_blank_values=True)
        lists: dict[str, list[str]] = {}
        for name, value in given:
            if name.endswith("[]"):
                lists.setdefault(name[:-2], []).append(value)
            elif name in by_name:
                yield from self._parameter(by_name[name], value)
            else:
                yield f"query {name}: not in the document"
        for name, values in lists.items():
            if name not in by_name:
                yield f"query {name}[]: not in the document"
            else:
                yield from self._against(by_name[name].get("schema", {}), values, f"query {name}")
        yield from _missing(by_name, {name.removesuffix("[]") for name, _ in given}, "query")

    def _of_headers(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        by_name = {p["name"].lower(): p for p in operation.parameters if p["in"] == "header"}
        yield from _missing(by_name, set(exchange.headers), "header")

    def _of_body(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        said = self._resolved(operation.said.get("requestBody", {}))
        kind = exchange.headers.get("content-type", "").partition(";")[0]
        if not exchange.body:
            if said.get("required"):
                yield "there is no body, and one is required"
            return
        content = said.get("content", {}).get(kind)
        if content is None:
            yield f"a body of {kind or 'no type'} is not in the document"
            return
        yield from self._against(content.get("schema", {}), json.loads(exchange.body))

    def _parameter(self, parameter: Schema, value: str) -> Iterator[str]:
        schema = parameter.get("schema", {})
        where = f"{parameter['in']} {parameter['name']}"
        found = [list(self._against(schema, one, where)) for one in _readings(value)]
        yield from min(found, key=len)

    def _against(self, schema: Schema, value: Any, where: str = "body") -> Iterator[str]:
        check = Draft202012Validator(
            _rooted(schema), registry=self._registry, format_checker=FormatChecker()
        )
        for error in check.iter_errors(value):
            for shown in _closest(error):
                yield f"{where}{_place(shown)}"
        for path in self._unknown(schema, value, ""):
            yield f"{where}{path}: not in the document"

    def _unknown(self, schema: Schema, value: Any, path: str) -> Iterator[str]:
        """Yield the paths of keys that no branch of the schema names."""
        branches = list(self._branches(schema))
        if isinstance(value, list):
            items = {"anyOf": [b["items"] for b in branches if isinstance(b.get("items"), dict)]}
            for one in value if items["anyOf"] else ():
                yield from self._unknown(items, one, f"{path}[]")
        if not isinstance(value, dict) or not any("properties" in b for b in branches):
            return
        for name, inner in value.items():
            said = [b["properties"][name] for b in branches if name in b.get("properties", {})]
            if said:
                yield from self._unknown({"anyOf": said}, inner, f"{path}.{name}")
            elif not any(isinstance(b.get("additionalProperties"), dict) for b in branches):
                yield f"{path}.{name}"

    def _branches(self, schema: Schema) -> Iterator[Schema]:
        found = self._resolved(schema)
        yield found
        for word in _MANY:
            for one in found.get(word, ()):
                yield from self._branches(one)

    def _resolved(self, given: Any) -> Schema:
        while isinstance(given, dict) and "$ref" in given:
            given = self._registry.resolver(_ROOT).lookup(given["$ref"]).contents
        return given if isinstance(given, dict) else {}


def _missing(by_name: Mapping[str, Schema], given: set[str], kind: str) -> Iterator[str]:
    for name, parameter in by_name.items():
        if parameter.get("required") and name not in given:
            yield f"{kind} {name} is missing"


def _readings(value: str) -> list[Any]:
    """Return what a text in an address may stand for."""
    found: list[Any] = [int(value)] if re.fullmatch(r"-?\d+", value) else []
    if value in {"true", "false"}:
        found.append(value == "true")
    return [*found, value]


def _rooted(schema: Any) -> Any:
    """Return a schema whose references begin at the document."""
    if isinstance(schema, list):
        return [_rooted(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: f"{_ROOT}{one}"
        if name == "$ref" and isinstance(one, str) and one.startswith("#")
        else _rooted(one)
        for name, one in schema.items()
    }


def _closest(error: ValidationError) -> list[ValidationError]:
    """Return the findings of the branch of a choice that has the fewest, or the error itself."""
    branches: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        branches.setdefault(one.schema_path[0], []).append(one)
    likely = [b for b in branches.values() if not any(e.validator == "type" for e in b)]
    chosen = min(likely or list(branches.values()), key=len, default=[])
    return [inner for one in chosen for inner in _closest(one)] or [error]


def _place(error: ValidationError) -> str:
    where = "".join("[]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
    said = error.message if error.validator == "required" else f"{error.validator} is not kept"
    return f"{where}: {said}"
