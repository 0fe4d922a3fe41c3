"""Markdown cut into `##` sections, each with its small YAML block: our FAQ and statement files.

---
lang: fr                 front matter: defaults of every section
---
# Title
## Heading
```yaml                  or a bare `---` block, right under the heading
id: my-entry
```
The text, until the next `##`.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from knowledge.problems import Problem
from knowledge.sources.wording import SourceWording as Wording
from knowledge.sources.yaml_lines import YamlDocument, YamlError, load_yaml

_HEADING = re.compile(r"^##[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_TITLE = re.compile(r"^#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOCK_LINE = re.compile(r"^\s*(?:[-*+•>|#]|\d{1,3}[.)]\s|`{3}|~{3})")

NOTHING = YamlDocument({}, {})


class Section(NamedTuple):
    """One `##` heading, its metadata and its text."""

    title: str
    line: int
    metadata: YamlDocument
    text: str
    text_line: int
    """The first line of the text."""


class Sections(NamedTuple):
    """A Markdown file as read."""

    title: str
    """The first `#` heading, or empty."""
    defaults: YamlDocument
    preamble: str
    """What stands before the first `##`: a note for editors, or the file's only text."""
    preamble_line: int
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]


def read_sections(text: str, file: str) -> Sections:
    """Cut `text` into sections; bad metadata is a problem, and its section has none."""
    problems: list[Problem] = []
    lines = text.split("\n")
    defaults, body = _front_matter(lines, file, problems)
    starts = _headings(lines, body)
    preamble = lines[body : starts[0] if starts else len(lines)]
    title = next((m[1] for line in preamble if (m := _TITLE.match(line))), "")
    sections = [
        _section(lines, start, end, file, problems)
        for start, end in pairwise([*starts, len(lines)])
    ]
    without_title = "\n".join("" if _TITLE.match(line) else line for line in preamble)
    prose, skipped = _trimmed(without_title)
    return Sections(title, defaults, prose, body + skipped + 1, tuple(sections), tuple(problems))


def _front_matter(lines: list[str], file: str, problems: list[Problem]) -> tuple[YamlDocument, int]:
    if lines[0].rstrip() != "---":
        return NOTHING, 0
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "---"), None)
    if end is None:
        problems.append(Problem.told(file, 1, Wording.FRONT_MATTER_OPEN))
        return NOTHING, 1
    return _metadata(lines, 1, end, file, problems), end + 1


def _headings(lines: list[str], start: int) -> list[int]:
    found: list[int] = []
    fence = ""
    for at in range(start, len(lines)):
        opened = _FENCE.match(lines[at])
        if opened and not fence:
            fence = opened[1]
        elif opened and lines[at].startswith(fence):
            fence = ""
        elif not fence and _HEADING.match(lines[at]):
            found.append(at)
    return found


def _section(lines: list[str], start: int, end: int, file: str, problems: list[Problem]) -> Section:
    heading = _HEADING.match(lines[start])
    title = heading[1] if heading else ""
    metadata, body = _block(lines, start + 1, end, file, problems)
    text, skipped = _trimmed("\n".join(lines[body:end]))
    return Section(title, start + 1, metadata, text, body + skipped + 1)


def _block(
    lines: list[str], start: int, end: int, file: str, problems: list[Problem]
) -> tuple[YamlDocument, int]:
    at = next((at for at in range(start, end) if lines[at].strip()), end)
    opening = lines[at].strip() if at < end else ""
    if opening not in {"---", "```yaml", "```yml"}:
        return NOTHING, start
    closing = "---" if opening == "---" else "```"
    close = next((n for n in range(at + 1, end) if lines[n].strip() == closing), None)
    if close is None:
        problems.append(Problem.told(file, at + 1, Wording.METADATA_OPEN, end=closing))
        return NOTHING, at + 1
    return _metadata(lines, at + 1, close, file, problems), close + 1


def _metadata(
    lines: list[str], start: int, end: int, file: str, problems: list[Problem]
) -> YamlDocument:
    try:
        document = load_yaml("\n".join(lines[start:end]), first_line=start + 1)
    except YamlError as error:
        problems.append(error.in_file(file))
        return NOTHING
    if document.data is None:
        return NOTHING
    if not isinstance(document.data, dict):
        problems.append(Problem.told(file, start + 1, Wording.METADATA_NOT_KEYS))
        return NOTHING
    return document


def _trimmed(text: str) -> tuple[str, int]:
    """Return the text without comments and outer blank lines, and how many lines were before it."""
    bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    before = bare[: len(bare) - len(bare.lstrip())]
    return bare.strip(), before.count("\n")


def unwrapped(text: str) -> str:
    """Return `text` with hard-wrapped lines joined: in Markdown, one end of line is a space."""
    paragraphs = [_joined(part) for part in re.split(r"\n[ \t]*\n", text)]
    return "\n\n".join(part for part in paragraphs if part)


def _joined(paragraph: str) -> str:
    lines: list[str] = []
    for line in paragraph.split("\n"):
        if not line.strip():
            continue
        if lines and not _BLOCK_LINE.match(line):
            lines[-1] = f"{lines[-1].rstrip(' ')} {line.strip(' ')}"
        else:
            lines.append(line.rstrip(" "))
    return "\n".join(lines)
