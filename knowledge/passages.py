"""Passages: the only text the agent may cite as fact, and what retrieval says about them."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Language(StrEnum):
    """A language we write in, or the admission that we cannot tell."""

    FR = "fr"
    EN = "en"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Where a passage may be quoted. A private passage never reaches a public reply."""

    PUBLIC = "public"
    PRIVATE = "private"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Passage(_Frozen):
    """One approved answer in one language, with the conditions under which it may be said."""

    id: str
    """The FAQ entry's id, shared by its languages: `(id, lang)` is unique in a pack."""
    lang: Language
    question: str
    answer: str = ""
    """Plain text or light Markdown, ready to be said to a customer."""
    aliases: tuple[str, ...] = ()
    """Other wordings of the question."""
    audience: Audience = Audience.PUBLIC
    valid_from: date | None = None
    valid_until: date | None = None
    """Last day on which the passage is in force, inclusive."""
    must_include: tuple[str, ...] = ()
    """Conditions that no shortened answer may lose: exact fragments of `answer`."""
    next_step: str | None = None
    """A ready sentence that tells the customer what to do next."""
    link: str | None = None
    """The official page: https, on the brand's allow-list."""
    is_commitment: bool = False
    """Whether the passage allows the promise it makes (refund, delay, price)."""
    topic: str = ""
    source: str = ""
    """`file:line` of the entry, for the person who reviews."""

    @property
    def key(self) -> str:
        """The unique key `id@lang`."""
        return f"{self.id}@{self.lang.value}"

    def is_in_force(self, day: date) -> bool:
        """Whether the passage may be cited on `day`."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_until is None or day <= self.valid_until)


class Hit(_Frozen):
    """A passage found for a query, best first."""

    passage: Passage
    score: float
    """The ranker's score: higher is better, comparable within one query only."""


class Band(StrEnum):
    """What the calibrated answerability allows: a draft, five candidates, or neither."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


class Retrieval(_Frozen):
    """The answer of the retriever to one question."""

    hits: tuple[Hit, ...] = ()
    answerable: float = 0.0
    """Calibrated probability, 0 to 1, that the first hit is the right answer."""
    band: Band = Band.LOW
    contradiction: tuple[str, str] | None = None
    """Keys of two passages above threshold that state different facts."""
    questions: tuple["AskedQuestion", ...] = ()
    """With several questions in one message: each with its own answer. Else empty."""
    in_private: "Retrieval | None" = None
    """For a personal matter asked in public: what may be said in private."""
    elsewhere: tuple[str, ...] = ()
    """Keys of passages that would answer, but in another language or outside their dates."""
    lacks_vectors: bool = False
    """Whether a search by meaning is set up and could not be made: the words alone decided."""


class AskedQuestion(_Frozen):
    """One of several questions in a message, and what was found for it."""

    text: str
    """The question without personal data."""
    retrieval: Retrieval


class RetrievalFilter(_Frozen):
    """Which passages may be found."""

    lang: Language | None = None
    audience: Audience = Audience.PUBLIC
    """`PRIVATE` finds private and public passages; `PUBLIC` only public ones."""
    day: date | None = None
    """Only passages in force on this day; None: all."""


Retrieval.model_rebuild()
