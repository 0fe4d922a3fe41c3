"""The retriever on any FAQ: FAQ lines and query lines in, hit lines out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agent.adapters.files.lines import read_lines
from agent.adapters.files.messages import identifier_of, text_of
from agent.cli.console import BadLines
from agent.domain.errors import InputLineError, PortevoixError
from knowledge.retriever import search_faq


def faq_entries(path: Path, bad: BadLines) -> list[dict[str, Any]]:
    """Return the readable entries of a FAQ file; the others are reported.

    Raises:
        PortevoixError: the file has no readable entry.
    """
    entries: list[dict[str, Any]] = []
    seen: set[str] = set()
    for line in read_lines(path):
        if line.problem:
            bad.report(line.problem)
        if not line.is_readable:
            continue
        try:
            entry = _entry(line.number, line.record)
            if entry["id"] in seen:
                raise InputLineError(
                    line.number, f"id {entry['id']!r} is used twice", "passed over"
                )
        except InputLineError as error:
            bad.report(error)
            continue
        seen.add(entry["id"])
        entries.append(entry)
    if not entries:
        raise PortevoixError(f"{path}: no readable FAQ entry; one {{id, question}} a line")
    return entries


def _entry(number: int, record: dict[str, Any]) -> dict[str, Any]:
    aliases = record.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise InputLineError(number, "`aliases` is not a list of texts", '["…", "…"]')
    answer = record.get("answer") or ""
    if not isinstance(answer, str):
        raise InputLineError(number, "`answer` is not text", 'write "answer": "…"')
    return {
        "id": identifier_of(number, record),
        "question": text_of(number, record, "question"),
        "aliases": aliases,
        "answer": answer,
        "lang": record.get("lang"),
    }


def search_lines(
    entries: Sequence[dict[str, Any]], queries: Sequence[tuple[str, str]], top: int
) -> Iterator[dict[str, Any]]:
    """Yield `{"id", "hits": [{"id", "score"}], "answerable"}` for each query, in order."""
    yield from search_faq(entries, queries, top)
