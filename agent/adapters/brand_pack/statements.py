"""Approved statements: one a file under its front matter, or one a `##` heading."""

from typing import Any

from pydantic import ValidationError

from agent.adapters.brand_pack.files import PackFiles
from agent.adapters.brand_pack.wording import PackWording
from agent.domain.brand import Statement
from knowledge.problems import Problem
from knowledge.sources.sections import NOTHING, Section, Sections, read_sections, unwrapped
from knowledge.sources.validation import problems_of
from knowledge.sources.yaml_lines import YamlDocument


def read_statements(files: PackFiles, problems: list[Problem]) -> list[Statement]:
    """Return the statements of `statements/*.md`; each bad one is added to `problems`."""
    statements = []
    for name in files.inside("statements"):
        read = read_sections(files.texts[name], name)
        problems.extend(read.problems)
        for section, defaults in _sections(read):
            if found := _statement(section, defaults, name, problems):
                statements.append(found)
    return statements


def _sections(read: Sections) -> list[tuple[Section, YamlDocument]]:
    if read.sections:
        return [(section, read.defaults) for section in read.sections]
    if not read.preamble and not read.defaults.data:
        return []
    whole = Section(read.title, 1, read.defaults, read.preamble, read.preamble_line)
    return [(whole, NOTHING)]


def _statement(
    section: Section, defaults: YamlDocument, file: str, problems: list[Problem]
) -> Statement | None:
    text = unwrapped(section.text)
    if not text:
        problems.append(Problem.told(file, section.line, PackWording.STATEMENT_EMPTY))
        return None
    given: dict[str, Any] = {**defaults.data, **section.metadata.data}
    lines = {(): section.line, **_named(defaults), **_named(section.metadata)}
    source = f"{file}:{section.line}"
    try:
        return Statement.model_validate({**given, "text": text, "source": source})
    except ValidationError as error:
        problems.extend(problems_of(error, Statement, YamlDocument(given, lines), file))
        return None


def _named(document: YamlDocument) -> dict[tuple[str | int, ...], int]:
    return {path: line for path, line in document.lines.items() if path}
