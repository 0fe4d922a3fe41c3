"""T13 and T14: the customer's language, and not the same words twice in a thread."""

from rapidfuzz import fuzz

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.guide import text_key
from agent.steps.check.rule import Example, Finding, Outcome, Rule, abstain, not_applicable
from agent.steps.check.words import function_words, word_count
from knowledge.passages import Language
from knowledge.text.language import detect
from knowledge.text.normalise import fold

_SURE = 0.7
_ENOUGH_WORDS = 4
_TOO_ALIKE = 85.0
_SAME_OPENING_WORDS = 4


def _find_language(case: Case) -> Outcome:
    if case.lang is Language.UNKNOWN:
        return abstain("The customer's language is not known.")
    for sentence in case.sentences:
        words = case.own_words_of(sentence)
        if word_count(words) < _ENOUGH_WORDS or not _looks_foreign(words, case.lang):
            continue
        found, confidence = detect(words)
        if found not in (case.lang, Language.UNKNOWN) and confidence >= _SURE:
            reason = f"The customer writes in {case.lang.value}; this is {found.value}."
            return Finding(reason, sentence.start, sentence.end)
    if case.reply_lang not in (case.lang, Language.UNKNOWN):
        return Finding(f"The customer writes in {case.lang.value}.", 0, len(case.text))
    return None


def _looks_foreign(words: str, lang: Language) -> bool:
    """A cheap gate: more function words of the other language than of this one."""
    french, english = function_words(words)
    return english > french if lang is Language.FR else french > english


LANGUAGE = Rule(
    "T13.language",
    Severity.MAJOR,
    _find_language,
    good=(
        Example("fr", "Merci pour votre message, la boutique ouvre à dix heures."),
        Example("fr", "Le Noisette Box « limited edition » arrive en boutique."),
        Example("fr", "Merci !"),
        Example("en", "Thanks for your message, the shop opens at ten."),
        Example("en", "Our Praliné 1903 is back at the Valence shop."),
    ),
    bad=(
        Example("fr", "Thanks for your message, we are looking into it."),
        Example("fr", "Bonjour et merci. We will get back to you as soon as we can."),
        Example("en", "Merci pour votre message, nous regardons cela avec vous."),
        Example("en", "Hello! N'hésitez pas à nous écrire en message privé."),
    ),
)


def _find_duplicate(case: Case) -> Outcome:
    if not case.own_entries:
        return not_applicable("we said nothing in this thread yet")
    own = text_key(case.text)
    opening = _opening(case, case.text)
    for entry in case.own_entries:
        if fuzz.ratio(own, text_key(entry.text)) >= _TOO_ALIKE:
            return Finding("Almost the same reply is already in this thread.", 0, len(case.text))
        if opening and opening == _opening(case, entry.text):
            return Finding("We already opened with these words in this thread.", 0, len(opening))
    return None


def _opening(case: Case, text: str) -> str:
    """The first words after the greeting; empty when too few to be canned."""
    first = text_key(strip_greeting(fold(text), case).split(".")[0])
    return first if len(first.split()) >= _SAME_OPENING_WORDS else ""


DUPLICATE = Rule(
    "T14.duplicate",
    Severity.MINOR,
    _find_duplicate,
    good=(
        Example(
            "fr",
            "C'est noté, l'atelier vérifie la photo.",
            thread=(("brand", "Bonjour, pouvez-vous nous envoyer une photo ?"),),
        ),
        Example("fr", "Bonjour, merci !", thread=(("lea", "Bonjour, merci !"),)),
        Example("en", "Got it, thank you.", thread=(("brand", "Could you send us a photo?"),)),
    ),
    bad=(
        Example(
            "fr",
            "Bonjour, nous sommes désolés, écrivez-nous en message privé.",
            thread=(("brand", "Bonjour, nous sommes désolés : écrivez-nous en message privé !"),),
        ),
        Example(
            "fr",
            "Bonjour, merci pour votre message et votre patience. La boîte part ce soir.",
            thread=(("Atelier Noisette", "Bonjour, merci pour votre message et votre patience."),),
        ),
        Example(
            "en",
            "We are sorry to hear that. Please send us a private message.",
            thread=(("brand", "We are sorry to hear that! Please send us a private message."),),
        ),
    ),
)
