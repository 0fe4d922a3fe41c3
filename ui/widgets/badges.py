"""State as badges: route, urgency, deadline, category, status. Words and colour, never an emoji."""

from datetime import datetime, timedelta

from agent.domain.brand import BrandPack
from agent.domain.channels import PostStatus
from agent.domain.decisions import Route, Sentiment, Urgency
from agent.domain.reviews import ReviewItem, ReviewStatus
from knowledge.passages import Language
from ui.locales import Words
from ui.widgets.markup import Html, badge

URGENCY_TONE = {
    Urgency.CRITICAL: "danger",
    Urgency.HIGH: "warn",
    Urgency.NORMAL: "plain",
    Urgency.LOW: "quiet",
}
ROUTE_TONE = {
    Route.REPLY: "accent",
    Route.REPLY_AND_ESCALATE: "violet",
    Route.ESCALATE: "violet",
    Route.HOLD: "warn",
    Route.MODERATE: "danger",
    Route.NO_REPLY: "quiet",
}
STATUS_TONE = {
    ReviewStatus.APPROVED: "good",
    ReviewStatus.REJECTED: "danger",
    ReviewStatus.ESCALATED: "violet",
    ReviewStatus.MODERATED: "danger",
    ReviewStatus.STALE: "warn",
    ReviewStatus.SNOOZED: "quiet",
}
POST_TONE = {
    PostStatus.SENT: "good",
    PostStatus.UNKNOWN: "warn",
    PostStatus.RETURNED: "warn",
    PostStatus.CANCELLED: "quiet",
}
SENTIMENT_TONE = {Sentiment.NEGATIVE: "warn", Sentiment.POSITIVE: "good"}
AT_RISK = timedelta(minutes=30)


def deadline(due_at: datetime | None, now: datetime, words: Words) -> tuple[str, str]:
    """Return the deadline's words and tone; both empty without a deadline."""
    if due_at is None:
        return "", ""
    if due_at <= now:
        return words("deadline.late", span=words.duration(now - due_at)), "danger"
    tone = "warn" if due_at - now <= AT_RISK else "plain"
    return words("deadline.left", span=words.duration(due_at - now)), tone


def item_badges(item: ReviewItem, pack: BrandPack | None, now: datetime, words: Words) -> Html:
    """Return the badges over an item: route, urgency, team, deadline, language, status."""
    triage = item.outcome.triage
    badges = [
        badge(words(f"route.{triage.route.value}"), ROUTE_TONE[triage.route], words("item.route")),
        badge(words(f"urgency.{triage.urgency.value}"), URGENCY_TONE[triage.urgency]),
    ]
    if triage.team:
        team = pack.policy.escalation.team(triage.team) if pack else None
        badges.append(badge(team.name if team else triage.team, "plain", words("item.team")))
    left, tone = deadline(triage.next_deadline, now, words)
    if left and item.status.is_open:
        badges.append(badge(left, tone, words("item.deadline")))
    if triage.language is not Language.UNKNOWN:
        badges.append(badge(triage.language.value.upper(), "quiet", words("item.language")))
    if item.status not in {ReviewStatus.PENDING, ReviewStatus.CLAIMED}:
        tone = STATUS_TONE.get(item.status, "plain")
        badges.append(badge(words(f"status.{item.status.value}"), tone))
    return "".join(badges)
