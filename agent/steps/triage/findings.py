"""Puts together what the rules matched and what the classifier thinks: findings and flags."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.domain.decisions import MOST_SEVERE_FIRST, SENSITIVE, Category, Evidence, Finding
from agent.steps.triage.classifier import GENERAL, INJECTION, Opinion
from agent.steps.triage.mood import Mood
from agent.steps.triage.reading import Reading
from agent.steps.triage.rules import Match

MODEL = "model:triage"
_CATEGORIES = {**{category.value: category for category in Category}, "hate": Category.TROLL_HATE}
_FLAGGED = frozenset({"hate", "injection", "troll_hate", "wants_human", "bot_question"})
_AUTHOR_THREATENS = frozenset({"threat-fr", "threat-en", "veiled-threat-fr", "veiled-threat-en"})
_NOT_TOXIC = frozenset({"trolling"})
_SARCASM = "sarcasm"
_ESCALATED = SENSITIVE | {Category.WANTS_HUMAN}
_SURE = 1.0
OWN_MATTERS = frozenset({Category.ORDER_ACCOUNT, Category.COMPLAINT, Category.GDPR_REQUEST})
"""What somebody only writes who has dealings with the brand."""


class Seen(NamedTuple):
    """Everything that looked at one message."""

    reading: Reading
    matches: Sequence[Match]
    opinion: Opinion
    mood: Mood


def is_injection(seen: Seen) -> bool:
    """Whether the message tries to give the agent instructions."""
    return INJECTION in seen.opinion.telling or _has_topic(seen, "injection")


def is_toxic(seen: Seen) -> bool:
    """Whether the author insults, threatens or hates people."""
    return "toxic" in seen.opinion.telling or any(
        match.topic == "hate"
        or (match.topic == "troll_hate" and match.rule_id not in _NOT_TOXIC)
        or match.rule_id in _AUTHOR_THREATENS
        for match in seen.matches
    )


def _has_topic(seen: Seen, topic: str) -> bool:
    return any(match.topic == topic for match in seen.matches)


def flags_of(seen: Seen) -> tuple[Evidence, ...]:
    """Return the words behind toxicity, injection, "wants a person" and "are you a bot?"."""
    by_rules = [
        _evidence(seen.reading, match)
        for match in seen.matches
        if match.topic in _FLAGGED or match.rule_id in _AUTHOR_THREATENS
    ]
    unheard = {Category.WANTS_HUMAN.value} if _is_in_the_bot_question(seen) else set()
    wanted = (_FLAGGED | {"toxic"}) - unheard
    heads = [head for head in seen.opinion.telling if head in wanted]
    return (*by_rules, *(words for head in heads for words in _model_evidence(seen, head)))


def findings_of(seen: Seen) -> list[Finding]:
    """Return the findings, most severe first; never none."""
    found = _by_rules(seen)
    for category, score in _by_model(seen, found):
        found[category] = Finding(
            category=category, score=score, evidence=_model_evidence(seen, category.value)
        )
    _add_mixed(found)
    if not found:
        fallback = _fallback(seen)
        found[fallback] = Finding(category=fallback, score=0.0)
    return [found[category] for category in MOST_SEVERE_FIRST if category in found]


def _by_rules(seen: Seen) -> dict[Category, Finding]:
    words: dict[Category, list[Evidence]] = {}
    is_sarcastic = any(match.rule_id == _SARCASM for match in seen.matches)
    for match in seen.matches:
        category = _CATEGORIES.get(match.topic)
        if category is None or (is_sarcastic and category is Category.PRAISE):
            continue
        words.setdefault(category, []).append(_evidence(seen.reading, match))
    return {
        category: Finding(category=category, score=_SURE, evidence=tuple(evidence))
        for category, evidence in words.items()
    }


def _by_model(seen: Seen, found: dict[Category, Finding]) -> Iterator[tuple[Category, float]]:
    """Yield the categories that the classifier adds, with their probabilities."""
    opinion = seen.opinion
    spoken = [category for category in Category if category.value in opinion.telling]
    is_unnamed = GENERAL in opinion.telling and INJECTION not in opinion.telling
    if is_unnamed and not any(category in _ESCALATED for category in (*spoken, *found)):
        spoken.append(Category.WANTS_HUMAN)
    for category in spoken:
        if category in found or _is_guess_at_a_customer(category, found):
            continue
        if not (category is Category.WANTS_HUMAN and _is_in_the_bot_question(seen)):
            yield category, round(opinion.scores[category.value], 3)


def _is_guess_at_a_customer(category: Category, found: dict[Category, Finding]) -> bool:
    """Whether the classifier alone takes for spam what a rule knows as a customer's own matter.

    Who leaves a phone number about a lost parcel must be answered: hiding that is the graver error.
    """
    return category is Category.SPAM_SCAM and bool(OWN_MATTERS & found.keys())


def _is_in_the_bot_question(seen: Seen) -> bool:
    """Whether the classifier hears "a person, please" in the very words that ask "are you a bot?".

    "A robot or a real person?" asks who answers; asking for one takes words of its own.
    """
    telling = seen.opinion.telling.get(Category.WANTS_HUMAN.value)
    if telling is None:
        return False
    start, end = telling
    asked = (match for match in seen.matches if match.topic == Category.BOT_QUESTION.value)
    return any(match.start < end and start < match.end for match in asked)


def _add_mixed(found: dict[Category, Finding]) -> None:
    """A message that praises and complains is mixed; a mixed message holds a complaint."""
    praise, complaint = found.get(Category.PRAISE), found.get(Category.COMPLAINT)
    if praise and complaint and Category.MIXED not in found:
        both = (*praise.evidence[:1], *complaint.evidence[:1])
        score = min(praise.score, complaint.score)
        found[Category.MIXED] = Finding(category=Category.MIXED, score=score, evidence=both)
    elif Category.MIXED in found and not complaint:
        update = {"category": Category.COMPLAINT}
        found[Category.COMPLAINT] = found[Category.MIXED].model_copy(update=update)


def _fallback(seen: Seen) -> Category:
    """Return the category of a message in which nobody saw anything."""
    if "?" in seen.reading.words:
        return Category.FAQ_QUESTION
    if seen.mood.negative != seen.mood.positive:
        is_negative = seen.mood.negative > seen.mood.positive
        return Category.COMPLAINT if is_negative else Category.PRAISE
    return Category.OFF_TOPIC


def _evidence(reading: Reading, match: Match) -> Evidence:
    return Evidence(
        start=match.start,
        end=match.end,
        text=reading.source[match.start : match.end],
        found_by=f"rule:{match.topic}.{match.rule_id}",
    )


def _model_evidence(seen: Seen, head: str) -> tuple[Evidence, ...]:
    """Return the words that say most for a head, or the whole text where none stands out."""
    span = seen.opinion.telling.get(head) or (0, len(seen.reading.source))
    start, end = span
    text = seen.reading.source[start:end]
    return (Evidence(start=start, end=end, text=text, found_by=f"{MODEL}.{head}"),) if text else ()
