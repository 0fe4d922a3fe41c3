"""Every error we raise on purpose. The class docstring is the default message.

A message says what happened, where (file, line or id) and what to do next. None of them ever
quotes a customer's words or a secret.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.domain.models import ModelUsage
    from knowledge.problems import Problem


class PortevoixError(Exception):
    """Something went wrong that we did not foresee; run `portevoix doctor` and report it."""

    exit_code = 1

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class ConfigurationError(PortevoixError):
    """The settings are not usable; `portevoix doctor` shows them resolved."""

    exit_code = 2


class WorkspaceError(ConfigurationError):
    """The workspace cannot be used: check that the folder exists and can be written."""


class BrandPackError(ConfigurationError):
    """The brand pack is not valid; `portevoix lint DIR` lists every problem with its line."""

    def __init__(self, message: str = "", problems: "Sequence[Problem]" = ()) -> None:
        self.problems = tuple(problems)
        """Every problem found, in the order of the files."""
        super().__init__("\n".join([message, *map(str, self.problems)]).strip())


class InputLineError(PortevoixError):
    """A line of the input could not be read; the other lines went on."""

    def __init__(self, line: int, problem: str, mend: str = "") -> None:
        self.line = line
        self.problem = problem
        self.mend = mend
        super().__init__(f"line {line}: {problem}" + (f" ({mend})" if mend else ""))


class StepFailed(PortevoixError):
    """A step of the pipeline failed; the message goes to a person."""

    def __init__(self, step: str, cause: str = "") -> None:
        self.step = step
        super().__init__(f"step {step} failed" + (f": {cause}" if cause else ""))


class ModelError(StepFailed):
    """The chat model gave nothing that can be used."""

    def __init__(self, role: str, cause: str, usage: "ModelUsage | None" = None) -> None:
        self.role = role
        self.cause = cause
        self.usage = usage
        """What was paid for all the same."""
        super().__init__(f"models.{role}", cause)


class ModelUnavailable(ModelError):
    """The chat model did not answer: time-out, fault, breaker open or budget spent."""


class ModelRefused(ModelError):
    """The chat model declined to answer."""


class ModelAnswerInvalid(ModelError):
    """The chat model answered something that is not JSON of the schema asked for."""


class StoreError(PortevoixError):
    """The database refused the change; nothing was written."""


class InvariantMissing(StoreError):
    """A safety trigger or constraint is missing in the database; run the migrations again."""

    exit_code = 2


class NotFound(PortevoixError):
    """There is no such item; it may have been erased."""


class NotAllowed(PortevoixError):
    """This person may not do that here; ask an administrator for the role."""


class SignInRefused(NotAllowed):
    """The login or the password is not right; try again, or ask for a new link."""


class TooManyAttempts(NotAllowed):
    """Too many attempts to sign in; wait a quarter of an hour, or ask for a new link."""


class PeopleRule(NotAllowed):
    """A rule about people and roles does not allow this."""

    def __init__(self, rule: str, message: str = "") -> None:
        self.rule = rule
        """`above`, `last_admin`, `login_taken`, `known` or `incomplete`."""
        super().__init__(message)


class WeakPassword(NotAllowed):
    """This may not be a password; choose a longer one."""

    def __init__(self, rule: str, message: str = "") -> None:
        self.rule = rule
        """`short`, `long` or `common`."""
        super().__init__(message)


class AlreadyDecided(PortevoixError):
    """Somebody decided this item first; open it to see what was decided."""

    def __init__(self, by: str, decision: str) -> None:
        self.by = by
        self.decision = decision
        super().__init__(f"already decided by {by}: {decision}")


class ClaimedByOther(PortevoixError):
    """Somebody else is working on this item; take another or wait for the claim to expire."""

    def __init__(self, by: str, until: str = "") -> None:
        self.by = by
        self.until = until
        super().__init__(f"{by} has this item" + (f" until {until}" if until else ""))


class SecondApproverNeeded(PortevoixError):
    """You approved this text already; the brand asks that another person approve it as well."""


class IncompleteDecision(PortevoixError):
    """The decision lacks something it must carry; fill it in and decide again."""


class TextMismatch(PortevoixError):
    """The text on screen is not the text that would be stored; reload the item and try again."""


class StaleItem(PortevoixError):
    """The thread, a cited passage or the guideline changed since drafting; redraft the item."""


class BlockedByChecks(PortevoixError):
    """A check that blocks approval failed; edit the text, or override it with a reason."""

    def __init__(self, message: str = "", rules: tuple[str, ...] = ()) -> None:
        self.rules = rules
        """Ids of the rules that block."""
        super().__init__(message)


class ProposalClosed(PortevoixError):
    """This proposal was activated or withdrawn already; open a new one."""


class ProposalChanged(PortevoixError):
    """Somebody saved this proposal meanwhile; reload it and look again."""


class PackConflict(PortevoixError):
    """A file of this proposal changed since it was written; look at both and save it again."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        """The files in question."""
        super().__init__(
            f"changed since this proposal was written: {', '.join(paths)}; compare, save again"
        )


class FolderChanged(PackConflict):
    """The pack's folder was edited by hand since its last activation; take those edits over."""


class BrandIdChanged(ConfigurationError):
    """The brand's id cannot be changed by a proposal: items, roles and settings carry it."""

    def __init__(self, before: str, after: str) -> None:
        self.before = before
        self.after = after
        super().__init__(
            f"brand.id cannot be changed from `{before}` to `{after}` here: items, roles and"
            " settings carry it"
        )


class BlockedByGate(PortevoixError):
    """The what-if forbids activation; mend the change, or override it with a reason."""

    def __init__(self, causes: tuple[str, ...]) -> None:
        self.causes = causes
        """`untried`, `red`, `invalid`, `lint`."""
        super().__init__(f"activation is blocked ({', '.join(causes)}): mend it, or give a reason")


class ChannelError(PortevoixError):
    """The channel refused the request; the post stays in the outbox."""


class OutcomeUnknown(ChannelError):
    """The channel did not say whether the post went out; it will be looked up, never resent."""


class SignatureRefused(ChannelError):
    """The signature of the request does not fit: check the secret at both ends."""


class CannotReply(ChannelError):
    """The network does not allow a reply there any more; answer by hand or close the item."""


class PostByHand(ChannelError):
    """This channel is answered by hand: copy the text, post it there, mark it as posted."""


class JobFailed(PortevoixError):
    """A job failed; it is tried again, and given up to a person in the end."""


class CredentialsRefused(ChannelError):
    """The network refuses the credentials: renew them in the settings."""


class NoticeFailed(PortevoixError):
    """A notification did not arrive; it is tried again, and given up in the end."""

    def __init__(
        self,
        message: str = "",
        *,
        wait_seconds: float = 0.0,
        is_final: bool = False,
        is_unknown: bool = False,
    ) -> None:
        self.wait_seconds = wait_seconds
        """How long the other end asks to be left alone."""
        self.is_final = is_final
        """Whether another try would fail as well."""
        self.is_unknown = is_unknown
        """Whether it may have arrived all the same."""
        super().__init__(message)
