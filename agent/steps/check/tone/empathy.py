"""T2 and T3: trouble is taken up first, and without fake warmth."""

import re

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import (
    Example,
    Finding,
    Outcome,
    Rule,
    abstain,
    not_applicable,
)
from agent.steps.check.signals import HARM, Signal
from agent.steps.check.words import stems, word_count
from knowledge.text.facts import agrees
from knowledge.text.sentences import Sentence

_NOT_CHEERFUL = frozenset("🙏😔😢😥💔🤝✉📩📧☎📞⚠➡👉🔒🕊🖤😞🫂ℹ")
_GREETING_WORDS = 4
_ONLY_ASKS = re.compile(
    r"\W*(?:(?:bonjour|bonsoir|hello|hi),? )?"
    r"(?:(?:et )?(?:si|que se passe-t-il si) (?:je|on|mon|ma)|a qui|qui (?:contacter|appeler)"
    r"|comment (?:faire|puis-je|signaler|declarer)|what (?:happens )?if"
    r"|who (?:do|should|can) i|how (?:do|can|should) i|(?:is|are) the|where (?:do|can|should) i)\b"
    r"[^!]{0,90}$"
)
"""« Et si je suis en retard ? », "who do I email about a complaint": asked, not complained of."""
_OPENING_SENTENCES = 2
_HELP = re.compile(
    r"\b(?:le 15|le 18|112|999|911|samu|pompiers|urgences|antipoison|3114|a&e|116 123|988"
    r"|poison (?:control|centre|center)|emergency (?:services|room)|ambulance)(?!\w)"
    r"|\b(?:stop using|n'utilisez plus|cessez d|arretez d)"
)


def _opening(case: Case) -> list[Sentence]:
    """The first two sentences after a greeting of its own."""
    sentences = list(case.sentences)
    if sentences and _is_a_greeting(case, sentences[0]):
        sentences = sentences[1:]
    return sentences[:_OPENING_SENTENCES]


def _is_a_greeting(case: Case, sentence: Sentence) -> bool:
    """« Bonjour Léa ! », but not "Hello, we hear you." """
    is_short = word_count(sentence.text) <= _GREETING_WORDS
    match = phrases("grounding.greeting").search(case.folded_of(sentence), case.reply_lang)
    if not is_short or match is None or match.start() > 1:
        return False
    return word_count(strip_greeting(case.folded_of(sentence), case)) <= 1


def _find_empathy(case: Case) -> Outcome:
    is_unhappy = case.is_complaint and not _ONLY_ASKS.match(case.message)
    if not is_unhappy and not case.signals & HARM:
        return not_applicable("the customer does not complain")
    opening = _opening(case)
    cues, lang = phrases("tone.empathy"), case.reply_lang
    felt = [s for s in opening if cues.search(case.folded_of(s), lang) or _restates(case, s)]
    if not felt and _sends_to_help(case, opening):
        return None
    if not felt and not case.signals & HARM and "?" in case.subject.message:
        return abstain("The customer asks something; a judge must say if they complain as well.")
    if not felt:
        end = opening[-1].end if opening else len(case.text)
        reason = "The customer has trouble; the first two sentences do not take it up."
        return Finding(reason, opening[0].start if opening else 0, end)
    if all(_is_generic(case, sentence) for sentence in felt) and not _names_the_trouble(
        case, opening
    ):
        return abstain("The apology fits any trouble; a judge must say if this one is taken up.")
    return None


def _sends_to_help(case: Case, opening: list[Sentence]) -> bool:
    """« Appelez immédiatement le 15 » : the care that somebody in danger needs first."""
    if not case.signals & HARM:
        return False
    return any(_HELP.search(case.folded_of(sentence)) for sentence in opening)


def _restates(case: Case, sentence: Sentence) -> bool:
    """« Cinq jours sans nouvelles » : the customer's own figures, taken up."""
    facts = [f for f in case.facts if sentence.start <= f.start < sentence.end]
    is_owned = all(any(agrees(fact, known) for known in case.message_facts) for fact in facts)
    line = next((line for line in case.lines if line.sentence.start == sentence.start), None)
    return bool(facts) and is_owned and line is not None and line.status is LedgerStatus.COURTESY


def _is_generic(case: Case, sentence: Sentence) -> bool:
    return phrases("tone.generic").search(case.folded_of(sentence), case.reply_lang) is not None


