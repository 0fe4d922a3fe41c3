"""What the brand allows: mechanics, transparency, claims, safety, channels, moderation, time."""

from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen, Text
from agent.domain.brand.escalation import Duration
from agent.domain.brand.identity import PerLanguage
from agent.domain.ids import TeamId
from knowledge.passages import Language


class EmojiPolicy(Frozen):
    max: int = Field(default=1, ge=0)
    allow: tuple[str, ...] = ()
    """Empty: any emoji, up to `max`."""
    deny: tuple[str, ...] = ()


class Mechanics(Frozen):
    greetings: PerLanguage = Field(default_factory=dict)
    sign_offs: PerLanguage = Field(default_factory=dict)
    is_greeting_required: bool = False
    is_sign_off_required: bool = False
    emoji: EmojiPolicy = EmojiPolicy()
    exclamation_max: int = Field(default=1, ge=0)
    questions_max: int = Field(default=1, ge=0)
    hashtags_max: int = Field(default=0, ge=0)


class PostingMode(StrEnum):
    HUMAN_APPROVED = "human_approved"


class Placement(StrEnum):
    """Where the AI disclosure stands."""

    PROFILE = "profile"
    """In the account's profile: nothing is added to a reply."""
    THREAD_START = "thread_start"
    """In our first reply of a thread."""
    FOOTER = "footer"
    """In every reply."""
    NONE = "none"


class Transparency(Frozen):
    posting_mode: PostingMode = PostingMode.HUMAN_APPROVED
    disclosure_placement: Placement = Placement.PROFILE
    disclosure_texts: PerLanguage
    bot_question_answers: PerLanguage
    """Approved answers to "are you a bot?"."""
    unknown_texts: PerLanguage
    """What we say when we do not have the answer."""
    partial_unknown_texts: PerLanguage = Field(default_factory=dict)
    """What we say, after an answer, of the question we pass on. Empty: `unknown_texts`."""
    ad_labels: PerLanguage = Field(default_factory=dict)
    correction_markers: PerLanguage = Field(default_factory=dict)


class MandatoryMention(Frozen):
    """A legal notice that a topic requires (rubric B6)."""

    id: str
    lang: Language
    triggers: tuple[Text, ...]
    """Words in the reply that require the mention."""
    text: Text


class Claims(Frozen):
    is_citation_required: bool = True
    green_terms: PerLanguage = Field(default_factory=dict)
    """Environmental words that need a citation, beyond the built-in list (Dir. (EU) 2024/825)."""
    mandatory_mentions: tuple[MandatoryMention, ...] = ()


class CustomIdentifier(Frozen):
    """A brand's own personal identifier: loyalty card, contract number."""

    name: str = Field(pattern=r"^[A-Z][A-Z_]{1,30}$")
    pattern: str
    examples: tuple[Text, ...] = Field(min_length=1)
    not_examples: tuple[Text, ...] = ()


class ForbiddenTopic(Frozen):
    """A topic the brand does not discuss (rubric B8)."""

    id: str
    terms: PerLanguage


class Safety(Frozen):
    custom_identifiers: tuple[CustomIdentifier, ...] = ()
    forbidden_topics: tuple[ForbiddenTopic, ...] = ()
    public_contacts: tuple[str, ...] = ()
    """The brand's own e-mails, phones and links: never redacted, allowed in a reply."""
    help_statements: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Topic (`self_harm`, `injury`, `threat`, `minor`) -> ids of approved help statements."""


class ChannelPolicy(Frozen):
    """What the brand does on one network."""

    account: str = ""
    disclosure_placement: Placement | None = None
    """None: as in `transparency`."""
    hashtags_max: int | None = None
    emoji_max: int | None = None
    max_characters: int | None = None
    """The brand's own limit, below the network's."""
    links_allowed: bool = True
    attachment_links: bool = False
    """Whether the desk links to what customers attached, where the network gives an address."""
    private_paths: PerLanguage = Field(default_factory=dict)
    """How a customer reaches us in private from there, a ready sentence."""


class CharterAction(StrEnum):
    HIDE = "hide"
    REPORT = "report"
    REMOVE = "remove"
    NONE = "none"


class CharterRule(Frozen):
    id: str
    text: dict[Language, Text]
    categories: tuple[str, ...] = ()
    action: CharterAction
    reason_code: str


class Moderation(Frozen):
    rules: tuple[CharterRule, ...]
    statement_of_reasons: dict[Language, Text]
    """DSA art. 17 text; `{rule}` and `{contact}` are filled in."""
    appeal_contact: str = ""


class CrisisLevel(Frozen):
    level: int = Field(ge=0, le=3)
    trigger: Text
    owner: TeamId | None = None
    agent_may: Text = ""
    update_every: Duration | None = None


class Crisis(Frozen):
    levels: tuple[CrisisLevel, ...] = ()


class Retention(Frozen):
    """How long each class is kept; a purge job enforces it."""

    message: Duration
    draft: Duration
    approved_reply: Duration
    model_trace: Duration
    pseudonymise_authors: bool = True
