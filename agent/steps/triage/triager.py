"""The triage step: rules, a small classifier and, where one is set, a chat model look at a message;
any of them may raise, none may lower."""

from datetime import datetime
from functools import cache

from agent.domain.brand import Brand, RouteRule
from agent.domain.decisions import Category, EscalationReason, Triage
from agent.domain.messages import InboundMessage
from agent.steps.triage.classifier import Classifier, Opinion, load_weights
from agent.steps.triage.findings import Seen, findings_of, flags_of, is_injection, is_toxic
from agent.steps.triage.modelled import ModelClassifier, Sight, joined
from agent.steps.triage.mood import mood_of, sentiment_of, urgency_of
from agent.steps.triage.reading import Reading
from agent.steps.triage.routing import RouteDesk
from agent.steps.triage.scanner import Scanner
from knowledge.passages import Language
from knowledge.text.language import detect


@cache
def _shipped_scanner() -> Scanner:
    return Scanner()


@cache
def _shipped_classifier() -> Classifier | None:
    weights = load_weights()
    return Classifier(weights) if weights else None


class Triager:
    """Triage for one brand. Safe to share between threads."""

    def __init__(self, policy: Brand, model: ModelClassifier | None = None) -> None:
        """Compile the rules and read the classifier's weights, once for all brands.

        Raises:
            ConfigurationError: the shipped weights cannot be read.
        """
        self._among = tuple(policy.languages)
        self._scanner = _shipped_scanner()
        self._classifier = _shipped_classifier()
        self._desk = RouteDesk(policy)
        self._model = model

    def triage(self, redacted_text: str, message: InboundMessage, now: datetime) -> Triage:
        """Return what the message is and where it goes.

        Offsets of the evidence are into `redacted_text`. Deadlines count from the message's own
        time, or from `now` (aware) where the channel gave none.
        """
        language, confidence = self._language(redacted_text, message)
        seen = self._look(self._scanner.read(redacted_text, language, confidence))
        told = self._model.look(redacted_text) if self._model else Sight()
        findings = joined(findings_of(seen), told)
        categories = frozenset(finding.category for finding in findings)
        injected = is_injection(seen) or told.is_injection
        override = self._override(language, is_injection=injected)
        destination = self._desk.send(categories, message.created_at or now, override)
        return Triage(
            language=language,
            language_confidence=confidence,
            category=findings[0].category,
            findings=tuple(findings),
            sentiment=sentiment_of(categories, seen.mood),
            urgency=urgency_of(categories, seen.reading, is_injection=injected),
            is_toxic=is_toxic(seen),
            is_injection=injected,
            wants_human=Category.WANTS_HUMAN in categories,
            asks_if_bot=Category.BOT_QUESTION in categories,
            flags=(*flags_of(seen), *told.flags),
            route=destination.route,
            team=destination.team,
            reason=destination.reason,
            acknowledge_by=destination.acknowledge_by,
            due_at=destination.due_at,
            needs_second_approver=destination.needs_second_approver,
            model_failure=told.failure,
        )

    def _look(self, reading: Reading) -> Seen:
        opinion = self._classifier.judge(reading) if self._classifier else Opinion({}, {})
        return Seen(reading, self._scanner.find(reading), opinion, mood_of(reading))

    def deadlines(self, rule: RouteRule, start: datetime) -> tuple[datetime, datetime]:
        """Return when a rule's owner must have acknowledged, and answered, from `start` (aware)."""
        return self._desk.deadlines(rule, start)

    def _language(self, text: str, message: InboundMessage) -> tuple[Language, float]:
        if message.lang not in (None, Language.UNKNOWN):
            return message.lang, 1.0
        return detect(text, among=(Language.FR, Language.EN))

    def _override(self, language: Language, *, is_injection: bool) -> EscalationReason | None:
        if language not in self._among:
            return EscalationReason.LANGUAGE_UNKNOWN
        return EscalationReason.INJECTION if is_injection else None
