"""DOCX: headings and bold questions, lists and tables, in the order of the document."""

import re
from pathlib import Path
from typing import Any

from knowledge.sources.gathering import Gathering
from knowledge.sources.markdown import add_outline
from knowledge.sources.records import add_record, has_question
from knowledge.sources.report import SourceReport

_LEVEL = re.compile(r"(?:heading|titre)\s*(\d)", re.IGNORECASE)
_LIST = re.compile(r"list|liste", re.IGNORECASE)


def read_docx(path: Path) -> SourceReport:
    """Read a Word document. A table with a question column is read as records."""
    from docx import Document

    gathering = Gathering(path, unit="paragraph")
    lines: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if hasattr(block, "rows"):
            lines.extend(_table(gathering, block))
        else:
            lines.append(_paragraph(block))
    add_outline(gathering, "\n".join(lines) or "\n")
    return gathering.report()


def _paragraph(paragraph: Any) -> str:
    """Return one paragraph as one line of Markdown; blank lines are added between them."""
    text = " ".join(paragraph.text.split("\n")).strip()
    if not text:
        return ""
    style = f"{paragraph.style.name} {paragraph.style.style_id}" if paragraph.style else ""
    if found := _LEVEL.search(style):
        return f"{'#' * min(int(found[1]) or 1, 6)} {text}"
    if style.startswith("Title"):
        return f"# {text}"
    if _LIST.search(style):
        return f"- {text}"
    runs = [run for run in paragraph.runs if run.text.strip()]
    if text.endswith("?") and runs and all(run.bold for run in runs):
        return f"**{text}**"
    return f"{text}\n"


def _table(gathering: Gathering, table: Any) -> list[str]:
    rows = [[cell.text.strip() for cell in row.cells] for row in table.rows]
    if rows and has_question(rows[0]):
        for number, row in enumerate(rows[1:], start=2):
            add_record(gathering, dict(zip(rows[0], row, strict=False)), number)
        return []
    return [f"- {' | '.join(cell for cell in row if cell)}" for row in rows if any(row)]
