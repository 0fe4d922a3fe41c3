"""`portevoix purge`: what is past its retention, removed or only counted."""

import json
from collections.abc import Iterator
from pathlib import Path

from agent.bootstrap import open_workspace
from agent.bootstrap.keeping import build_retention
from agent.domain.retention import KeptBecause, PurgeLine, PurgeReport
from agent.settings import load_settings

_BECAUSE = {
    KeptBecause.UNDRAFTED: "not drafted yet",
    KeptBecause.OPEN: "waiting for a decision",
    KeptBecause.CLAIMED: "claimed",
    KeptBecause.SNOOZED: "snoozed",
    KeptBecause.ESCALATED: "with a team",
    KeptBecause.POSTING: "reply not sent yet",
    KeptBecause.UNKNOWN: "reply of unknown outcome",
    KeptBecause.MODERATING: "moderation not done yet",
    KeptBecause.DEAD_LETTER: "job given up, see `portevoix jobs dead`",
}


def purge_lines(workspace: Path | None, *, is_dry_run: bool, as_json: bool) -> Iterator[str]:
    """Purge, or count what a purge would remove, and yield the report."""
    service = build_retention(open_workspace(load_settings(workspace)))
    report = service.preview() if is_dry_run else service.purge()
    if as_json:
        yield json.dumps(report.model_dump(mode="json"), ensure_ascii=False)
    else:
        yield from _told(report)


def _told(report: PurgeReport) -> Iterator[str]:
    done = "would be removed" if report.is_dry_run else "removed"
    for line in report.lines:
        yield f"{line.brand_id} · {_line(line, done)}"
    yield f"{report.emptied} texts {done}."


def _line(line: PurgeLine, done: str) -> str:
    head = f"{line.kind.value}: {line.emptied} {done}, older than {line.before:%Y-%m-%d %H:%M} UTC"
    kept = ", ".join(f"{count} {_BECAUSE[because]}" for because, count in line.kept.items())
    return f"{head}; kept: {kept}" if kept else head
