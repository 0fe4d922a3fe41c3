"""Whether the words at some place of a reply are a passage's, and so not the writer's own risk."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.grounding.denials import says_contrary
from agent.steps.check.grounding.polarity import is_negated
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.grounding.sides import takes_other_side
from agent.steps.check.guide import text_key
from knowledge.passages import Language, Passage
from knowledge.text.normalise import fold
from knowledge.text.sentences import Sentence

_FEWEST_WORDS = 3
_PLACE = re.compile(
    r"(?:(?<=\bà )|(?<=\w, )|(?<=\b(?:en|et|in|at|to) )|(?<=\band ))[A-ZÀ-Ö][a-zà-öø-ÿ'’-]{2,}"
)
"""A name in a list, or after a word of place."""


def stands_on_passage(case: Case, at: int) -> bool:
    """Whether the sentence that holds offset `at` is supported, or a passage's own words.

    The ledger calls « Vous pouvez continuer. » a courtesy even where a passage says just that;
    for advice, statuses and topics it matters that the brand approved the words.
    """
    line = next((x for x in case.lines if x.sentence.start <= at < x.sentence.end), None)
    if line is None:
        return False
    if line.status is LedgerStatus.SUPPORTED:
        return True
    said = text_key(strip_greeting(case.folded_of(line.sentence), case))
    if len(said.split()) < _FEWEST_WORDS:
        return False
    passages = case.subject.passages or ()
    return any(said in text_key(read_passage(passage).folded) for passage in passages)


def denies_passage(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> bool:
    """Whether a sentence says the contrary of a passage: « nous ne reprenons pas X »."""
    folded = strip_greeting(case.folded_of(sentence), case)
    lang = case.reply_lang if case.reply_lang is not Language.UNKNOWN else case.lang
    alike = [passage for passage in passages if passage.lang is lang]
    if any(takes_other_side(folded, read_passage(p).parts, lang) for p in alike):
        return True
    return is_negated(folded, lang) and any(_is_denied(p, folded, lang) for p in alike)


@lru_cache(maxsize=4096)
def _is_denied(passage: Passage, folded: str, lang: Language) -> bool:
    """Compare a denial with a passage once: approved sentences come back beside the same ones."""
    return says_contrary(folded, read_passage(passage).parts, lang)


def names_a_place_more(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> bool:
    """Whether a sentence names, like a place, what neither passages nor customer name.

    « Nos boutiques : Crest, Lyon et Bordeaux », where the passage has no Bordeaux.
    """
    words = case.own_words_of(sentence)
    names = [(sentence.start + match.start(), fold(match[0])) for match in _PLACE.finditer(words)]
    if not names:
        return False
    known = [case.message, *(read_passage(passage).folded for passage in passages)]
    return any(
        not any(fact.start <= at < fact.end for fact in case.facts)
        and not any(name in text for text in known)
        for at, name in names
    )
