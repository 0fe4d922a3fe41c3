"""Sentiment and urgency: from what the rules found, the words and emoji of mood, and time words."""

from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from agent.domain.decisions import Category, Sentiment, Urgency
from agent.steps.triage.reading import Reading
from agent.steps.triage.rules import data_folder, load_yaml
from agent.steps.triage.spelling import word_set

_NEGATIVE = frozenset(
    {
        Category.SELF_HARM_THREAT_MINOR,
        Category.INJURY_SAFETY,
        Category.SECURITY_REPORT,
        Category.LEGAL_THREAT,
        Category.DISCRIMINATION_HARASSMENT,
        Category.TROLL_HATE,
        Category.COMPLAINT,
    }
)
_CRITICAL = frozenset(
    {Category.SELF_HARM_THREAT_MINOR, Category.INJURY_SAFETY, Category.SECURITY_REPORT}
)
_HIGH = frozenset(
    {
        Category.LEGAL_THREAT,
        Category.DISCRIMINATION_HARASSMENT,
        Category.PRESS,
        Category.RUMOUR,
    }
)
_LOW = frozenset({Category.PRAISE, Category.OFF_TOPIC, Category.SPAM_SCAM, Category.PARTNERSHIP})
_REACH = 3
"""Words before a mood word in which a negation turns it."""
_HURRY = word_set(
    "urgent urgente urgence urgemment immediatement immediatly immediately asap emergency"
    " urgently rapidement vite deadline"
)


class _Lexicon(NamedTuple):
    positive: frozenset[str]
    negative: frozenset[str]
    negators: frozenset[str]
    happy: frozenset[str]
    unhappy: frozenset[str]
    laughing: frozenset[str]


class Mood(NamedTuple):
    """How many signs of each mood the words and emoji give."""

    positive: int
    negative: int


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    raw = load_yaml(data_folder().joinpath("sentiment.yaml"))
    words = {name: frozenset(str(listed).split()) for name, listed in raw.items()}
    return _Lexicon(
        words["positive"],
        words["negative"],
        words["negators"],
        words["positive_emoji"],
        words["negative_emoji"],
        words["laughing_emoji"],
    )


def mood_of(reading: Reading) -> Mood:
    """Count the mood words, turned by a negation shortly before, and the emoji."""
    lexicon = _lexicon()
    words = [token.word for token in reading.tokens]
    positive = negative = 0
    for place, word in enumerate(words):
        if word not in lexicon.positive and word not in lexicon.negative:
            continue
        is_negated = not lexicon.negators.isdisjoint(words[max(0, place - _REACH) : place])
        if (word in lexicon.positive) is not is_negated:
            positive += 1
        else:
            negative += word in lexicon.positive or not is_negated
    marks = set(reading.source)
    positive += len(marks & lexicon.happy)
    return Mood(positive, negative + len(marks & lexicon.unhappy))


def sentiment_of(categories: AbstractSet[Category], mood: Mood) -> Sentiment:
    """Return the sentiment; what the rules found counts more than single words."""
    is_negative = bool(categories & _NEGATIVE)
    is_positive = Category.PRAISE in categories
    if is_negative and (is_positive or Category.MIXED in categories):
        is_severe = bool(categories & (_NEGATIVE - {Category.COMPLAINT}))
        return Sentiment.NEGATIVE if is_severe else Sentiment.MIXED
    if is_negative or is_positive:
        return Sentiment.NEGATIVE if is_negative else Sentiment.POSITIVE
    if mood.negative != mood.positive:
        return Sentiment.NEGATIVE if mood.negative > mood.positive else Sentiment.POSITIVE
    return Sentiment.MIXED if mood.positive else Sentiment.NEUTRAL


def urgency_of(
    categories: AbstractSet[Category], reading: Reading, *, is_injection: bool
) -> Urgency:
    """Return how soon a person must look."""
    if categories & _CRITICAL:
        return Urgency.CRITICAL
    if categories & _HIGH or is_injection:
        return Urgency.HIGH
    if not _HURRY.isdisjoint(reading.words):
        return Urgency.HIGH
    return Urgency.LOW if categories <= _LOW else Urgency.NORMAL
