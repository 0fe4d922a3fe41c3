"""Writes entries in our Markdown form; what a person already wrote there is never touched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.passages import Audience, Language, Passage
from knowledge.sources.entries import read_entries, slug

_TOO_HIGH = re.compile(r"^#{1,2}[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class WriteReport:
    """What `write_faq` did with each entry."""

    written: tuple[Passage, ...] = ()
    kept: tuple[Passage, ...] = ()
    """Left out: the folder already has an entry of that id and language."""
    files: tuple[Path, ...] = ()
    """Files made or added to."""


def write_faq(entries: Iterable[Passage], folder: Path) -> WriteReport:
    """Add `entries` to `folder`, one file a topic and language; a second run adds nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder)
    written: list[Passage] = []
    kept: list[Passage] = []
    by_file: dict[Path, list[Passage]] = {}
    for entry in entries:
        key = (entry.id, entry.lang)
        if key in known:
            kept.append(entry)
            continue
        known.add(key)
        written.append(entry)
        name = f"{slug(entry.topic) or 'imported'}.{entry.lang.value}.md"
        by_file.setdefault(folder / name, []).append(entry)
    for path, added in by_file.items():
        _append(path, added)
    return WriteReport(tuple(written), tuple(kept), tuple(by_file))


def _known(folder: Path) -> set[tuple[str, Language]]:
    found = set()
    for path in sorted(folder.rglob("*.md")):
        entries, _ = read_entries(path.read_text(encoding="utf-8-sig"), path.name)
        found |= {(entry.id, entry.lang) for entry in entries}
    return found


def _append(path: Path, entries: list[Passage]) -> None:
    if path.exists():
        start = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    else:
        first = entries[0]
        topic = first.topic or "imported"
        start = f"---\nlang: {first.lang.value}\ntopic: {slug(topic)}\n---\n# {topic}\n"
    text = start + "".join(f"\n{_section(entry)}" for entry in entries)
    scratch = path.with_suffix(".md.part")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


def _section(entry: Passage) -> str:
    metadata = yaml.safe_dump(_metadata(entry), allow_unicode=True, sort_keys=False, width=10_000)
    answer = _COMMENT.sub("", _TOO_HIGH.sub(r"**\1**", entry.answer)).strip()
    return f"## {entry.question}\n\n```yaml\n{metadata}```\n\n{answer}\n"


def _metadata(entry: Passage) -> dict[str, Any]:
    """Return what the entry says beyond the defaults; the language always, for files of several."""
    said: dict[str, Any] = {"id": entry.id, "lang": entry.lang.value}
    said["aliases"] = list(entry.aliases)
    said["audience"] = "" if entry.audience is Audience.PUBLIC else entry.audience.value
    said["valid_from"] = str(entry.valid_from or "")
    said["valid_until"] = str(entry.valid_until or "")
    said["must_include"] = list(entry.must_include)
    said["next_step"] = entry.next_step
    said["link"] = entry.link
    said["commitment"] = entry.is_commitment
    return {key: value for key, value in said.items() if value}
