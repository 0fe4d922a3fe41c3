"""What the customer's message is about, as far as rules need it: from triage, else from cues.

The cues are cheap and lean towards finding: a missed complaint costs more than a strict emoji rule.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from agent.domain.checks import CheckSubject
from agent.domain.decisions import Category, Triage
from agent.steps.check.phrases import phrases
from knowledge.passages import Language


class Signal(StrEnum):
    """Values are the entries of `lexicon/signals.yaml`."""

    COMPLAINT = "complaint"
    INJURY = "injury"
    GRIEF = "grief"
    LEGAL = "legal"
    BREACH = "breach"
    SELF_HARM = "self_harm"
    BOT_QUESTION = "bot_question"
    RUMOUR = "rumour"
    PRAISE = "praise"
    INJECTION = "injection"
    PROMO_QUESTION = "promo_question"
    TROLL = "troll"


HARM = frozenset({Signal.INJURY, Signal.GRIEF, Signal.SELF_HARM})
"""Somebody is or may be hurt: warmth must not be cheerful."""
CRISIS = frozenset({Signal.INJURY, Signal.LEGAL, Signal.BREACH})
"""Nothing about fault may be said outside an approved statement."""

_BY_CATEGORY: Mapping[Category, Signal] = {
    Category.COMPLAINT: Signal.COMPLAINT,
    Category.INJURY_SAFETY: Signal.INJURY,
    Category.LEGAL_THREAT: Signal.LEGAL,
    Category.SECURITY_REPORT: Signal.BREACH,
    Category.SELF_HARM_THREAT_MINOR: Signal.SELF_HARM,
    Category.BOT_QUESTION: Signal.BOT_QUESTION,
    Category.RUMOUR: Signal.RUMOUR,
    Category.PRAISE: Signal.PRAISE,
    Category.TROLL_HATE: Signal.TROLL,
    Category.SPAM_SCAM: Signal.TROLL,
}
_ALWAYS_DERIVED = (Signal.GRIEF, Signal.PROMO_QUESTION)


def read_signals(subject: CheckSubject, folded_message: str, lang: Language) -> frozenset[Signal]:
    """Return what the message is about; triage is believed where there is one."""
    derived = tuple(Signal) if subject.triage is None else _ALWAYS_DERIVED
    found = set(_cued(derived, folded_message, lang))
    if subject.triage is not None:
        found |= _from_triage(subject.triage)
    if found & HARM:
        found.discard(Signal.PRAISE)
    return frozenset(found)


@lru_cache(maxsize=64)
def _cued(derived: tuple[Signal, ...], folded_message: str, lang: Language) -> frozenset[Signal]:
    return frozenset(
        name for name in derived if phrases(f"signals.{name.value}").search(folded_message, lang)
    )


def _from_triage(triage: Triage) -> set[Signal]:
    found = {_BY_CATEGORY[c] for c in triage.categories() if c in _BY_CATEGORY}
    if triage.asks_if_bot:
        found.add(Signal.BOT_QUESTION)
    if triage.is_injection:
        found.add(Signal.INJECTION)
    return found
