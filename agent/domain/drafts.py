"""What the agent proposes. It is a draft until a person has approved its exact text."""

from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen, Text, sha256_of
from agent.domain.decisions import Route
from agent.domain.models import ModelUsage, PromptRef
from knowledge.passages import Band

Texts = tuple[str | None, str | None]
"""Public, private."""

MODEL_DRAFTER = "llm:"
"""What the name of a drafter that asked a model begins with; the model's own name follows."""


class Citation(Frozen):
    """The passage that supports one sentence of a draft."""

    sentence: str
    passage_id: str


class LedgerStatus(StrEnum):
    """What stands behind a sentence."""

    SUPPORTED = "supported"
    COURTESY = "courtesy"
    UNSUPPORTED = "unsupported"


class LedgerLine(Frozen):
    """One sentence of a reply and what stands behind it."""

    sentence: str
    status: LedgerStatus
    passage_id: str | None = None
    start: int = 0
    end: int = 0
    """Offsets of the sentence in the reply."""
    reason: str = ""
    """For `unsupported`: the number, date, price, link or promise that no passage carries."""
    is_blocking: bool = False
    """An unsupported price, date, number, link or promise: approval needs a reason."""


class ClaimLedger(Frozen):
    """Every sentence of one text, in order."""

    lines: tuple[LedgerLine, ...] = ()

    @property
    def blocking(self) -> tuple[LedgerLine, ...]:
        """The lines that forbid approval until edited or overridden with a reason."""
        return tuple(line for line in self.lines if line.is_blocking)

    @property
    def unsupported(self) -> tuple[LedgerLine, ...]:
        """The sentences that no source carries, blocking or a person's to judge."""
        return tuple(line for line in self.lines if line.status is LedgerStatus.UNSUPPORTED)


class Candidate(Frozen):
    """A ready draft from one passage, one key away in the desk."""

    passage_id: str
    score: float
    public: Text | None = None
    private: Text | None = None


class NoteKind(StrEnum):
    """What the reviewer must know about a draft; the desk has its own words for each."""

    NO_ANSWER = "no_answer"
    UNSURE = "unsure"
    """Candidates exist, none is sure enough: choose one."""
    PARTLY_ANSWERED = "partly_answered"
    """Some questions are answered, the others are passed on."""
    OTHER_LANGUAGE = "other_language"
    """The approved answer exists in another language only."""
    OUT_OF_DATE = "out_of_date"
    """The entry that would answer is not in force today."""
    CONTRADICTION = "contradiction"
    TOO_LONG = "too_long"
    """The approved text does not fit this channel without losing a condition."""
    NO_STATEMENT = "no_statement"
    """No approved statement for this category is in force in this language."""
    SPECIALIST_WRITES = "specialist_writes"
    """A routine draft is never proposed for this category."""
    NO_PRIVATE_PATH = "no_private_path"
    """The brand pack does not say how to reach us in private from this channel."""
    NO_APPROVED_TEXT = "no_approved_text"
    """The brand pack lacks the phrasing this reply needs."""
    NO_DISCLOSURE = "no_disclosure"
    """The policy asks for a disclosure and the pack has none in this language."""
    LANGUAGE_UNKNOWN = "language_unknown"
    INJECTION = "injection"
    MODERATE = "moderate"
    NO_REPLY = "no_reply"
    CHECK_FAILED = "check_failed"
    """No composition passed every auto-fail rule."""
    STEP_FAILED = "step_failed"
    MODEL_UNUSED = "model_unused"
    """The chat model gave no usable text; approved text stands instead."""
    MODEL_SILENT = "model_silent"
    """The chat model that should have read the message gave no answer: read it with care."""
    WORDS_ALONE = "words_alone"
    """The search by meaning could not be made: another entry may answer better."""
    MODEL_ESCALATES = "model_escalates"
    """The chat model found that a colleague must act."""
    WISH_ENTRY = "wish_entry"
    """As a person asked: answered from another entry."""
    WISH_SHORTER = "wish_shorter"
    WISH_WORDING = "wish_wording"
    """As a person asked: other approved phrasings."""
    WISH_REGISTER = "wish_register"
    WISH_REGISTER_FIXED = "wish_register_fixed"
    """A person asked for another form of address, and the brand has one only."""
    WISH_UNHEARD = "wish_unheard"
    """Nothing in a person's note that approved text can follow: the draft is as it was."""


class Note(Frozen):
    """One thing the reviewer must know, with the passage, category or rule concerned."""

    kind: NoteKind
    about: str = ""


class Origin(Frozen):
    """What a model was asked and what it took, whether or not its text was kept."""

    prompt: PromptRef
    model: str
    usage: ModelUsage = ModelUsage()
    is_repaired: bool = False
    route: Route | None = None
    """What the model advises. It may raise the route that triage found, never lower it."""
    reason: Text = ""
    open_questions: tuple[Text, ...] = ()
    """Questions that no passage answers, in the model's words."""


class Wish(Frozen):
    """What a person asked of the drafter, having read a draft."""

    note: Text
    """Their words without personal data: what the drafter saw."""
    turn: int = Field(default=1, ge=1)
    """How many times a draft of this message has been asked for again."""


class Draft(Frozen):
    """The texts proposed for one message. Both None: nothing to say, see the route."""

    public: Text | None = None
    private: Text | None = None
    citations: tuple[Citation, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    band: Band = Band.LOW
    drafter: str = "extractive"
    """`extractive`, `llm:<model>` or `none`."""
    statement_id: str | None = None
    """The approved statement used as is (holding, help), if any."""
    note: str = ""
    """For the reviewer: what is missing, what to decide. `notes` in English sentences."""
    notes: tuple[Note, ...] = ()
    origin: Origin | None = None
    """None: no model was asked."""
    wish: Wish | None = None
    """None: the first draft, that nobody asked to change."""

    @property
    def is_by_model(self) -> bool:
        """Whether a model wrote the texts: then every sentence must be carried or courtesy."""
        return self.drafter.startswith(MODEL_DRAFTER)


def text_sha256(public: str | None, private: str | None) -> str:
    """Return the hash that binds a decision to the exact texts on screen."""
    return sha256_of({"public": public, "private": private})
