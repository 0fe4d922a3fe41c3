"""One FAQ entry from a heading, its metadata and its text: the strict form a brand pack uses."""

import re
import unicodedata
from datetime import date
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.passages import Audience, Language, Passage
from knowledge.problems import Problem
from knowledge.sources.sections import Section, read_sections, unwrapped
from knowledge.sources.validation import problems_of
from knowledge.sources.wording import SourceWording as Wording
from knowledge.sources.yaml_lines import YamlDocument

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$"
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


class EntryMetadata(BaseModel):
    """The YAML block of an entry, or the front matter that gives a file's defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None = Field(default=None, pattern=ID_PATTERN)
    """Shared by the languages of one entry. Absent: made from the heading."""
    lang: Language | None = None
    topic: str | None = None
    """Absent: the file's name."""
    aliases: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    valid_from: date | None = None
    valid_until: date | None = None
    must_include: tuple[str, ...] = ()
    next_step: str | None = None
    link: str | None = Field(default=None, pattern=r"^https://[^\s<>\"]+$")
    commitment: bool = False

    def over(self, defaults: "EntryMetadata") -> "EntryMetadata":
        """Return these metadata, with what they leave out taken from `defaults`."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return defaults.model_copy(update=given)


def slug(text: str, most: int = 60) -> str:
    """Return `text` as an id: lower-case letters, digits and hyphens, cut at a word."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", folded)
    name = ""
    for word in words:
        if name and len(name) + len(word) + 1 > most:
            break
        name = f"{name}-{word}" if name else word[:most]
    return name


def read_entries(text: str, file: str) -> tuple[list[Passage], list[Problem]]:
    """Read one FAQ file of a pack (NFC text). A bad entry is a problem and is left out."""
    read = read_sections(text, file)
    problems = list(read.problems)
    defaults = _metadata(read.defaults, file, problems)
    entries = []
    for section in read.sections:
        found: list[Problem] = []
        entry = entry_of(section, defaults, file, found)
        problems.extend(found)
        if entry and not found:
            entries.append(entry)
    return entries, problems


def _metadata(document: YamlDocument, file: str, problems: list[Problem]) -> EntryMetadata:
    try:
        return EntryMetadata.model_validate(document.data)
    except ValidationError as error:
        problems.extend(problems_of(error, EntryMetadata, document, file))
        return EntryMetadata()


def entry_of(
    section: Section, defaults: EntryMetadata, file: str, problems: list[Problem]
) -> Passage | None:
    """Return the entry of one section, or None with what is wrong added to `problems`."""
    own = _metadata(section.metadata, file, problems).over(defaults)
    answer = unwrapped(section.text)
    name = own.id or slug(section.title)
    if not answer:
        problems.append(Problem.told(file, section.line, Wording.ENTRY_EMPTY, entry=name))
    if own.lang in (None, Language.UNKNOWN):
        problems.append(Problem.told(file, section.line, Wording.ENTRY_NO_LANGUAGE, entry=name))
    if not name:
        problems.append(Problem.told(file, section.line, Wording.ENTRY_NO_ID))
    problems.extend(_date_problems(own, section, name, file))
    required = tuple(_as_written(part, answer) for part in own.must_include)
    problems.extend(_lost_conditions(own.must_include, required, section, name, file))
    if problems:
        return None
    return Passage(
        **_fields(own, file),
        id=name,
        question=_SPACES.sub(lambda m: m[0] if len(m[0]) == 1 else " ", section.title),
        answer=answer,
        must_include=tuple(part for part in required if part),
        source=f"{file}:{section.line}",
    )


def _fields(own: EntryMetadata, file: str) -> dict[str, Any]:
    return {
        "lang": own.lang,
        "aliases": own.aliases,
        "audience": own.audience,
        "valid_from": own.valid_from,
        "valid_until": own.valid_until,
        "next_step": own.next_step,
        "link": own.link,
        "is_commitment": own.commitment,
        "topic": own.topic or topic_of(file),
    }


def topic_of(file: str) -> str:
    """Return the topic a file's name gives: `delivery` for `faq/delivery.fr.md`."""
    return PurePath(file).name.split(".")[0]


def _date_problems(own: EntryMetadata, section: Section, name: str, file: str) -> list[Problem]:
    if own.valid_from and own.valid_until and own.valid_until < own.valid_from:
        line = section.metadata.line_of(("valid_until",)) or section.line
        return [Problem.told(file, line, Wording.ENTRY_ENDS_EARLY, entry=name)]
    return []


def _lost_conditions(
    wanted: tuple[str, ...], found: tuple[str | None, ...], section: Section, name: str, file: str
) -> list[Problem]:
    return [
        Problem.told(
            file,
            section.metadata.line_of(("must_include", index)) or section.line,
            Wording.CONDITION_LOST,
            entry=name,
        )
        for index, exact in enumerate(found)
        if wanted[index].strip() == "" or exact is None
    ]


def _as_written(part: str, answer: str) -> str | None:
    """Return the fragment of `answer` that `part` names; the kind of space does not matter."""
    words = [re.escape(word) for word in _SPACES.split(part.strip())]
    found = re.search(r"[\s\u00a0\u202f]+".join(words), answer)
    return found[0] if found else None
