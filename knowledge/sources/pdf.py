"""PDF: lines that ask or that stand as headings, and the text under them."""

import re
from collections import Counter
from pathlib import Path

from knowledge.sources.gathering import Gathering
from knowledge.sources.markdown import add_outline
from knowledge.sources.report import SourceReport
from knowledge.sources.wording import ImportWording as Wording

_BULLET = re.compile(r"^\s*[•▪◦‣·–-]\s+")
_NUMBERED = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+(?=[A-ZÀ-Ý])")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?\d+(?:\s*(?:/|sur|of)\s*\d+)?$", re.IGNORECASE)
_ASK = re.compile(
    r"^(?:qu|comment|combien|o[ùu]\b|pourquoi|puis-je|peut-on|est-ce|avez|faites|dois|faut|y a-t|"
    r"how|what|where|when|why|which|who|can|do|does|is|are|may|should)",
    re.IGNORECASE,
)
_MOST_HEADING = 70


def read_pdf(path: Path) -> SourceReport:
    """Read a PDF with a text layer; a scanned page is reported as empty, never guessed at."""
    from pypdf import PdfReader

    gathering = Gathering(path)
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        gathering.error(None, Wording.PDF_LOCKED)
        return gathering.report()
    lines = _lines([page.extract_text() or "" for page in reader.pages], gathering)
    add_outline(gathering, "\n".join(_as_markdown(lines)) or "\n")
    return gathering.report()


def _lines(pages: list[str], gathering: Gathering) -> list[str]:
    furniture = _repeated(pages)
    lines: list[str] = []
    for number, page in enumerate(pages, start=1):
        if not page.strip():
            gathering.empty(None, Wording.PAGE_EMPTY, page=number)
        kept = [line.strip() for line in page.split("\n")]
        lines += [line for line in kept if line not in furniture and not _PAGE_NUMBER.match(line)]
    if furniture:
        gathering.skip(None, Wording.PAGE_FURNITURE, lines=len(furniture))
    return lines


def _repeated(pages: list[str]) -> set[str]:
    """Return the lines that stand first or last on most pages of a document of three or more."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for page in pages:
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        edges.update({*lines[:2], *lines[-2:]})
    return {line for line, count in edges.items() if count * 2 > len(pages)}


def _as_markdown(lines: list[str]) -> list[str]:
    """Mark headings and questions, list lines, and paragraphs cut over several lines."""
    out: list[str] = []
    for at, line in enumerate(lines):
        previous = next((text for text in reversed(lines[:at]) if text), "")
        following = next((text for text in lines[at + 1 :] if text), "")
        if _is_question(line, previous):
            started = _question_start(out) if not _ASK.match(_NUMBERED.sub("", line)) else ""
            title = _NUMBERED.sub("", f"{started} {line}".strip())
            out += ["", f"**{title}**", ""]
        elif _is_heading(line, previous) and not _is_half(line, following):
            out += ["", f"## {_NUMBERED.sub('', line)}", ""]
        elif _BULLET.match(line):
            out.append(f"- {_BULLET.sub('', line)}")
        else:
            out.append(line)
    return out


def _is_question(line: str, previous: str) -> bool:
    is_short = len(line) <= 2 * _MOST_HEADING
    is_fresh = not previous or previous[-1] in ".!?:;…»)"
    is_asking = _ASK.match(_NUMBERED.sub("", line)) or _ASK.match(_NUMBERED.sub("", previous))
    return line.endswith("?") and is_short and bool(is_fresh or is_asking)


def _question_start(out: list[str]) -> str:
    """Take back the line before, when it is the first half of a question cut in two."""
    if out and out[-1] and _ASK.match(_NUMBERED.sub("", out[-1])) and out[-1][-1] not in ".!?":
        return out.pop()
    return ""


def _is_heading(line: str, previous: str) -> bool:
    is_fresh = not previous or previous[-1] in ".!?…"
    is_title = bool(line) and len(line) <= _MOST_HEADING and line[-1] not in ".,;:!?…"
    is_numbered = bool(_NUMBERED.match(line))
    return is_fresh and is_title and (is_numbered or line.isupper())


def _is_half(line: str, following: str) -> bool:
    """Whether `line` is the first half of a question that ends on the next one."""
    return bool(_ASK.match(_NUMBERED.sub("", line))) and following.endswith("?")
