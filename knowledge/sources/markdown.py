"""Markdown: our own FAQ form as it is, any other document by its headings and questions."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.sources.entries import EntryMetadata, read_entries, slug
from knowledge.sources.gathering import Gathering, RawEntry
from knowledge.sources.report import SourceReport
from knowledge.sources.sections import read_sections
from knowledge.sources.wording import ImportWording as Wording

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_ATX = re.compile(r"^(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^(=+|-{3,})[ \t]*$")
_DIRECTIVE = re.compile(r"^\.\.[ \t]+(?:question|faq|q)::[ \t]*(.+)$", re.IGNORECASE)
_DIRECTIVE_OPTION = re.compile(r"^[ \t]+:[a-z_-]+:")
_OTHER_DIRECTIVE = re.compile(r"^\.\.[ \t]+[\w-]+::")
_BOLD_QUESTION = re.compile(r"^(?:\*\*|__)(.+\?)[ \t]*(?:\*\*|__)[ \t]*$")
_Q_LINE = re.compile(r"^(?:Q|Question)[ \t\u00a0\u202f]*\d*[ \t\u00a0\u202f]*[:.)][ \t]+(.+)$")
_A_MARK = re.compile(
    r"^(?:A|R|Answer|R[ée]ponse)[ \t\u00a0\u202f]*\d*[ \t\u00a0\u202f]*[:.)][ \t]+"
)
_QUESTION_LEVEL = 7
"""Deeper than any heading: a question belongs to the heading above it."""


@dataclass
class _Headed:
    """A heading or question, and the lines under it."""

    title: str
    level: int
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read_markdown(path: Path) -> SourceReport:
    """Read a Markdown file; UTF-8 only."""
    gathering = Gathering(path)
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        gathering.error(line, Wording.DOCUMENT_NOT_UTF8)
        return gathering.report()
    if _is_our_form(text):
        entries, problems = read_entries(text, path.name)
        gathering.absorb(problems)
        return gathering.report(entries)
    add_outline(gathering, text)
    return gathering.report()


def _is_our_form(text: str) -> bool:
    read = read_sections(text, "")
    keys = set(read.defaults.data) & set(EntryMetadata.model_fields)
    return bool(keys) or any(section.metadata.data for section in read.sections)


def add_outline(gathering: Gathering, text: str) -> None:
    """Add one entry for each heading or question of `text` that has text of its own."""
    above: dict[int, str] = {}
    outline = _outline(text, gathering)
    for headed, following in zip(outline, [*outline[1:], None], strict=True):
        if headed.level == 0:
            if headed.text:
                gathering.skip(headed.line, Wording.NO_HEADING)
            continue
        above = {level: title for level, title in above.items() if level < headed.level}
        if headed.text:
            topic = slug(list(above.values())[-1]) if above else ""
            metadata = {"topic": topic} if topic else {}
            gathering.add(RawEntry(headed.title, headed.text, headed.line, metadata))
        elif _asks(headed) and not (following and following.level > headed.level):
            gathering.empty(headed.line, Wording.NO_ANSWER)
        else:
            gathering.skip(headed.line, Wording.BARE_HEADING)
        above[headed.level] = headed.title


def _asks(headed: _Headed) -> bool:
    return headed.level == _QUESTION_LEVEL or headed.title.rstrip().endswith("?")


def _outline(text: str, gathering: Gathering) -> list[_Headed]:
    lines = _without_front_matter(text.split("\n"), gathering)
    found = [_Headed("", 0, 1)]
    fence = ""
    for number, line in enumerate(lines, start=1):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        opened = None if fence else _opened(line, number, found[-1])
        if opened:
            found.append(opened)
        elif not _DIRECTIVE_OPTION.match(line):
            found[-1].lines.append(_A_MARK.sub("", line) if not found[-1].text else line)
    return found


def _without_front_matter(lines: list[str], gathering: Gathering) -> list[str]:
    if lines[0].rstrip() != "---":
        return lines
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "---"), 0)
    if not end:
        return lines
    gathering.skip(1, Wording.OTHER_FRONT_MATTER)
    return [""] * (end + 1) + lines[end + 1 :]


def _opened(line: str, number: int, current: _Headed) -> _Headed | None:
    """Return the heading or question that `line` begins, if any."""
    if heading := _ATX.match(line):
        return _Headed(heading[2], len(heading[1]), number)
    if _UNDERLINE.match(line) and current.lines and current.lines[-1].strip():
        is_alone = len(current.lines) == 1 or not current.lines[-2].strip()
        if is_alone:
            return _Headed(current.lines.pop(), 1 if line[0] == "=" else 2, number - 1)
    for pattern in (_DIRECTIVE, _BOLD_QUESTION, _Q_LINE):
        if question := pattern.match(line):
            return _Headed(question[1], _QUESTION_LEVEL, number)
    if _OTHER_DIRECTIVE.match(line):
        return _Headed("", 0, number)
    return None
