"""A brand pack over time: its versions, the proposals to change it, what a what-if found."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, Text, sha256_of
from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId, GuidelineVersion
from agent.domain.reviews import Reviewer

PackTexts = dict[str, str]
"""Path in the pack's folder -> text, line ends as on disk. The brand's own eval cases included."""

Changes = dict[str, str | None]
"""Path -> its new text; None: the file is deleted."""

CASES_FOLDER = "evals/"
"""The brand's own eval cases: in the folder and the archive, never in the guideline version."""

_TOP_FILES = frozenset({"brand.yaml", "exemplars.yaml"})
_HOMES = ("guidelines", "faq", "statements", "evals")
_SUFFIXES = frozenset({".md", ".yaml"})


def refuse_path(path: str) -> None:
    """Refuse a path that is no file of a pack.

    Raises:
        ConfigurationError: it leaves the pack, is hidden, or is of another kind.
    """
    parts = PurePosixPath(path).parts
    is_top = path in _TOP_FILES
    is_inside = len(parts) > 1 and parts[0] in _HOMES and not path.startswith("/")
    is_plain = "\\" not in path and all(not part.startswith(".") for part in parts)
    if not (is_plain and (is_top or is_inside) and PurePosixPath(path).suffix in _SUFFIXES):
        raise ConfigurationError(
            f"{path}: not a file of a pack; use brand.yaml, exemplars.yaml, or a .md or .yaml file"
            f" in {', '.join(_HOMES)}"
        )


def changed(texts: Mapping[str, str], changes: Mapping[str, str | None]) -> PackTexts:
    """Return `texts` with `changes` made."""
    kept = {path: text for path, text in texts.items() if path not in changes}
    return dict(sorted({**kept, **{p: t for p, t in changes.items() if t is not None}}.items()))


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """Return the changes that make `after` of `before`."""
    paths = sorted({*before, *after})
    return {path: after.get(path) for path in paths if before.get(path) != after.get(path)}


class PackStamp(Frozen):
    """One activation of a pack: who, when, why, and what it was made of."""

    brand_id: BrandId
    number: int = Field(ge=1)
    """1, 2, 3…: the same content may be activated again under another number."""
    version: GuidelineVersion
    at: AwareDatetime
    by: Reviewer
    note: Text = ""
    proposal_id: str | None = None
    override_reason: Text = ""
    """Why it was activated against the gate, if it was."""


class TrialColour(StrEnum):
    """What a what-if came to."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    INVALID = "invalid"
    """Too many cases could not be told: neither its failures nor its passes can be believed."""

    @property
    def blocks(self) -> bool:
        """Whether activation needs a reason."""
        return self in {TrialColour.RED, TrialColour.INVALID}


class Trial(Frozen):
    """What a proposal would have done, told by one what-if."""

    current: GuidelineVersion
    """The version it was compared with."""
    changes_sha256: str
    """Of the changes it tried: other changes need another what-if."""
    at: AwareDatetime
    by: Reviewer
    colour: TrialColour
    reasons: tuple[Text, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    """How many past items change in which way."""
    past: int = 0
    cases: int = 0
    place: str = ""
    """Name of its folder in the workspace's `what-if/`."""


class ProposalStatus(StrEnum):
    OPEN = "open"
    ACTIVATED = "activated"
    WITHDRAWN = "withdrawn"


class Proposal(Frozen):
    """Changes to a pack that are not in force: nothing of them is written to its folder."""

    id: str
    brand_id: BrandId
    owner: Reviewer
    note: Text = ""
    status: ProposalStatus = ProposalStatus.OPEN
    base: GuidelineVersion
    """The version the changes were written against."""
    changes: Changes = Field(default_factory=dict)
    revision: int = Field(default=1, ge=1)
    """One more with every save."""
    trial: Trial | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime

    @property
    def is_open(self) -> bool:
        return self.status is ProposalStatus.OPEN

    @property
    def changes_sha256(self) -> str:
        """The hash of what would change."""
        return sha256_of(self.changes)

    def is_tried_on(self, current: GuidelineVersion) -> bool:
        """Whether the what-if at hand is of these changes against that version."""
        trial = self.trial
        is_same = trial is not None and trial.changes_sha256 == self.changes_sha256
        return is_same and trial is not None and trial.current == current


class Learned(Frozen):
    """What a brand lead said of one suggestion: it is not made again."""

    brand_id: BrandId
    key: str
    kind: str
    is_accepted: bool
    text: Text
    """What was suggested, redacted: later ones that say the same are known by it."""
    items: tuple[str, ...] = ()
    """The review items behind it."""
    by: Reviewer
    at: AwareDatetime
