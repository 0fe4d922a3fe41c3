"""The route step: joins what a message is with what we can answer, into where it goes and by when.

It never lowers a severity: categories, routes and deadlines only become more careful. The one thing
it takes back is a model's guess that no entry answers, once the retriever has found the answer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from agent.domain.decisions import (
    MOST_SEVERE_FIRST,
    SENSITIVE,
    Category,
    EscalationReason,
    Finding,
    Route,
    Triage,
)
from agent.domain.ids import TeamId
from knowledge.passages import Band, Language, Retrieval


class Destination(Protocol):
    """Where the brand's matrix sends one category, and by when."""

    @property
    def route(self) -> Route: ...
    @property
    def team(self) -> TeamId | None: ...
    @property
    def acknowledge_by(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...


Matrix = Callable[[Category], Destination]
"""The brand's matrix for one message: its deadlines count from that message's own time."""

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


def decide(triage: Triage, retrieval: Retrieval, matrix: Matrix) -> Triage:
    """Return `triage` with its final category, route, team, reason and deadlines."""
    if triage.category in _SETTLED or triage.reason in _SETTLED_REASONS:
        return triage
    if triage.route is Route.MODERATE:
        return triage
    if _is_guess_refuted(triage, retrieval):
        triage = _as_known(triage, retrieval, matrix)
    if _is_question_after_all(triage, retrieval):
        triage = _as_question(triage, retrieval, matrix(Category.FAQ_QUESTION))
    if not _needs_an_answer(triage, retrieval):
        return triage
    reason = _why_unanswered(triage, retrieval)
    if reason is None:
        return triage
    is_partial = retrieval.band is Band.HIGH and bool(retrieval.questions)
    return _unanswered(triage, reason, matrix(Category.UNKNOWN_QUESTION), is_partial=is_partial)


def _is_guess_refuted(triage: Triage, retrieval: Retrieval) -> bool:
    """Whether only a model guessed that the FAQ holds no answer, and it surely does."""
    finders = [
        evidence.found_by
        for finding in triage.findings
        if finding.category is Category.UNKNOWN_QUESTION
        for evidence in finding.evidence
    ]
    is_guess = bool(finders) and all(finder.startswith("model:") for finder in finders)
    return is_guess and _bands(retrieval) == {Band.HIGH} and not retrieval.contradiction


def _as_known(triage: Triage, retrieval: Retrieval, matrix: Matrix) -> Triage:
    """Return the triage as it is without the doubt: a question that the FAQ answers."""
    kept = tuple(one for one in triage.findings if one.category is not Category.UNKNOWN_QUESTION)
    if not any(one.category is Category.FAQ_QUESTION for one in kept):
        kept = (*kept, _question(retrieval))
    found = {one.category for one in kept}
    lead = next(category for category in MOST_SEVERE_FIRST if category in found)
    to = matrix(lead)
    route = _most_careful(*(matrix(category).route for category in found))
    return triage.model_copy(
        update={
            "category": lead,
            "findings": kept,
            "route": route,
            "team": to.team,
            "reason": None if route is Route.REPLY else triage.reason,
            "acknowledge_by": to.acknowledge_by,
            "due_at": to.due_at,
        }
    )


def _question(retrieval: Retrieval) -> Finding:
    return Finding(category=Category.FAQ_QUESTION, score=min(1.0, max(0.0, retrieval.answerable)))


def _bands(retrieval: Retrieval) -> set[Band]:
    """Return the bands of the message's questions."""
    found = [question.retrieval for question in retrieval.questions] or [retrieval]
    return {one.band for one in found}


def _needs_an_answer(triage: Triage, retrieval: Retrieval) -> bool:
    """Whether something is asked that the FAQ should answer; "are you a bot?" alone is not."""
    is_bot_only = triage.category is Category.BOT_QUESTION and not retrieval.questions
    return not is_bot_only and bool(triage.categories() & _NEEDS_AN_ANSWER)


def _is_question_after_all(triage: Triage, retrieval: Retrieval) -> bool:
    """Whether the FAQ surely answers an off-topic message, or may answer one nothing was seen in.

    « prix livraison suisse svp » has no mark of a question.
    """
    if triage.category is not Category.OFF_TOPIC:
        return False
    is_seen = any(finding.evidence for finding in triage.findings)
    return retrieval.band is Band.HIGH or (retrieval.band is Band.MIDDLE and not is_seen)


def _as_question(triage: Triage, retrieval: Retrieval, to: Destination) -> Triage:
    return triage.model_copy(
        update={
            "category": Category.FAQ_QUESTION,
            "findings": (*triage.findings, _question(retrieval)),
            "route": _most_careful(triage.route, to.route),
            "team": to.team or triage.team,
            "acknowledge_by": _earliest(triage.acknowledge_by, to.acknowledge_by),
            "due_at": _earliest(triage.due_at, to.due_at),
        }
    )


def _why_unanswered(triage: Triage, retrieval: Retrieval) -> EscalationReason | None:
    """Return what keeps a question from a sure answer, gravest first, or None."""
    if retrieval.contradiction:
        return EscalationReason.CONTRADICTION
    bands = _bands(retrieval)
    if bands == {Band.HIGH}:
        # A rule that says no FAQ holds this may be right against a sure retriever: a person looks.
        is_doubted = triage.category is Category.UNKNOWN_QUESTION
        return EscalationReason.UNSURE_ANSWER if is_doubted else None
    if any(not key.endswith(f"@{triage.language.value}") for key in retrieval.elsewhere):
        return EscalationReason.NO_ANSWER_IN_LANGUAGE
    if triage.language is Language.UNKNOWN:
        return EscalationReason.LANGUAGE_UNKNOWN
    return EscalationReason.NO_ANSWER if Band.LOW in bands else EscalationReason.UNSURE_ANSWER


def _unanswered(
    triage: Triage, reason: EscalationReason, to: Destination, *, is_partial: bool
) -> Triage:
    """Send the message where the brand sends questions it cannot answer.

    One answered in part is answered and passed on, whatever the matrix says of unknown ones.
    """
    leads = _leads(Category.UNKNOWN_QUESTION, triage.category)
    is_torn = reason is EscalationReason.CONTRADICTION
    wanted = Route.ESCALATE if is_torn else Route.REPLY_AND_ESCALATE if is_partial else to.route
    return triage.model_copy(
        update={
            "category": Category.UNKNOWN_QUESTION if leads else triage.category,
            "findings": (*triage.findings, Finding(category=Category.UNKNOWN_QUESTION, score=1.0)),
            "route": _most_careful(triage.route, Route.REPLY_AND_ESCALATE, wanted),
            "team": (to.team if leads else triage.team) or to.team,
            "reason": reason if leads or triage.reason is None else triage.reason,
            "acknowledge_by": _earliest(triage.acknowledge_by, to.acknowledge_by),
            "due_at": _earliest(triage.due_at, to.due_at),
        }
    )


def _leads(category: Category, other: Category) -> bool:
    return MOST_SEVERE_FIRST.index(category) <= MOST_SEVERE_FIRST.index(other)


def _most_careful(*routes: Route) -> Route:
    """Return the most careful route; « no reply » is no care at all."""
    known = [route for route in routes if route in _LEAST_CAREFUL_FIRST]
    return max(known, key=_LEAST_CAREFUL_FIRST.index, default=Route.REPLY)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