def _names_the_trouble(case: Case, opening: list[Sentence]) -> bool:
    said = {stem for sentence in opening for stem in stems(sentence.text)}
    return bool(said & set(stems(case.subject.message)))


EMPATHY = Rule(
    "T2.empathy",
    Severity.MAJOR,
    _find_empathy,
    good=(
        Example(
            "fr", "Au-delà de 15 min, le rendez-vous est reporté.", "Et si je suis en retard ?"
        ),
        Example("en", "Please call 999 right now.", "My toddler swallowed a battery and chokes!"),
        Example("en", "Hello, we hear you.", "This is ridiculous"),
        Example(
            "fr",
            "Attendre dix jours un colis annoncé en 48 h, c'est long : désolés.",
            "10 jours d'attente, toujours rien reçu",
        ),
        Example("fr", "Bonjour ! Une boîte cassée, ce n'est pas normal.", "Ma boîte est cassée"),
        Example("fr", "Merci pour ces mots !", "J'adore vos biscuits, bravo"),
        Example("fr", "Merci de nous l'avoir signalé, nous comprenons.", "le site ne marche pas"),
        Example(
            "en",
            "Ten days for a 48-hour delivery isn't what you were promised. Sorry.",
            "Still waiting after 10 days",
        ),
        Example("en", "Hello there! We are sorry your box came crushed.", "box arrived crushed"),
        Example("en", "The shop opens at ten.", "When do you open?"),
    ),
    bad=(
        Example("fr", "Merci de nous avoir contactés.", "Colis jamais reçu, c'est inadmissible"),
        Example("fr", "Bonjour. Écrivez-nous en privé.", "Ma boîte est arrivée cassée !"),
        Example("fr", "Nous avons bien reçu votre message.", "Toujours pas de réponse, honteux"),
        Example("en", "Thanks for reaching out!", "My order never arrived, this is awful"),
        Example("en", "Please send us a DM.", "The box was broken and the biscuits stale"),
        Example("en", "Hi! Our team reads every message.", "Terrible service, I'm furious"),
    ),
)


def _find_warmth(case: Case) -> Outcome:
    is_harm = bool(case.signals & HARM)
    is_unhappy = case.is_complaint and Signal.PRAISE not in case.signals
    if not is_harm and not is_unhappy and not case.is_grave:
        return not_applicable("nobody is hurt, grieving or angry")
    severity = Severity.AUTOFAIL if is_harm else Severity.MAJOR
    for start, end in case.emoji:
        if case.text[start] not in _NOT_CHEERFUL:
            return Finding(
                "A cheerful emoji answers somebody in trouble.", start, end, None, severity
            )
    cheer = phrases("tone.cheer").search(case.bare, case.reply_lang)
    if cheer is None and is_harm:
        cheer = phrases("tone.light").search(case.bare, case.reply_lang)
    if cheer:
        reason = "The tone is too light for somebody in trouble."
        return Finding(reason, *cheer.span(), None, severity)
    return None


WARMTH = Rule(
    "T3.fake_warmth",
    Severity.MAJOR,
    _find_warmth,
    may_rise=True,
    good=(
        Example("fr", "Nous sommes navrés. Écrivez-nous en privé 🙏", "Ma boîte est cassée"),
        Example("fr", "Ce que vous décrivez nous préoccupe.", "Je me suis brûlée avec votre tasse"),
        Example("fr", "Merci beaucoup 😊 On adore !", "J'adore vos biscuits"),
        Example("en", "We are so sorry for your loss.", "My mother passed away last week"),
        Example("en", "Thank you 😊", "Best biscuits ever"),
    ),
    bad=(
        Example("fr", "Coucou ! Pas de souci.", "Ma mère est décédée, comment résilier ?"),
        Example("en", "Ouch! Chin up.", "I burnt my hand badly on your tin"),
        Example("fr", "Oh mince 😅 !", "Je me suis blessé avec le couvercle"),
        Example("fr", "Désolés pour ce colis 😊", "Colis toujours pas arrivé, inadmissible"),
        Example("fr", "Oups, quelle aventure !", "Ma boîte est arrivée cassée"),
        Example("en", "Oops 🙈 so sorry!", "My son got burned by the tin"),
        Example("en", "Thanks for the feedback 🎉", "Worst service ever"),
        Example("en", "Awesome, thanks for telling us!", "My order never arrived"),
    ),
)
