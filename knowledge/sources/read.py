"""Any document a brand has: read by its kind, with an account of what it gave."""

from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.problems import Problem, Value
from knowledge.sources.markdown import read_markdown
from knowledge.sources.pdf import read_pdf
from knowledge.sources.report import SourceReport
from knowledge.sources.tables import read_csv, read_jsonl, read_xlsx
from knowledge.sources.web_page import read_html
from knowledge.sources.word import read_docx
from knowledge.sources.wording import ImportWording as Wording

_READERS: dict[str, Callable[[Path], SourceReport]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".jsonl": read_jsonl,
    ".json": read_jsonl,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
KINDS = tuple(sorted(suffix.removeprefix(".") for suffix in _READERS))
_MOST_BYTES = 30_000_000


def read_source(path: Path) -> SourceReport:
    """Read one document. It never raises for what the document holds: see the report."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        return _unread(path, Wording.KIND_NOT_READ, kinds=", ".join(KINDS))
    try:
        if path.stat().st_size > _MOST_BYTES:
            return _unread(path, Wording.DOCUMENT_LARGE, most=_MOST_BYTES // 10**6)
        return reader(path)
    except OSError as error:
        problem = error.strerror or "damaged"
        return _unread(path, Wording.DOCUMENT_CLOSED, problem=problem)
    except Exception as error:
        # A damaged document makes its vendor's reader raise anything at all. The document is
        # reported to the person who gave it, and the next one is read.
        names = {"kind": path.suffix, "problem": type(error).__name__}
        return _unread(path, Wording.DOCUMENT_DAMAGED, **names)


def read_sources(path: Path) -> Iterator[SourceReport]:
    """Read a document, or every document of a folder in the order of their names."""
    if not path.is_dir():
        yield read_source(path)
        return
    for found in sorted(path.rglob("*")):
        if found.is_file() and not any(part.startswith(".") for part in found.parts):
            yield read_source(found)


def _unread(path: Path, wording: Wording, /, **values: Value) -> SourceReport:
    return SourceReport(str(path), errors=(Problem.told(path.name, None, wording, **values),))
