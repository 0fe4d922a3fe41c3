"""What a rule is: an id of the rubric, a severity, a function, and the examples that prove it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.domain.checks import Fix, Severity, Verdict
from agent.domain.decisions import Category
from agent.domain.messages import Surface
from agent.steps.check.case import Case


class Finding(NamedTuple):
    """Something wrong at `[start, end)` of the reply; `severity` None is the rule's own."""

    reason: str
    start: int | None = None
    end: int | None = None
    fix: Fix | None = None
    severity: Severity | None = None


class Unsaid(NamedTuple):
    """The rule has no verdict of its own: it does not apply, or it cannot decide."""

    verdict: Verdict
    reason: str
    severity: Severity | None = None
    start: int | None = None
    end: int | None = None


Outcome = Finding | Sequence[Finding] | Unsaid | None
"""None is a pass."""


class Example(NamedTuple):
    """A reply, and what a rule may look at to judge it. Tests run the rule on each."""

    lang: str
    reply: str
    message: str = ""
    passages: tuple[str, ...] | None = None
    """Answers that may support the reply; `@id` takes a passage of the example brand."""
    surface: Surface = Surface.PUBLIC
    thread: tuple[tuple[str, str], ...] = ()
    author: str | None = None
    channel: str = "file"
    statement_id: str | None = None
    category: Category | None = None
    """With a category, the example carries a triage; without, rules derive what they need."""
    register: str | None = None


@dataclass(frozen=True)
class Rule:
    """One item of the rubric."""

    id: str
    severity: Severity
    find: Callable[[Case], Outcome]
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
    may_rise: bool = False
    """Whether a finding may be an auto-fail although the rule as such is not one."""

    @property
    def may_block(self) -> bool:
        """Whether a failure of this rule may forbid approval."""
        return self.may_rise or self.severity is Severity.AUTOFAIL


def not_applicable(reason: str) -> Unsaid:
    """The rule has nothing to say on such a reply."""
    return Unsaid(Verdict.NOT_APPLICABLE, reason)


def abstain(
    reason: str,
    severity: Severity | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Unsaid:
    """The rule could not decide: a person or a judge must look, at `[start, end)` if given."""
    return Unsaid(Verdict.ABSTAIN, reason, severity, start, end)


NEEDS_JUDGE = not_applicable("needs a judge")
PRIVATE = not_applicable("only for what others can read")


def replace(start: int, end: int, replacement: str) -> Fix:
    """Return the fix that puts `replacement` in place of `[start, end)`."""
    return Fix(start=start, end=end, replacement=replacement)
