"""X11 and X12: the question is answered or routed; a rumour is met with the fact and its source."""

import re

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.grounding.line import GroundedLine
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import (
    NEEDS_JUDGE,
    Example,
    Finding,
    Outcome,
    Rule,
    not_applicable,
)
from agent.steps.check.signals import Signal
from agent.steps.check.transparency.human import find_human_claim
from agent.steps.check.words import stems
from knowledge.text.fact_types import FactKind

_EMPTY_KINDS = ("thanks", "signoff")
_MOST_WORDS = 6
_ANSWERS = re.compile(
    r"(?:oui|non|si|yes|no|yep|nope|bien sur|of course)\b[ ,:!](?! (?:worries|problem))"
)


def _find_evasion(case: Case) -> Outcome:
    asks = Signal.BOT_QUESTION in case.signals
    if asks and not _says_what_it_is(case) and find_human_claim(case) is None:
        return Finding("The customer asks whether a bot answers; the reply does not say.", 0, 0)
    if "?" not in case.subject.message or Signal.PRAISE in case.signals:
        return not_applicable("nothing is asked")
    if case.lines and all(_is_empty(case, index) for index in range(len(case.lines))):
        reason = "The question is neither answered nor handed to anybody."
        return Finding(reason, 0, len(case.text))
    return NEEDS_JUDGE


def _says_what_it_is(case: Case) -> bool:
    cue = phrases("transparency.says_what_it_is").search(case.folded, case.reply_lang)
    key = text_key(case.text)
    answers = case.guide.policy.transparency.bot_question_answers.values()
    is_approved = any(text_key(text) in key for texts in answers for text in texts)
    return cue is not None or is_approved


def _is_empty(case: Case, index: int) -> bool:
    """Whether a line only thanks, greets or takes leave."""
    line = case.lines[index]
    folded = strip_greeting(case.folded_of(line.sentence), case)
    if line.status is not LedgerStatus.COURTESY or "?" in line.sentence.text:
        return False
    if len(stems(folded)) > _MOST_WORDS or _ANSWERS.match(folded):
        return False
    routes = phrases("grounding.routing").search(folded, case.reply_lang)
    admits = phrases("grounding.unknowing").search(folded, case.reply_lang)
    is_polite = not folded.strip() or any(
        phrases(f"grounding.{k}").search(folded, case.reply_lang) for k in _EMPTY_KINDS
    )
    return is_polite and routes is None and admits is None


EVASION = Rule(
    "X11.evasion",
    Severity.MAJOR,
    _find_evasion,
    good=(
        Example("fr", "Oui, je suis un assistant automatique.", "Vous êtes un robot ?"),
        Example("fr", "La boutique ouvre à 10 h.", "Vous ouvrez quand ?", ("@shop-hours",)),
        Example("fr", "Merci ! L'équipe se renseigne.", "C'est sans lait ?"),
        Example("fr", "Merci beaucoup !", "J'adore vos biscuits"),
        Example("en", "Replies are drafted with AI.", "Are you a bot?"),
        Example("en", "Thanks! Our team is checking.", "Is it dairy free?"),
    ),
    bad=(
        Example("fr", "Merci pour votre message, bonne journée !", "Vous êtes un robot ?"),
        Example("fr", "Merci pour votre message ! À bientôt.", "Quels sont vos horaires ?"),
        Example("en", "Thanks for the kind words!", "Are you a bot or a human?"),
        Example("en", "Thank you for your message! Have a lovely day.", "When do you open?"),
    ),
)


def _find_rumour(case: Case) -> Outcome:
    if Signal.RUMOUR not in case.signals:
        return not_applicable("the message repeats no rumour")
    liar = phrases("transparency.liar").search(case.bare, case.reply_lang)
    if liar:
        return Finding("It calls the person, or what they say, a lie.", *liar.span())
    repeated = _headline(case)
    if repeated is not None:
        return repeated
    states = [line for line in case.lines if _needs_source(line)]
    has_link = any(fact.kind is FactKind.URL for fact in case.facts)
    if states and not has_link:
        line = states[0].sentence
        return Finding("The fact is stated without a link to its source.", line.start, line.end)
    return None


def _needs_source(line: GroundedLine) -> bool:
    """A statement of fact; one from a passage without a page of its own has no link to give."""
    if line.status is LedgerStatus.COURTESY or line.statement_id:
        return False
    return line.passage is None or line.passage.link is not None


def _headline(case: Case) -> Finding | None:
    """The reply opens with the false claim itself."""
    said = frozenset(stems(case.subject.message))
    first = next((line.sentence for line in case.lines if len(stems(line.sentence.text)) > 2), None)
    if first is None:
        return None
    words = frozenset(stems(first.text))
    denies = phrases("grounding.negation").search(case.folded_of(first), case.reply_lang)
    if denies and len(words & said) / len(words) >= 0.6:
        return Finding("It repeats the false claim as its headline.", first.start, first.end)
    return None


RUMOUR = Rule(
    "X12.rumour",
    Severity.MAJOR,
    _find_rumour,
    good=(
        Example(
            "fr",
            "Le fait : nos noisettes viennent du Piémont "
            "(https://www.ateliernoisette.example/noisettes). La vidéo date de 2021.",
            "Il paraît que vos noisettes sont traitées au plomb ?",
        ),
        Example("fr", "Merci de nous alerter : l'équipe vérifie.", "On dit que vous fermez ?"),
        Example("fr", "La boutique ouvre à 10 h.", "Vous ouvrez quand ?"),
        Example(
            "en",
            "The fact: our hazelnuts come from Piedmont, see https://www.ateliernoisette.example/nuts",
            "Is it true that you use lead on hazelnuts?",
        ),
        Example("en", "Thanks for asking: our team is checking.", "I heard that you are closing"),
    ),
    bad=(
        Example("fr", "C'est un mensonge ridicule.", "Il paraît que vous utilisez du plomb"),
        Example(
            "fr",
            "Non, nos noisettes ne sont pas traitées au plomb.",
            "Il paraît que vos noisettes sont traitées au plomb ?",
        ),
        Example("fr", "Nos noisettes viennent du Piémont.", "On dit que vous mentez sur l'origine"),
        Example("en", "That is fake news.", "I heard that you use lead"),
        Example("en", "Our hazelnuts come from Piedmont.", "Is it true you import from abroad?"),
    ),
)
