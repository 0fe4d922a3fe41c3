"""Why a sentence that no passage carries is unsupported, and whether that blocks."""

import re

from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import (
    is_courtesy,
    is_empathy,
    makes_claim,
    names_quality,
    states_quality,
    strip_greeting,
    unbacked_quality,
)
from agent.steps.check.grounding.line import Cause
from agent.steps.check.grounding.promises import Promise
from agent.steps.check.grounding.reading import read_passage, usable_passages
from agent.steps.check.grounding.refusals import gives_for_nothing, is_spoken_against
from agent.steps.check.grounding.stakes import may_harm
from agent.steps.check.grounding.support import Support
from agent.steps.check.grounding.theirs import is_theirs
from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.text.facts import Fact, FactKind
from knowledge.text.sentences import Sentence

_NOUNS = {
    FactKind.MONEY: "price",
    FactKind.PERCENT: "percentage",
    FactKind.QUANTITY: "quantity",
    FactKind.TIME: "time",
    FactKind.DURATION: "delay",
    FactKind.URL: "link",
    FactKind.EMAIL: "e-mail address",
    FactKind.PHONE: "phone number",
    FactKind.PROMO_CODE: "promo code",
}
_NEAR = 0.34
"""Share of a claim's words from which on a passage speaks of the same: a reader must compare."""
_FEWEST_STEMS = 3
_YES_NO = re.compile(
    r"(?:oui|non|si|yes|no(?! (?:need|worries|problem|matter|doubt)\b)|yep|nope|bien sur|of course"
    r"|absolutely|tout a fait)\b[ ,]"
)
_OPENING = 20
_ASSERTS = re.compile(
    r"\b(?:prend|prennent|coute\w*|dure\w*|est|sont|livr\w+|ouvr\w+|arriv\w+|comptez|prevoyez"
    r"|takes?|costs?|lasts?|is|are|will|delivers?|opens?|allow|within|sous|sera)\b"
)
_OF_US = re.compile(
    r"\b(?:nous|notre|nos|on|we|our|us|it|its|il|elle|ils|elles|c'est|ce|ca|cela|prix|prices?"
    r"|voici|voila|here|approved|everyone|tous)\b"
)


def _answers_outright(case: Case, sentence: Sentence) -> bool:
    """« Oui, toutes nos boutiques… » : a yes or a no to a question is a claim."""
    folded = strip_greeting(case.folded_of(sentence), case)
    is_answer = _YES_NO.match(folded) is not None and "?" in case.subject.message
    return is_answer and len(stems(folded)) >= _FEWEST_STEMS


def is_echo(case: Case, sentence: Sentence, facts: tuple[Fact, ...]) -> bool:
    """Whether the facts are the customer's own, taken up with empathy or in a question."""
    is_felt_for = is_empathy(case, sentence)
    is_owned = bool(facts) and all(
        is_theirs(case, fact) or (is_felt_for and _is_lived_through(case, sentence, fact))
        for fact in facts
    )
    if not is_owned or makes_claim(case, sentence):
        return False
    asks = sentence.text.rstrip(" »\"')").endswith("?")
    before = case.folded[sentence.start : facts[0].start]
    opens = len(before) <= _OPENING and _ASSERTS.search(before) is None
    is_felt = asks or is_felt_for or (opens and case.is_complaint)
    return is_felt or is_courtesy(case, sentence) or _says_nothing_of_us(case, sentence)


def _is_lived_through(case: Case, sentence: Sentence, fact: Fact) -> bool:
    """« … après ces trois jours d'attente »: Monday to Thursday, which the customer did not count.

    « Désolés, votre colis arrive dans trois jours » is our word, whatever opens it.
    """
    before = case.folded[sentence.start : fact.start]
    return fact.kind is FactKind.DURATION and _ASSERTS.search(before) is None


def asserts(case: Case, sentence: Sentence, support: Support) -> bool:
    """Return whether a sentence states something of ours that no passage comes near."""
    is_said = makes_claim(case, sentence) or _answers_outright(case, sentence)
    return is_said and support.share < _NEAR


def _says_nothing_of_us(case: Case, sentence: Sentence) -> bool:
    """« Au bout de six semaines, vous devez être à bout. » : neither answer nor offer."""
    folded = strip_greeting(case.folded_of(sentence), case)
    is_of_us = _OF_US.search(folded) or _ASSERTS.search(folded)
    return is_of_us is None and _YES_NO.match(folded) is None


def _names_backed(case: Case, sentence: Sentence) -> bool:
    """Whether the qualities that a sentence names are all named by some passage."""
    words = case.folded_of(sentence)
    if phrases("grounding.quality").search(words, case.reply_lang) is None:
        return False
    sources = "\n".join(read_passage(passage).folded for passage in usable_passages(case))
    return unbacked_quality(case, sentence, sources) is None


def cause_of(
    case: Case,
    sentence: Sentence,
    facts: tuple[Fact, ...],
    promise: Promise | None,
    support: Support,
) -> tuple[Cause, str]:
    """Return why an unsupported sentence is so, and a reason that names what is missing."""
    if support.is_doubtful and promise is None:
        return Cause.DOUBT, "A passage may say the opposite, or the same: read both."
    if support.is_opposed:
        return Cause.CONTRADICTION, "The nearest passage says the opposite."
    if facts and support.is_only_worded_otherwise:
        return Cause.PROSE, "A passage states the figures, in other words."
    missing = support.missing or (facts[0] if facts and support.passage is None else None)
    if missing is not None:
        noun = _NOUNS.get(missing.kind, missing.kind.value)
        words = case.text[missing.start : missing.end]
        return Cause.FACT, f'No passage states the {noun} "{words}" for this.'
    if promise is not None:
        return Cause.PROMISE, f"A promise ({promise.kind}) that no passage allows."
    if case.subject.passages is None:
        return Cause.PROSE, "No passage was given to compare this sentence with."
    return _cause_of_words(case, sentence, support)


def is_grave(case: Case, sentence: Sentence) -> bool:
    """Return whether an uncarried claim may harm, gives for nothing or is refused by a passage."""
    folded = strip_greeting(case.folded_of(sentence), case)
    lang = case.reply_lang
    is_refused = is_spoken_against(folded, lang, usable_passages(case))
    return may_harm(folded) or gives_for_nothing(folded, lang) or is_refused


def _cause_of_words(case: Case, sentence: Sentence, support: Support) -> tuple[Cause, str]:
    """What a sentence without facts is, where passages were given and none carries it."""
    is_claim = makes_claim(case, sentence) or states_quality(case, sentence)
    if is_claim and not _names_backed(case, sentence):
        if support.share >= _NEAR and not names_quality(case, sentence):
            return Cause.DOUBT, "A claim about the offer that a passage carries only in part."
        if not is_grave(case, sentence):
            return Cause.DOUBT, "A claim about the offer that no passage carries: read it."
        return Cause.CLAIM, "A claim about the offer that no passage carries."
    if not support.is_only_worded_otherwise and _answers_outright(case, sentence):
        return Cause.ANSWER, "A yes or a no that no passage carries."
    return Cause.PROSE, "No passage carries this sentence."
