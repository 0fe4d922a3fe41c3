"""Looks for the passage that carries a sentence: exact facts, enough words, same polarity."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.grounding.bounds import is_within
from agent.steps.check.grounding.brackets import gives_outcome_of_its_own
from agent.steps.check.grounding.contradiction import Opposition, opposition
from agent.steps.check.grounding.derived import Stated, is_derived, is_length_of
from agent.steps.check.grounding.equivalents import (
    are_shut_alike,
    days_named,
    has_same_figures,
    is_said_otherwise,
)
from agent.steps.check.grounding.periods import is_of_another_period
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.grounding.quantities import are_alike, as_age, leaves_out
from agent.steps.check.grounding.reading import Claim, PassageText, read_passage, share_of
from agent.steps.check.grounding.things import is_comparable
from agent.steps.check.guide import Guide
from knowledge.passages import Language, Passage
from knowledge.text.facts import Fact, FactKind, agrees

ENOUGH = 0.5
"""Share of a sentence's word weight that a passage must carry, when it states no exact fact."""
ENOUGH_WITH_FACTS = 0.3
_EACH_FACT = 0.5
"""Each further fact that the passage states too makes the words that must be shared fewer."""
_CLEARLY_BETTER = 0.25
_SOME = 0.2
_BARE_WITH_CONTACT = 4
_MEASURED = frozenset({FactKind.NUMBER, FactKind.DURATION, FactKind.QUANTITY})
_TELLING = frozenset({FactKind.PHONE, FactKind.EMAIL, FactKind.URL})


class Support(NamedTuple):
    """The best passage for a claim, and what is wrong with it if anything is."""

    passage: Passage | None = None
    share: float = 0.0
    missing: Fact | None = None
    """The first exact fact that no passage states."""
    is_opposed: bool = False
    """The passage says the opposite."""
    is_doubtful: bool = False
    """Of what says the opposite, only a reader can tell whether it does."""
    is_only_worded_otherwise: bool = False
    """It states every exact fact and shares some words, not enough of them to be sure."""


def find_support(claim: Claim, passages: Sequence[Passage], guide: Guide) -> Support:
    """Return the passage that carries `claim`; without one, what the nearest lacks."""
    nearest = Support()
    for passage in passages:
        support = _compare(claim, passage, guide)
        if _rank(support) > _rank(nearest):
            nearest = support
    return nearest


def _is_reworded(claim: Claim, share: float) -> bool:
    """Whether facts that a passage states, all of them, outweigh how few words are shared."""
    return share >= _SOME or bool(claim.facts)


def _rank(support: Support) -> tuple[bool, bool, float, bool]:
    is_near = support.is_only_worded_otherwise
    return support.passage is not None, is_near, support.share, support.missing is not None


@lru_cache(maxsize=8192)
def _compare(claim: Claim, passage: Passage, guide: Guide) -> Support:
    source = read_passage(passage)
    fewest = _BARE_WITH_CONTACT if any(f.kind in _TELLING for f in claim.facts) else 1
    is_bare = bool(claim.facts) and len(claim.stems) <= fewest
    share = 1.0 if is_bare else share_of(claim.stems, source.stems, guide)
    missing = next((f for f in claim.facts if not _is_stated(f, claim, source, guide)), None)
    if missing is not None:
        return Support(None, share, missing)
    needed = (
        ENOUGH_WITH_FACTS / (1 + _EACH_FACT * (len(claim.facts) - 1)) if claim.facts else ENOUGH
    )
    is_foreign = claim.lang is not passage.lang and Language.UNKNOWN not in (
        claim.lang,
        passage.lang,
    )
    known = claim if claim.lang is not Language.UNKNOWN else claim._replace(lang=passage.lang)
    opposed = Opposition.NONE if is_foreign else opposition(known, source, guide)
    if opposed is not Opposition.NONE:
        is_doubtful = opposed is Opposition.UNSURE
        return Support(share=share, is_opposed=True, is_doubtful=is_doubtful)
    if share < needed and not (is_foreign and claim.facts):
        return Support(None, share, is_only_worded_otherwise=_is_reworded(claim, share))
    return Support(passage, max(share, 0.01))


def _is_stated(fact: Fact, claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the passage states the fact, and about the same thing as the claim does."""
    placed = claim.placed(fact)
    stretches = [Stated(part.folded, part.facts) for part in source.parts]
    if leaves_out(as_age(placed, claim.folded, source.facts), claim.folded, stretches):
        return False
    if not any(agrees(fact, known) for known in source.facts):
        return _is_said_otherwise(fact, claim, source, stretches)
    if is_of_another_period(placed, claim.folded, stretches):
        return False
    if are_shut_alike(fact, claim.folded, source.folded):
        return True
    rivals = [part for part in source.parts if is_rival(part, fact, claim)]
    holders = [p for p in rivals if any(agrees(fact, known) for known in p.facts)]
    if not holders or len(rivals) == len(holders):
        return True
    others = [part for part in rivals if part not in holders]
    return not all(_are_nearer(words, others, holders, guide) for words in claim.words_with(fact))


def _are_nearer(
    words: frozenset[str], others: Sequence[Part], holders: Sequence[Part], guide: Guide
) -> bool:
    """Whether some words are clearly more those of the sentences with another figure."""
    best = max(share_of(words, part.stems, guide) for part in holders)
    return max(share_of(words, part.stems, guide) for part in others) >= best + _CLEARLY_BETTER


def _is_said_otherwise(
    fact: Fact, claim: Claim, source: PassageText, stretches: Sequence[Stated]
) -> bool:
    age = as_age(claim.placed(fact), claim.folded, source.facts)
    if are_alike(age, claim.folded, stretches):
        return True
    if is_said_otherwise(fact, claim.folded, source.folded, source.facts):
        return True
    if has_same_figures(fact, claim.words_of(fact), source.folded, claim.facts):
        return True
    if claim.is_owned(age) and not days_named(claim.folded) and is_within(age, stretches):
        return True
    if fact.kind in _MEASURED and gives_outcome_of_its_own(claim.folded, claim.lang, source.parts):
        return True
    if fact.kind is FactKind.DURATION and is_length_of(fact, claim.facts, claim.around(fact)):
        return True
    return is_derived(fact, claim.around(fact), claim.counts, stretches)


def is_rival(part: Part, fact: Fact, claim: Claim) -> bool:
    """Return whether a part of a passage gives another value for it.

    A part with a fact of that kind, unless the claim takes up that fact as well.
    """
    same_kind = (known for known in part.facts if known.kind is fact.kind)
    alike = [known for known in same_kind if is_comparable(fact, known)]
    others = [known for known in alike if not agrees(fact, known)]
    is_taken_up = any(
        agrees(mine, known) or _is_amount_of(mine, known)
        for mine in claim.facts
        for known in others
    )
    return bool(alike) and not (is_taken_up and len(others) == len(alike))


def _is_amount_of(mine: Fact, known: Fact) -> bool:
    """« 30 minutes pour le bilan, 45 pour le détartrage » : the unit is said once."""
    return mine.kind is FactKind.NUMBER and known.value.split(" ")[0] == mine.value


def forget() -> None:
    """Forget what was compared before: for measurements that change a threshold."""
    _compare.cache_clear()
