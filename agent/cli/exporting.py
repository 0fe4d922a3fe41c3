"""`portevoix export`: the complete trail of each reply, one item a line."""

from collections.abc import Iterator
from pathlib import Path

from agent.adapters.files.lines import write_line
from agent.bootstrap import open_workspace
from agent.cli.console import progress, whole_file
from agent.domain.ids import ItemId
from agent.services.trail import TrailService
from agent.settings import load_settings


def export_trails(
    workspace: Path | None, out: Path, item: str | None, *, originals: bool
) -> tuple[int, str]:
    """Write the trails; return how many and the head of the audit chain (`seq:hash`)."""
    trail = open_workspace(load_settings(workspace)).trail
    lines = _one(trail, item, originals) if item else trail.export(with_values=originals)
    count = 0
    with whole_file(out) as stream:
        for line in progress(lines, "Exporting"):
            stream.write(f"{line}\n")
            count += 1
    head = trail.audit_head()
    return count, f"{head.seq}:{head.hash}"


def _one(trail: TrailService, item: str, originals: bool) -> Iterator[str]:
    yield write_line(trail.trail(ItemId(item), with_values=originals)).rstrip()
