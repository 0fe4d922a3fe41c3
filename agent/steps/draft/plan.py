"""Decides what kind of draft a message calls for: one closed answer, from triage and retrieval."""

from enum import StrEnum

from agent.domain.decisions import SENSITIVE, Category, EscalationReason, Route, Triage
from agent.steps.draft.request import DraftRequest
from knowledge.passages import Band, Language, Retrieval


class Plan(StrEnum):
    """The kinds of draft."""

    SILENT = "silent"
    """Nothing is said: moderation, or no reply called for."""
    STATEMENT = "statement"
    """An approved statement as it stands, or nothing."""
    WITHHOLD = "withhold"
    """Nothing is drafted; a person may choose an entry."""
    HAND_OFF = "hand_off"
    """The approved words that a person takes over."""
    PERSONAL = "personal"
    """A public acknowledgement with the private path, and a private follow-up."""
    BOT = "bot"
    """The approved answer to "are you a bot?", and the answer to the rest."""
    ACKNOWLEDGE = "acknowledge"
    """Thanks or empathy first, and the answer if there is a sure one."""
    ANSWER = "answer"
    CHOOSE = "choose"
    """No default text; candidates for a person to choose from."""
    UNKNOWN = "unknown"
    """The approved words that we do not have the answer."""


WRITTEN_FREELY = frozenset({Plan.ANSWER, Plan.ACKNOWLEDGE, Plan.PERSONAL})
"""Where a drafter other than the extractive one may write; elsewhere words are approved or none."""

_NOT_WORTH_A_WORD = frozenset({Category.TROLL_HATE, Category.SPAM_SCAM})
_ACKNOWLEDGED = frozenset(
    {
        Category.PRAISE,
        Category.PARTNERSHIP,
        Category.COMPLAINT,
        Category.MIXED,
        Category.OFF_TOPIC,
    }
)
_WITHHELD = frozenset({EscalationReason.LANGUAGE_UNKNOWN, EscalationReason.INJECTION})
_BY_BAND = {Band.HIGH: Plan.ANSWER, Band.MIDDLE: Plan.CHOOSE, Band.LOW: Plan.UNKNOWN}


def plan_for(request: DraftRequest) -> Plan:
    """Return the plan; the order of the lines is the order of caution."""
    triage, retrieval = request.triage, request.retrieval
    if triage.route in {Route.MODERATE, Route.NO_REPLY} or triage.category in _NOT_WORTH_A_WORD:
        return Plan.SILENT
    if triage.category in SENSITIVE or triage.reason is EscalationReason.CRISIS_FREEZE:
        return Plan.STATEMENT
    if triage.category is Category.PRAISE and not any(map(str.isalpha, request.text)):
        # « 💚💚💚 » is in no language: thanks in the brand's own is no guess.
        return Plan.ACKNOWLEDGE
    if triage.is_injection or triage.reason in _WITHHELD:
        return Plan.WITHHOLD
    return _routine(triage, retrieval)


def is_written_freely(request: DraftRequest) -> bool:
    """Whether any drafter may write this reply; if not, approved words are said as they stand."""
    is_known = request.triage.language is not Language.UNKNOWN
    return is_known and plan_for(request) in WRITTEN_FREELY


def _routine(triage: Triage, retrieval: Retrieval) -> Plan:
    if triage.wants_human or triage.category is Category.WANTS_HUMAN:
        return Plan.HAND_OFF
    if is_personal(triage):
        return Plan.PERSONAL
    if triage.reason is EscalationReason.CONTRADICTION:
        return Plan.CHOOSE
    if triage.category is Category.BOT_QUESTION:
        return Plan.BOT
    if triage.reason is EscalationReason.UNSURE_ANSWER and retrieval.band is not Band.LOW:
        return Plan.ANSWER if retrieval.questions else Plan.CHOOSE
    if triage.category in _ACKNOWLEDGED:
        return Plan.ACKNOWLEDGE
    return _BY_BAND[retrieval.band]


def is_personal(triage: Triage) -> bool:
    """Whether the answer depends on the person's own order, account or data."""
    is_reason = triage.reason is EscalationReason.PERSONAL_MATTER
    return is_reason or Category.ORDER_ACCOUNT in triage.categories()
