"""Checks: what a rule says about a reply, and what it needs to know to say it."""

from enum import StrEnum

from pydantic import AwareDatetime

from agent.domain.base import Frozen, Text
from agent.domain.decisions import Triage
from agent.domain.drafts import ClaimLedger
from agent.domain.messages import Surface, ThreadEntry
from knowledge.passages import Language, Passage


class Verdict(StrEnum):
    """`ABSTAIN` (the rule could not decide) is never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    ABSTAIN = "abstain"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """What a failure costs: `AUTOFAIL` blocks approval."""

    AUTOFAIL = "autofail"
    MAJOR = "major"
    MINOR = "minor"


class Fix(Frozen):
    """A mend a reviewer can apply in one click: replace `[start, end)` by `replacement`."""

    start: int
    end: int
    replacement: str


class Check(Frozen):
    """The verdict of one rule on one text."""

    rule: str
    """Rubric id and short name: `T6.non_apology`. The id before the dot is the rubric's."""
    verdict: Verdict
    severity: Severity
    reason: str = ""
    """One sentence for the reviewer, in English; the desk translates by rule id."""
    start: int | None = None
    end: int | None = None
    """The words concerned, as offsets in the reply."""
    fix: Fix | None = None
    surface: Surface = Surface.PUBLIC

    @property
    def is_doubt(self) -> bool:
        """Whether certain words are left to a person, and nothing is blocked."""
        is_unsure = self.verdict is Verdict.ABSTAIN and self.severity is not Severity.AUTOFAIL
        return is_unsure and self.start is not None


class CheckSubject(Frozen):
    """A reply and all that a rule may look at. Whoever wrote it, the rules are the same."""

    reply: Text
    message: Text = ""
    """The inbound text this replies to (unredacted when the caller has it)."""
    surface: Surface = Surface.PUBLIC
    channel: str = "file"
    lang: Language = Language.UNKNOWN
    """The language the reply should be in: the message's."""
    thread: tuple[ThreadEntry, ...] = ()
    passages: tuple[Passage, ...] | None = None
    """The passages that may support the reply. None: unknown, grounding abstains on prose."""
    triage: Triage | None = None
    """None: rules that depend on the category abstain or derive what they need."""
    author: str | None = None
    statement_id: str | None = None
    """The approved statement the reply was taken from, if any."""
    now: AwareDatetime | None = None


class CheckReport(Frozen):
    """All that the rubric says of one reply."""

    checks: tuple[Check, ...] = ()
    ledger: ClaimLedger = ClaimLedger()

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed, gravest first."""
        order = list(Severity)
        failed = (check for check in self.checks if check.verdict is Verdict.FAIL)
        return tuple(sorted(failed, key=lambda check: order.index(check.severity)))

    @property
    def doubts(self) -> tuple[Check, ...]:
        """Checks that leave certain words to a person: nothing is blocked, somebody reads them."""
        return tuple(check for check in self.checks if check.is_doubt)

    @property
    def blockers(self) -> tuple[Check, ...]:
        """Auto-fail checks that failed or abstained: approval needs an edit or a reason."""
        stops = {Verdict.FAIL, Verdict.ABSTAIN}
        return tuple(
            check
            for check in self.checks
            if check.severity is Severity.AUTOFAIL and check.verdict in stops
        )
