"""How long each class of text is kept, and the report of what was removed when that had passed."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen
from agent.domain.ids import BrandId


class RetentionClass(StrEnum):
    """What a brand keeps for a time of its own: the keys of `retention` in brand.yaml."""

    MESSAGE = "message"
    """What customers wrote, and all that was read in it."""
    DRAFT = "draft"
    """What was proposed, with its candidates and checks."""
    APPROVED_REPLY = "approved_reply"
    """What people decided: the texts of decisions and first approvals, and their notes."""
    MODEL_TRACE = "model_trace"
    """What a model said beside its text."""


class KeptBecause(StrEnum):
    """Why something past its retention is still there: somebody, or a machine, is not done."""

    UNDRAFTED = "undrafted"
    OPEN = "open"
    """Nobody has decided."""
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    """A team has it and has neither closed it nor handed it back."""
    POSTING = "posting"
    """A reply waits or is on its way."""
    UNKNOWN = "unknown"
    """Nobody knows whether a reply left."""
    MODERATING = "moderating"
    DEAD_LETTER = "dead_letter"
    """A job on it was given up, and nobody has seen to it."""


class Purged(Frozen):
    """When the texts of one drafting were removed; None: they are there."""

    message_at: AwareDatetime | None = None
    draft_at: AwareDatetime | None = None
    trace_at: AwareDatetime | None = None


class Purge(Frozen):
    """One class of one brand, as of one moment."""

    brand_id: BrandId
    kind: RetentionClass
    at: AwareDatetime
    before: AwareDatetime
    """What is older than this is past its retention."""


class PurgeBatch(Frozen):
    """What one transaction of a purge did."""

    looked_at: int = 0
    """0: nothing is left to do."""
    emptied: int = 0
    """Fewer where a draft was made without a model, and has no trace of one."""


class PurgeLine(Frozen):
    """What became of one class of one brand."""

    brand_id: BrandId
    kind: RetentionClass
    before: AwareDatetime
    emptied: int = 0
    kept: dict[KeptBecause, int] = Field(default_factory=dict)
    """Past the retention too, and why each is still there."""


class PurgeReport(Frozen):
    """Counts only: it goes to the audit trail."""

    at: AwareDatetime
    is_dry_run: bool = False
    """True: `emptied` is what would be."""
    lines: tuple[PurgeLine, ...] = ()

    @property
    def emptied(self) -> int:
        """How many texts of every class and brand."""
        return sum(line.emptied for line in self.lines)
