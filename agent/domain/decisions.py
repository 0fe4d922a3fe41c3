"""What a message is about, how serious it is, and where it goes: closed lists, never free text."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from agent.domain.base import Frozen
from agent.domain.ids import TeamId
from knowledge.passages import Language


class Category(StrEnum):
    """What a message is about. A message may carry several; the most severe leads."""

    PRAISE = "praise"
    FAQ_QUESTION = "faq_question"
    UNKNOWN_QUESTION = "unknown_question"
    ORDER_ACCOUNT = "order_account"
    PURCHASE_INTENT = "purchase_intent"
    PARTNERSHIP = "partnership"
    PRESS = "press"
    LEGAL_THREAT = "legal_threat"
    GDPR_REQUEST = "gdpr_request"
    INJURY_SAFETY = "injury_safety"
    SECURITY_REPORT = "security_report"
    SELF_HARM_THREAT_MINOR = "self_harm_threat_minor"
    DISCRIMINATION_HARASSMENT = "discrimination_harassment"
    TROLL_HATE = "troll_hate"
    SPAM_SCAM = "spam_scam"
    RUMOUR = "rumour"
    COMPLAINT = "complaint"
    WANTS_HUMAN = "wants_human"
    BOT_QUESTION = "bot_question"
    OFF_TOPIC = "off_topic"
    MIXED = "mixed"


MOST_SEVERE_FIRST: tuple[Category, ...] = (
    Category.SELF_HARM_THREAT_MINOR,
    Category.INJURY_SAFETY,
    Category.SECURITY_REPORT,
    Category.LEGAL_THREAT,
    Category.DISCRIMINATION_HARASSMENT,
    Category.PRESS,
    Category.GDPR_REQUEST,
    Category.RUMOUR,
    Category.TROLL_HATE,
    Category.SPAM_SCAM,
    Category.WANTS_HUMAN,
    Category.COMPLAINT,
    Category.ORDER_ACCOUNT,
    Category.PARTNERSHIP,
    Category.MIXED,
    Category.PURCHASE_INTENT,
    Category.BOT_QUESTION,
    Category.UNKNOWN_QUESTION,
    Category.FAQ_QUESTION,
    Category.PRAISE,
    Category.OFF_TOPIC,
)
"""The order in which categories lead (rubric section 2.6: the cost of missing each)."""

SENSITIVE = frozenset(MOST_SEVERE_FIRST[:8])
"""Categories that never get a routine draft, never a bulk decision."""


LOW_RISK = frozenset({Category.PRAISE, Category.FAQ_QUESTION, Category.OFF_TOPIC})
"""Categories whose replies may be approved several at once."""

UNANSWERED_AT_ONCE = LOW_RISK | {Category.SPAM_SCAM}
"""Categories that may be closed without a reply, or assigned, several at once."""


class Sentiment(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Urgency(StrEnum):
    """How soon a person must look. `CRITICAL` means now, whatever the hour."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Route(StrEnum):
    """What should happen to a message once a person agrees."""

    REPLY = "reply"
    REPLY_AND_ESCALATE = "reply_and_escalate"
    ESCALATE = "escalate"
    HOLD = "hold"
    MODERATE = "moderate"
    NO_REPLY = "no_reply"


class EscalationReason(StrEnum):
    """Why a person, a team or a specialist must take over."""

    CATEGORY_POLICY = "category_policy"
    """The brand's matrix routes this category to a team."""
    PERSONAL_MATTER = "personal_matter"
    """The answer depends on the person's own order, account or data."""
    NO_ANSWER = "no_answer"
    """No approved passage answers the question."""
    UNSURE_ANSWER = "unsure_answer"
    """Candidates exist but none is sure enough to be the default text."""
    NO_ANSWER_IN_LANGUAGE = "no_answer_in_language"
    LANGUAGE_UNKNOWN = "language_unknown"
    CONTRADICTION = "contradiction"
    """Two passages above threshold state different facts."""
    WANTS_HUMAN = "wants_human"
    INJECTION = "injection"
    """The message tries to give the agent instructions."""
    CHECK_FAILED = "check_failed"
    """No draft passed every auto-fail rule."""
    STEP_FAILED = "step_failed"
    """A step of the pipeline failed; nothing was drafted."""
    CRISIS_FREEZE = "crisis_freeze"
    MODEL_ADVICE = "model_advice"
    """The chat model saw a question that nothing answers, or a matter for a colleague."""


class Evidence(Frozen):
    """The words that made a finding, and who found it."""

    start: int
    end: int
    """Offsets in the redacted text, `end` exclusive."""
    text: str
    found_by: str
    """`rule:<id>`, `model:<name>` or `pipeline:<step>`."""


class Finding(Frozen):
    """One category seen in a message."""

    category: Category
    score: float
    """0 to 1; rules give 1."""
    evidence: tuple[Evidence, ...] = ()


class Triage(Frozen):
    """What a message is, and where the brand's matrix sends it."""

    language: Language
    language_confidence: float
    category: Category
    """The most severe of `findings`."""
    findings: tuple[Finding, ...] = ()
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    is_toxic: bool = False
    is_injection: bool = False
    wants_human: bool = False
    asks_if_bot: bool = False
    flags: tuple[Evidence, ...] = ()
    """The words behind toxicity, injection, "wants a person" and "are you a bot?"."""
    route: Route
    team: TeamId | None = None
    reason: EscalationReason | None = None
    acknowledge_by: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    """When the owner must have answered."""
    needs_second_approver: bool = False
    """The brand's matrix asks that two people approve what answers one of the categories found."""
    model_failure: str = ""
    """Why the chat model that should have read the message too gave no answer."""

    @property
    def next_deadline(self) -> datetime | None:
        """The first promise to keep: to acknowledge or to answer, whichever comes first."""
        return min(filter(None, (self.acknowledge_by, self.due_at)), default=None)

    def categories(self) -> frozenset[Category]:
        """Return every category found."""
        return frozenset(finding.category for finding in self.findings) | {self.category}
