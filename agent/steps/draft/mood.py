"""The reader's state: which situation of the brand applies, and what it allows."""

from dataclasses import dataclass

from agent.domain.brand import Brand, Situation
from agent.domain.decisions import MOST_SEVERE_FIRST, Category, Sentiment, Triage
from agent.domain.messages import InboundMessage

_SITUATION_OF = {
    Category.PRAISE: "praise",
    Category.COMPLAINT: "complaint",
    Category.MIXED: "complaint",
    Category.RUMOUR: "rumour",
    Category.INJURY_SAFETY: "crisis",
    Category.SECURITY_REPORT: "crisis",
    Category.SELF_HARM_THREAT_MINOR: "grief",
}
"""The situation of a category when the brand's own `categories` do not name one."""

_MAY_BE_UPSET = frozenset(
    {
        Category.FAQ_QUESTION,
        Category.UNKNOWN_QUESTION,
        Category.ORDER_ACCOUNT,
        Category.PURCHASE_INTENT,
        Category.BOT_QUESTION,
        Category.WANTS_HUMAN,
        Category.OFF_TOPIC,
    }
)
"""Asked in anger, these call for the words of a complaint."""


@dataclass(frozen=True)
class Mood:
    """What the situation allows in one reply."""

    situation: Situation | None
    exclamations: int
    emoji: int
    words: int | None
    """The most words wanted; a condition of an answer is never cut for it."""
    is_empathy_required: bool


def mood_of(policy: Brand, triage: Triage, message: InboundMessage) -> Mood:
    """Return the situation that leads, and its limits joined with the brand's and channel's."""
    situation = _situation(policy, triage)
    mechanics, channel = policy.mechanics, policy.channels.get(message.channel)
    emoji = [mechanics.emoji.max]
    exclamations = [mechanics.exclamation_max]
    if channel and channel.emoji_max is not None:
        emoji.append(channel.emoji_max)
    if situation and situation.emoji_max is not None:
        emoji.append(situation.emoji_max)
    if situation and situation.exclamation_max is not None:
        exclamations.append(situation.exclamation_max)
    return Mood(
        situation=situation,
        exclamations=min(exclamations),
        emoji=0 if is_upset(triage) else min(emoji),
        words=situation.max_words if situation else None,
        is_empathy_required=is_upset(triage) or bool(situation and situation.is_empathy_required),
    )


def is_upset(triage: Triage) -> bool:
    """Whether the customer complains or is distressed, whatever else the message holds."""
    upset = {Category.COMPLAINT, Category.MIXED}
    return bool(triage.categories() & upset) or triage.sentiment is Sentiment.NEGATIVE


def _situation(policy: Brand, triage: Triage) -> Situation | None:
    by_id = {situation.id: situation for situation in policy.situations}
    if triage.category in _MAY_BE_UPSET and is_upset(triage) and "complaint" in by_id:
        return by_id["complaint"]
    found = triage.categories()
    for category in (triage.category, *(c for c in MOST_SEVERE_FIRST if c in found)):
        for situation in policy.situations:
            if category.value in situation.categories:
                return situation
        if (known := _SITUATION_OF.get(category)) in by_id:
            return by_id[known]
    return by_id.get("question")
