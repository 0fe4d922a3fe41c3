"""Names the customer's problem in the brand's own words: the acknowledgement its cues call for."""

import math
from collections import Counter
from functools import lru_cache

from agent.domain.brand.identity import Acknowledgement
from agent.steps.draft.mood import Mood
from agent.steps.draft.request import Style
from knowledge.passages import Language
from knowledge.text.normalise import match_key
from knowledge.text.sms import expand
from knowledge.text.tokens import words

_STEM_LETTERS = 4
"""A cue of fewer letters must be the whole word: « SAV » is not « savon »."""


def acknowledgements(
    mood: Mood, text: str, lang: Language, style: Style
) -> tuple[tuple[str, ...], ...]:
    """Return the approved openings to choose from: those whose cues fit best, then general ones.

    `text` is the redacted message. A cue of four letters or more also matches words that begin
    with it; several words must follow each other.
    """
    if mood.situation is None or style is Style.BARE:
        return ()
    known = [option for option in mood.situation.acknowledgements if option.lang is lang]
    general = tuple(option.text for option in known if not option.cues)
    if style is Style.PLAIN:
        return (general,)
    return _best(tuple(known), text, lang), general


@lru_cache(maxsize=64)
def _best(known: tuple[Acknowledgement, ...], text: str, lang: Language) -> tuple[str, ...]:
    """Return the texts whose cues match best: long cues count more, shared ones less.

    « colis » stands beside many problems, « manque » beside one. Remembered: a message is laid out
    anew for each of its writers and styles.
    """
    spelled = words(expand(text, lang.value))
    haystack = f" {' '.join(match_key(word.text) for word in spelled)} "
    lists = {option.cues for option in known}
    shared = Counter(cue for cues in lists for cue in cues)
    scored = [
        (math.fsum(_matched(cue, haystack) / shared[cue] for cue in option.cues), option)
        for option in known
    ]
    top = max((score for score, _ in scored), default=0)
    return tuple(option.text for score, option in scored if top and score == top)


def _matched(cue: str, haystack: str) -> int:
    needle = _needle(cue)
    return len(needle.strip()) if needle.strip() and needle in haystack else 0


@lru_cache(maxsize=4096)
def _needle(cue: str) -> str:
    folded = " ".join(match_key(word.text) for word in words(cue))
    return f" {folded}" if len(folded) >= _STEM_LETTERS else f" {folded} "
