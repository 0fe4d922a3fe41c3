"""What is marked in the draft while it is written: its sentences, and the words a rule is about."""

from typing import Any

from agent.domain.checks import Check, CheckReport
from agent.domain.messages import Surface
from ui.widgets.checks import is_to_verify, to_show, tone_of
from ui.widgets.ledger import linked
from ui.widgets.markup import Mark


def check_link(surface: Surface, at: int) -> str:
    """Return the name shared by a failed check and its words: the `at`th shown of its text."""
    return f"check-{surface.value}-{at}"


def editor_marks(key: str, text: str, surface: Surface, report: CheckReport) -> dict[str, Any]:
    """Return what the browser marks in one editor (see `ui.components.linked_words`)."""
    marks = [
        Mark(one.line.start, one.line.end, f"pv-says-{one.line.status.value}", one.link)
        for one in linked(report.ledger, surface)
    ]
    marks += [
        Mark(check.start, check.end, _look(check), link)
        for check, link in _with_words(report, surface)
        if check.start is not None and check.end is not None
    ]
    return {
        "key": key,
        "text": text,
        "marks": [
            {"start": units(text, m.start), "end": units(text, m.end), "css": m.css, "link": m.link}
            for m in marks
            if m.start < m.end
        ],
    }


def _look(check: Check) -> str:
    return "pv-says-unsupported" if is_to_verify(check) else f"pv-wrong pv-wrong-{tone_of(check)}"


def _with_words(report: CheckReport, surface: Surface) -> list[tuple[Check, str]]:
    shown = enumerate(to_show(report))
    return [(check, check_link(surface, at)) for at, check in shown]


def units(text: str, at: int) -> int:
    """Return an offset in UTF-16 units, as browsers count."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
