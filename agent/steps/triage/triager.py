"""The triage step: rules and a small classifier look at a message; either may raise, none lower."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from agent.domain.brand import Brand
from agent.domain.decisions import (
    MOST_SEVERE_FIRST,
    Category,
    EscalationReason,
    Evidence,
    Finding,
    Triage,
)
from agent.domain.messages import InboundMessage
from agent.steps.triage.mood import Mood, mood_of, sentiment_of, urgency_of
from agent.steps.triage.reading import Reading
from agent.steps.triage.routing import RouteDesk
from agent.steps.triage.rules import Match
from agent.steps.triage.scanner import Scanner
from knowledge.passages import Language
from knowledge.text.language import detect

_CATEGORIES = {**{category.value: category for category in Category}, "hate": Category.TROLL_HATE}
_FLAGGED = frozenset({"hate", "injection", "troll_hate", "wants_human", "bot_question"})
_AUTHOR_THREATENS = frozenset({"threat-fr", "threat-en"})
_NOT_TOXIC = frozenset({"trolling"})
_SARCASM = "sarcasm"


class Triager:
    """Triage for one brand. Safe to share between threads."""

    def __init__(self, policy: Brand, scanner: Scanner | None = None) -> None:
        self._policy = policy
        self._among = tuple(policy.languages)
        self._scanner = scanner or Scanner()
        self._desk = RouteDesk(policy)

    def triage(self, redacted_text: str, message: InboundMessage, now: datetime) -> Triage:
        """Return what the message is and where it goes.

        Offsets of the evidence are into `redacted_text`. Deadlines count from the message's own
        time, or from `now` (aware) where the channel gave none.
        """
        language, confidence = self._language(redacted_text, message)
        reading = self._scanner.read(redacted_text, language.value)
        matches = self._scanner.find(reading)
        mood = mood_of(reading)
        findings = _findings(reading, matches, mood)
        categories = frozenset(finding.category for finding in findings)
        topics = {match.topic for match in matches}
        is_injection = "injection" in topics
        override = self._override(language, is_injection=is_injection)
        destination = self._desk.send(categories, message.created_at or now, override)
        return Triage(
            language=language,
            language_confidence=confidence,
            category=findings[0].category,
            findings=tuple(findings),
            sentiment=sentiment_of(categories, mood),
            urgency=urgency_of(categories, reading, is_injection=is_injection),
            is_toxic=_is_toxic(matches),
            is_injection=is_injection,
            wants_human=Category.WANTS_HUMAN in categories,
            asks_if_bot=Category.BOT_QUESTION in categories,
            flags=_flags(reading, matches),
            route=destination.route,
            team=destination.team,
            reason=destination.reason,
            acknowledge_by=destination.acknowledge_by,
            due_at=destination.due_at,
        )

    def _language(self, text: str, message: InboundMessage) -> tuple[Language, float]:
        if message.lang not in (None, Language.UNKNOWN):
            return message.lang, 1.0
        return detect(text, among=(Language.FR, Language.EN))

    def _override(self, language: Language, *, is_injection: bool) -> EscalationReason | None:
        if language not in self._among:
            return EscalationReason.LANGUAGE_UNKNOWN
        return EscalationReason.INJECTION if is_injection else None


def _evidence(reading: Reading, match: Match) -> Evidence:
    return Evidence(
        start=match.start,
        end=match.end,
        text=reading.source[match.start : match.end],
        found_by=f"rule:{match.topic}.{match.rule_id}",
    )


def _is_toxic(matches: Iterable[Match]) -> bool:
    return any(
        match.topic == "hate"
        or (match.topic == "troll_hate" and match.rule_id not in _NOT_TOXIC)
        or match.rule_id in _AUTHOR_THREATENS
        for match in matches
    )


def _flags(reading: Reading, matches: Iterable[Match]) -> tuple[Evidence, ...]:
    return tuple(
        _evidence(reading, match)
        for match in matches
        if match.topic in _FLAGGED or match.rule_id in _AUTHOR_THREATENS
    )


def _findings(reading: Reading, matches: Sequence[Match], mood: Mood) -> list[Finding]:
    """Return the findings, most severe first; never none."""
    found: dict[Category, list[Evidence]] = {}
    is_sarcastic = any(match.rule_id == _SARCASM for match in matches)
    for match in matches:
        category = _CATEGORIES.get(match.topic)
        if category is None or (is_sarcastic and category is Category.PRAISE):
            continue
        found.setdefault(category, []).append(_evidence(reading, match))
    if Category.PRAISE in found and Category.COMPLAINT in found:
        both = [*found[Category.PRAISE][:1], *found[Category.COMPLAINT][:1]]
        found.setdefault(Category.MIXED, both)
    elif Category.MIXED in found:
        found.setdefault(Category.COMPLAINT, found[Category.MIXED])
    if not found:
        found[_fallback(reading, mood)] = []
    return [
        Finding(category=category, score=1.0, evidence=tuple(found[category]))
        for category in MOST_SEVERE_FIRST
        if category in found
    ]


def _fallback(reading: Reading, mood: Mood) -> Category:
    """Return the category of a message in which no rule saw anything."""
    if "?" in reading.words:
        return Category.FAQ_QUESTION
    if mood.negative != mood.positive:
        return Category.COMPLAINT if mood.negative > mood.positive else Category.PRAISE
    return Category.OFF_TOPIC
