"""`portevoix export`: the complete trail of each reply, one item a line."""

from pathlib import Path

from agent.adapters.files.lines import write_line
from agent.bootstrap import open_workspace
from agent.cli.console import progress, whole_file
from agent.domain.ids import ItemId
from agent.settings import load_settings


def export_trails(
    workspace: Path | None, out: Path, item: str | None, *, originals: bool
) -> tuple[int, str]:
    """Write the trails; return how many and the head of the audit chain (`seq:hash`)."""
    trail = open_workspace(load_settings(workspace)).trail
    only = ItemId(item) if item else None
    count = 0
    with whole_file(out) as stream:
        for record in progress(trail.export(only, with_originals=originals), "Exporting"):
            stream.write(write_line(record))
            count += 1
    head = trail.audit_head()
    return count, f"{head.seq}:{head.hash}"
