"""The check against vendors' documents finds what it should, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.documents.document import Document, Exchange

_NOTE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "above": {"$ref": "#/components/schemas/Note"}},
}
_ASKED = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "maxLength": 5}},
}
_PATHS = {
    "/notes/{id}": {
        "post": {
            "parameters": [
                {"name": "id", "in": "path", "schema": {"type": "integer"}},
                {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}},
                {"name": "Key", "in": "header", "required": True, "schema": {"type": "string"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": _ASKED}}},
            "responses": {
                "200": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Note"}}
                    }
                }
            },
        }
    }
}
GOOD: dict[str, Any] = {
    "method": "POST",
    "path": "/notes/7",
    "query": "limit=9",
    "headers": {"key": "k", "content-type": "application/json"},
    "body": b'{"text": "short"}',
    "code": 200,
    "answer": b'{"id": "1", "above": {"id": "0"}}',
}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    path = tmp_path / "vendor.json"
    path.write_text(json.dumps({"paths": _PATHS, "components": {"schemas": {"Note": _NOTE}}}))
    return Document(path)


def findings(document: Document, **changed: Any) -> list[str]:
    exchange = Exchange(**(GOOD | changed))
    operation = document.operation(exchange)
    assert operation is not None
    return [
        *document.of_request(operation, exchange),
        *document.of_answer(operation, exchange),
    ]


def test_what_agrees_is_not_reported(document: Document) -> None:
    assert findings(document) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"path": "/notes/seven"}, "path id: type is not kept"),
        ({"query": "limit=10"}, "query limit: maximum is not kept"),
        ({"query": "limt=1"}, "query limt: not in the document"),
        ({"headers": {"content-type": "application/json"}}, "header key is missing"),
        ({"body": b'{"text": "too long"}'}, "body.text: maxLength is not kept"),
        ({"body": b'{"text": "a", "txet": 1}'}, "body.txet: not in the document"),
        ({"body": b"{}"}, "body: 'text' is a required property"),
        ({"headers": {"key": "k", "content-type": "text/plain"}}, "a body of text/plain is not"),
        ({"answer": b'{"id": "1", "above": {}}'}, "body.above: 'id' is a required property"),
        ({"answer": b'{"id": "1", "raw": 1}'}, "body.raw: not in the document"),
        ({"code": 201}, "the answer 201 is not documented"),
    ],
)
def test_what_differs_is_named(document: Document, changed: Any, found: str) -> None:
    (line,) = findings(document, **changed)
    assert line.startswith(found)


def test_an_unknown_request_is_told_from_a_known_one(document: Document) -> None:
    assert document.operation(Exchange(**(GOOD | {"method": "PUT"}))) is None
    assert document.operation(Exchange(**(GOOD | {"path": "/notes"}))) is None
