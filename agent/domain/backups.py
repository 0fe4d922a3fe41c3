"""A backup: one archive with all that an installation cannot make again, and its manifest."""

from pydantic import AwareDatetime

from agent.domain.base import Frozen
from agent.domain.reports import AuditHead

BACKUP_FORMAT = 1
"""Changed when an older program could not read the archive any more."""
TABLES, FILES = "database/", "files/"
"""Where the parts of an archive are: a table as JSON lines each, and the workspace's files."""


class BackupPart(Frozen):
    """One file of the archive."""

    path: str
    sha256: str
    size: int
    """Bytes."""
    rows: int | None = None
    """Of a table."""

    @property
    def table(self) -> str | None:
        """The table it holds: the name without the number that orders the tables."""
        if not self.path.startswith(TABLES):
            return None
        return self.path.removeprefix(TABLES).removesuffix(".jsonl").partition("-")[2]


class BackupManifest(Frozen):
    """What an archive holds; it is the last file of it, so an archive cut short has none."""

    format: int = BACKUP_FORMAT
    taken_at: AwareDatetime
    """All rows are as they were together at this moment."""
    program: str
    """The version of Portevoix that wrote it."""
    engine: str
    """`sqlite` or `postgresql`: where it comes from, not where it must go."""
    revision: str
    """The schema's revision."""
    audit_head: AuditHead
    parts: tuple[BackupPart, ...]
    left_out: tuple[str, ...] = ()
    """What is not in it and must be set again, a line each."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(part.rows or 0 for part in self.parts)

    @property
    def files(self) -> tuple[BackupPart, ...]:
        """The workspace's files."""
        return tuple(part for part in self.parts if part.path.startswith(FILES))
