"""What the services report: counts, problems and verdicts, never a customer's words."""

from agent.domain.base import Frozen


class IntakeReport(Frozen):
    """What came in through one channel."""

    fetched: int = 0
    added: int = 0
    duplicates: int = 0
    """Messages already here, word for word."""
    edited: int = 0
    """Messages already here that their author changed; their open items are now stale."""
    own: int = 0
    """Our own replies, read back by the channel."""
    problems: tuple[str, ...] = ()
    """One line a message that was not taken in: which one, why, the mend."""

    def plus(self, other: "IntakeReport") -> "IntakeReport":
        """Return the sum of two reports."""
        return IntakeReport(
            fetched=self.fetched + other.fetched,
            added=self.added + other.added,
            duplicates=self.duplicates + other.duplicates,
            edited=self.edited + other.edited,
            own=self.own + other.own,
            problems=self.problems + other.problems,
        )


class PostingReport(Frozen):
    """What became of the posts that were handled."""

    sent: int = 0
    unknown: int = 0
    """The network did not say; `resolve_unknown` or a person finds out."""
    returned: int = 0
    """Back to review: no reply is possible there any more."""
    postponed: int = 0
    """The network refused for now; tried again later."""
    by_hand: int = 0
    """Waiting for a person to post them and to say so."""
    problems: tuple[str, ...] = ()
    """One line a post that did not leave: which one, why, what to do."""

    def plus(self, other: "PostingReport") -> "PostingReport":
        """Return the sum of two reports."""
        return PostingReport(
            sent=self.sent + other.sent,
            unknown=self.unknown + other.unknown,
            returned=self.returned + other.returned,
            postponed=self.postponed + other.postponed,
            by_hand=self.by_hand + other.by_hand,
            problems=self.problems + other.problems,
        )


class ModerationReport(Frozen):
    """What became of the decisions to moderate that were handled."""

    done: int = 0
    postponed: int = 0
    by_hand: int = 0
    """The network does not let us: a person does it there."""
    problems: tuple[str, ...] = ()


class AuditHead(Frozen):
    """The last link of the audit chain: keep it outside to prove that nothing was cut off."""

    seq: int
    hash: str


class AuditVerdict(Frozen):
    """The result of walking the audit chain."""

    is_intact: bool
    entries: int
    head: AuditHead
    problem: str = ""
    """Which link is broken, and how."""
