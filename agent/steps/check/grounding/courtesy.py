"""Recognises sentences that state nothing about the offer: thanks, empathy, hand-off, sign-off."""

import re

from agent.steps.check.case import Case
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import any_phrases, phrases
from knowledge.text.sentences import Sentence

_KINDS = (
    "grounding.signoff",
    "grounding.thanks",
    "grounding.empathy",
    "grounding.routing",
    "grounding.unknowing",
)
_OPENING = re.compile(r"^[\s,!:;–—-]*(?:@?[\w'.-]+[\s,!:;–—-]+){0,3}")
_GREETING_END = re.compile(r"[,!:\n–—]")
_SHORT = 4
_OF_THE_OFFER = re.compile(r"\b(?:nos|notre|nous|est|sont|our|we|is|are|all|tous|toutes)\b")
_SAME_QUALITY = (
    r"gratuit|offert|(?:sans|aucuns?|pas de|ni) (?:frais|supplement|surcout)|inclus|free of charge"
    r"|(?:no|without) (?:\w+ )?(?:charge|fee|cost|surcharge|supplement)|free\b|included",
    r"vegan|vegetal",
    r"bio\b|biologique|organic",
    r"sans gluten|gluten[- ]free",
    r"halal",
    r"casher|kosher",
    r"jour et nuit|24 ?h? ?(?:/|sur) ?24|24/7|(?:7|sept) ?j(?:ours)? ?(?:/|sur) ?(?:7|sept)"
    r"|round the clock|day and night|tous les jours|every ?day|24 hours|7 days",
)
"""Wordings of one quality in either language."""


def strip_greeting(folded: str, case: Case) -> str:
    """Return a folded sentence without the « Bonjour Léa, » it opens with."""
    match = phrases("grounding.greeting").search(folded, case.reply_lang)
    if match is None or match.start() > 1:
        return folded
    end = _GREETING_END.search(folded, match.end())
    if end is None:
        return "" if len(folded[match.end() :].split()) <= _SHORT else folded
    is_near = len(folded[match.end() : end.start()].split()) <= _SHORT
    return folded[end.end() :].strip() if is_near else folded


def is_approved(case: Case, sentence: Sentence) -> bool:
    """Whether the guide lists the sentence, or its words after the greeting, as a courtesy."""
    listed = case.guide.courtesies
    if text_key(sentence.text) in listed:
        return True
    _, _, rest = sentence.text.partition(",")
    return bool(rest) and text_key(rest) in listed


def is_courtesy(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence without facts nor promises only greets, thanks, feels, routes or asks."""
    folded = strip_greeting(case.folded_of(sentence), case)
    if not any(char.isalpha() for char in folded):
        return True
    if folded.rstrip(" »\"')").endswith("?"):
        return True
    if _makes_claim(case, folded):
        return False
    return any_phrases(*_KINDS).occurs(folded, case.reply_lang)


def is_empathy(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence takes up what the customer lived through."""
    folded = case.folded_of(sentence)
    return phrases("grounding.empathy").search(folded, case.reply_lang) is not None


def _makes_claim(case: Case, folded: str) -> bool:
    found = phrases("grounding.claim").search(folded, case.reply_lang)
    if found is None:
        return False
    before = folded[: found.start()]
    return not re.search(r"\b(?:si|whether|if|que ce soit)\b[^.,;]*$", before)


def unbacked_quality(case: Case, sentence: Sentence, folded_source: str) -> str | None:
    """Return the first quality of the offer in a sentence that its source does not speak of."""
    words = case.folded_of(sentence)
    for match in phrases("grounding.quality").finditer(words, case.reply_lang):
        alike = next((g for g in _SAME_QUALITY if re.search(g, match[0])), _root(match[0]))
        is_backed = re.search(alike, folded_source) is not None
        if not is_backed:
            return match[0]
    return None


def _root(quality: str) -> str:
    """The pattern by which a source names the same quality: « sans parfum », "milk-free"."""
    if quality.startswith("sans "):
        noun = re.escape(quality.split()[-1][:5])
        return (
            rf"(?:sans|aucune?|pas d[e'’]|ni|hors|zero) ?(?:\w+ )?{noun}|{noun}\w* ?:? ?0\b"
            rf"|{noun}\w*(?:[- ]\w+)? (?:deconseill|interdit|proscrit|a eviter|exclu|non )"
            rf"|{noun}[^.;]{{0,50}}(?:obligatoir|exig|requis|necessair|demand|presentation)"
            rf"|presentation[^.;]{{0,30}}{noun}"
        )
    if quality.endswith("-free"):
        noun = re.escape(quality.removesuffix("-free")[:5])
        return rf"{noun}\w*[- ]free|(?:no|without|free (?:of|from)) {noun}"
    return re.escape(quality[:5])


def makes_claim(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence states something about the offer that a reader would act on."""
    return _makes_claim(case, strip_greeting(case.folded_of(sentence), case))


def names_quality(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence has the name of a quality in it: free, vegan, certified."""
    return (
        phrases("grounding.quality").search(case.folded_of(sentence), case.reply_lang) is not None
    )


def states_quality(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence lends the offer a quality: « nos biscuits, simples et certifiés »."""
    folded = strip_greeting(case.folded_of(sentence), case)
    quality = phrases("grounding.quality").search(folded, case.reply_lang)
    if quality is None or is_empathy(case, sentence):
        return False
    return _OF_THE_OFFER.search(folded[: quality.start()]) is not None
