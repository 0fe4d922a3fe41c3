"""The route step: joins what a message is with what we can answer, into where it goes and by when.

It never lowers a severity: categories, routes and deadlines only become more careful.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from agent.domain.brand import Escalation, RouteRule
from agent.domain.decisions import (
    MOST_SEVERE_FIRST,
    SENSITIVE,
    Category,
    EscalationReason,
    Finding,
    Route,
    Triage,
)
from knowledge.passages import Band, Language, Retrieval


class Deadlines(NamedTuple):
    """When a person must have acknowledged, and answered; None: no deadline."""

    acknowledge_by: datetime | None
    due_at: datetime | None


DeadlinesOf = Callable[[RouteRule], Deadlines]
"""The deadlines of one message under a rule of the brand's matrix."""

_SETTLED_REASONS = frozenset(
    {
        EscalationReason.LANGUAGE_UNKNOWN,
        EscalationReason.INJECTION,
        EscalationReason.WANTS_HUMAN,
        EscalationReason.STEP_FAILED,
        EscalationReason.CRISIS_FREEZE,
    }
)
_SETTLED = SENSITIVE | {Category.TROLL_HATE, Category.SPAM_SCAM, Category.PRAISE}
"""What we know makes no difference to where these go."""

_LEAST_CAREFUL_FIRST = (Route.REPLY, Route.REPLY_AND_ESCALATE, Route.HOLD, Route.ESCALATE)
_NEEDS_AN_ANSWER = frozenset(
    {Category.FAQ_QUESTION, Category.UNKNOWN_QUESTION, Category.PURCHASE_INTENT}
)


def decide(
    triage: Triage, retrieval: Retrieval, escalation: Escalation, deadlines: DeadlinesOf
) -> Triage:
    """Return `triage` with its final category, route, team, reason and deadlines."""
    if triage.category in _SETTLED or triage.reason in _SETTLED_REASONS:
        return triage
    if triage.route is Route.MODERATE:
        return triage
    triage = _promoted(triage, retrieval, escalation, deadlines)
    if not triage.categories() & _NEEDS_AN_ANSWER:
        return triage
    reason = _why_unanswered(triage, retrieval)
    if reason is None:
        return triage
    is_partial = retrieval.band is Band.HIGH and not retrieval.contradiction
    return _unanswered(triage, reason, escalation, deadlines, is_partial=is_partial)


def _promoted(
    triage: Triage, retrieval: Retrieval, escalation: Escalation, deadlines: DeadlinesOf
) -> Triage:
    """Read an off-topic message that the FAQ surely answers as the question it is."""
    if triage.category is not Category.OFF_TOPIC or retrieval.band is not Band.HIGH:
        return triage
    rule = escalation.rule_for(Category.FAQ_QUESTION)
    if rule is None:
        return triage
    times = deadlines(rule)
    return triage.model_copy(
        update={
            "category": Category.FAQ_QUESTION,
            "findings": (*triage.findings, _finding(Category.FAQ_QUESTION, retrieval.answerable)),
            "route": rule.route,
            "team": triage.team or rule.team,
            "acknowledge_by": _earliest(triage.acknowledge_by, times.acknowledge_by),
            "due_at": _earliest(triage.due_at, times.due_at),
        }
    )


def _finding(category: Category, score: float) -> Finding:
    return Finding(category=category, score=min(1.0, max(0.0, score)))


def _why_unanswered(triage: Triage, retrieval: Retrieval) -> EscalationReason | None:
    """Return what keeps a question from a sure answer, gravest first, or None."""
    if retrieval.contradiction:
        return EscalationReason.CONTRADICTION
    found = [question.retrieval for question in retrieval.questions] or [retrieval]
    bands = {one.band for one in found}
    if bands == {Band.HIGH}:
        return None
    if any(not key.endswith(f"@{triage.language.value}") for key in retrieval.elsewhere):
        return EscalationReason.NO_ANSWER_IN_LANGUAGE
    if triage.language is Language.UNKNOWN:
        return EscalationReason.LANGUAGE_UNKNOWN
    return EscalationReason.NO_ANSWER if Band.LOW in bands else EscalationReason.UNSURE_ANSWER


def _unanswered(
    triage: Triage,
    reason: EscalationReason,
    escalation: Escalation,
    deadlines: DeadlinesOf,
    *,
    is_partial: bool,
) -> Triage:
    """Send the message where the brand sends questions it cannot answer.

    A message answered in part is answered and passed on, whatever the rule says of unknown ones.
    """
    rule = escalation.rule_for(Category.UNKNOWN_QUESTION)
    leads = _leads(Category.UNKNOWN_QUESTION, triage.category)
    wanted = _wanted_route(rule, reason, is_partial=is_partial)
    times = deadlines(rule) if rule else Deadlines(None, None)
    return triage.model_copy(
        update={
            "category": Category.UNKNOWN_QUESTION if leads else triage.category,
            "findings": (*triage.findings, _finding(Category.UNKNOWN_QUESTION, 1.0)),
            "route": _most_careful(triage.route, Route.REPLY_AND_ESCALATE, wanted),
            "team": (rule.team if rule and leads else None) or triage.team,
            "reason": reason if leads or triage.reason is None else triage.reason,
            "acknowledge_by": _earliest(triage.acknowledge_by, times.acknowledge_by),
            "due_at": _earliest(triage.due_at, times.due_at),
        }
    )


def _wanted_route(rule: RouteRule | None, reason: EscalationReason, *, is_partial: bool) -> Route:
    if is_partial:
        return Route.REPLY_AND_ESCALATE
    if rule is None or reason is EscalationReason.CONTRADICTION:
        return Route.ESCALATE
    return rule.route


def _leads(category: Category, other: Category) -> bool:
    return MOST_SEVERE_FIRST.index(category) <= MOST_SEVERE_FIRST.index(other)


def _most_careful(*routes: Route) -> Route:
    known = [route for route in routes if route in _LEAST_CAREFUL_FIRST]
    return max(known, key=_LEAST_CAREFUL_FIRST.index)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
