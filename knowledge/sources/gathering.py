"""Turns what a reader found in a document into entries, and keeps account of the rest."""

import html
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.passages import Language, Passage
from knowledge.problems import Problem, Value
from knowledge.sources.entries import ID_PATTERN, EntryMetadata, entry_of, slug, topic_of
from knowledge.sources.report import SourceReport
from knowledge.sources.sections import Section
from knowledge.sources.wording import ImportWording as Wording
from knowledge.sources.yaml_lines import YamlDocument
from knowledge.text.language import detect

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_HEADING_LINE = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_INDENT = re.compile(r"^[ \t\u00a0]+(?![-*•\d])", re.MULTILINE)
_INNER_LINK = re.compile(r"\[([^\]]+)\]\((?!https?://|mailto:|tel:)[^)\s]*\)")
"""A relative link or an anchor: nobody can follow it from a reply."""
_SPACES = re.compile(r"[ \t]+")
_WRITTEN = (Language.FR.value, Language.EN.value)
_BREAKS = re.compile(r"[ \t\r\n]+")
UNIT, NUMBER = "unit", "at"
"""Values of a problem whose place is no line: what is counted (`row`, `paragraph`), and which."""


@dataclass(frozen=True)
class RawEntry:
    """A question and its answer as they stand in a document."""

    question: str
    answer: str
    line: int | None
    """The line, row, page or paragraph where the question stands."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """Keys of `EntryMetadata`, as written."""


class Gathering:
    """The account of one document, filled by its reader."""

    def __init__(self, path: Path, unit: str = "line") -> None:
        self.path = path
        self.file = path.name
        self.default_lang = ""
        """What the document itself says its language is."""
        self._unit = unit
        self._raw: list[RawEntry] = []
        self._errors: list[Problem] = []
        self._empties: list[Problem] = []
        self._skipped: list[Problem] = []

    def add(self, raw: RawEntry) -> None:
        """Take one entry; without question or answer it is counted as empty."""
        question, answer = plain_line(raw.question), clean_text(raw.answer)
        answer, inner_links = _INNER_LINK.subn(r"\1", answer)
        if inner_links:
            self.skip(raw.line, Wording.INNER_LINKS, links=inner_links)
        if question and answer:
            self._raw.append(RawEntry(question, answer, raw.line, raw.metadata))
        elif question:
            self.empty(raw.line, Wording.NO_ANSWER)
        elif answer:
            self.empty(raw.line, Wording.NO_QUESTION)
        else:
            self.empty(raw.line, Wording.NEITHER)

    def error(self, line: int | None, wording: Wording, /, **values: Value) -> None:
        """Note a part that could not be read."""
        self._errors.append(self._problem(line, wording, values))

    def empty(self, line: int | None, wording: Wording, /, **values: Value) -> None:
        """Note a part that holds nothing to say."""
        self._empties.append(self._problem(line, wording, values))

    def skip(self, line: int | None, wording: Wording, /, **values: Value) -> None:
        """Note a part passed over on purpose."""
        self._skipped.append(self._problem(line, wording, values))

    def absorb(self, problems: Iterable[Problem]) -> None:
        """Take errors found by the strict reader of our own form."""
        self._errors.extend(problems)

    def report(self, ready: Iterable[Passage] = ()) -> SourceReport:
        """Return the account; `ready` are entries that a strict reader has already made."""
        entries = list(ready)
        seen = {(entry.id, entry.lang): entry for entry in entries}
        main = self._main_language()
        for raw in self._raw:
            found: list[Problem] = []
            entry = self._entry(raw, main, found)
            self._errors.extend(found)
            if entry is None:
                continue
            unique = self._unique(entry, raw, seen)
            if unique:
                entries.append(unique)
        if not (entries or self._errors or self._empties):
            self.empty(None, Wording.NO_QUESTIONS)
        return SourceReport(
            str(self.path),
            tuple(entries),
            tuple(self._errors),
            tuple(self._empties),
            tuple(self._skipped),
        )

    def _problem(self, line: int | None, wording: Wording, values: Mapping[str, Value]) -> Problem:
        remark = wording.filled(**values)
        if line is None or self._unit == "line":
            return Problem.of(self.file, line, remark)
        counted = (*remark.values, (UNIT, self._unit), (NUMBER, line))
        what = f"{self._unit} {line}: {remark.what}"
        return Problem.of(self.file, None, remark._replace(what=what, values=counted))

    def _main_language(self) -> str:
        if self.default_lang[:2].lower() in _WRITTEN:
            return self.default_lang[:2].lower()
        found = detect(" ".join(f"{raw.question} {raw.answer}" for raw in self._raw)[:5000])[0]
        return "" if found is Language.UNKNOWN else found.value

    def _entry(self, raw: RawEntry, main: str, found: list[Problem]) -> Passage | None:
        metadata = {key: value for key, value in raw.metadata.items() if value not in (None, "")}
        metadata["lang"] = _language(raw, metadata.get("lang"), main)
        metadata["id"] = _identifier(metadata.get("id"), raw.question)
        metadata.setdefault("topic", slug(topic_of(self.file)) or "imported")
        if metadata["lang"] not in _WRITTEN:
            self.error(raw.line, Wording.OTHER_LANGUAGE)
            return None
        line = raw.line or 1
        document = YamlDocument(metadata, {(): line})
        section = Section(raw.question, line, document, raw.answer, line)
        return entry_of(section, EntryMetadata(), self.file, found)

    def _unique(
        self, entry: Passage, raw: RawEntry, seen: dict[tuple[str, Language], Passage]
    ) -> Passage | None:
        """Return the entry under an id of its own, or None if it is a double."""
        earlier = seen.get((entry.id, entry.lang))
        if earlier and (earlier.question, earlier.answer) == (entry.question, entry.answer):
            self.skip(raw.line, Wording.SAME_ENTRY, entry=earlier.id)
            return None
        if earlier and raw.metadata.get("id"):
            self.error(raw.line, Wording.ID_TAKEN, entry=entry.id, lang=entry.lang.value)
            return None
        name, number = entry.id, 2
        while (entry.id, entry.lang) in seen:
            entry = entry.model_copy(update={"id": f"{name}-{number}"})
            number += 1
        seen[entry.id, entry.lang] = entry
        return entry


def _language(raw: RawEntry, given: object, main: str) -> str:
    code = str(given or "").strip().lower().replace("_", "-").split("-")[0]
    if code:
        return {"french": "fr", "français": "fr", "english": "en", "anglais": "en"}.get(code, code)
    found = detect(f"{raw.question} {raw.answer}")[0]
    return main if found is Language.UNKNOWN else found.value


def _identifier(given: object, question: str) -> str:
    name = str(given or "").strip()
    if re.fullmatch(ID_PATTERN, name):
        return name
    return slug(name or question) or f"entry-{zlib.crc32(question.encode()):08x}"


def plain_line(text: str) -> str:
    """Return `text` on one line, without tags, entities nor emphasis marks."""
    bare = html.unescape(_TAG.sub("", text))
    return _BREAKS.sub(" ", _EMPHASIS.sub(r"\2", bare).replace("\u200b", "")).strip(" :*#")


def clean_text(text: str) -> str:
    """Return an answer as light Markdown: no tags, no headings, no stray indentation."""
    bare = html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text
    bare = bare.replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "")
    bare = _HEADING_LINE.sub(r"**\1**", bare)
    bare = _INDENT.sub("", bare)
    return _SPACES.sub(" ", bare).strip()
