"""T10 and T16: sentences one can read, a length that fits the mood, one question at most."""

import re
from functools import lru_cache

from agent.domain.checks import Severity
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable
from agent.steps.check.signals import Signal
from agent.steps.check.words import word_count
from knowledge.passages import Language
from knowledge.text.normalise import fold

_FEWEST_WORDS = 30
_PRAISE_WORDS = 50
_WALL_WORDS = 150
_VOWELS = re.compile(r"[aeiouyœæ]+")
_WORDS = re.compile(r"[^\W\d_]+")
_KANDEL_MOLES = (207.0, 1.015, 73.6)
_FLESCH = (206.835, 1.015, 84.6)
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]*\"")


@lru_cache(maxsize=2048)
def syllables(word: str, lang: Language) -> int:
    """Return the number of syllables heard: vowel groups, a silent final e apart."""
    folded = fold(word)
    count = len(_VOWELS.findall(folded))
    is_silent = folded.endswith(("e", "es") if lang is Language.FR else ("e",))
    return max(1, count - 1 if is_silent and count > 1 and not folded.endswith("le") else count)


def reading_ease(words: list[str], sentences: int, lang: Language) -> float:
    """Return the Kandel-Moles (French) or Flesch (English) score, 0 hard to 100 easy."""
    base, per_sentence, per_word = _KANDEL_MOLES if lang is Language.FR else _FLESCH
    heard = sum(syllables(word, lang) for word in words)
    return base - per_sentence * len(words) / sentences - per_word * heard / len(words)


def _find_readability(case: Case) -> Outcome:
    words = _WORDS.findall(case.text)
    policy = case.guide.policy.languages.get(case.reply_lang)
    if len(words) < _FEWEST_WORDS or policy is None:
        return not_applicable(f"fewer than {_FEWEST_WORDS} words, or a language without a policy")
    counts = [word_count(sentence.text) for sentence in case.sentences]
    long_ones = [count for count in counts if count > 3]
    mean = sum(long_ones) / max(1, len(long_ones))
    longest = case.sentences[counts.index(max(counts))]
    if mean > policy.max_sentence_words:
        reason = f"Sentences have {mean:.0f} words on average; the guide asks for at most "
        return Finding(f"{reason}{policy.max_sentence_words}.", longest.start, longest.end)
    if policy.readability_min is None:
        return None
    ease = reading_ease(words, len(case.sentences), case.reply_lang)
    if ease < policy.readability_min:
        reason = f"Reading ease {ease:.0f}; the guide asks for {policy.readability_min:.0f}."
        return Finding(reason, longest.start, longest.end)
    return None


READABILITY = Rule(
    "T10.readability",
    Severity.MINOR,
    _find_readability,
    good=(
        Example("fr", "Merci pour votre message."),
        Example(
            "fr",
            "Merci pour votre message. La boîte est partie ce matin. Le transporteur la remet en "
            "main propre. Il laisse un avis si la porte est close. La boîte attend alors au point "
            "de retrait.",
        ),
        Example("en", "Thanks for the message."),
        Example(
            "en",
            "Thanks for your note. The box left this morning. The driver hands it over at the "
            "door. If nobody is in, he leaves a card. The box then waits at the pick-up point.",
        ),
    ),
    bad=(
        Example(
            "fr",
            "Nous vous informons que, conformément aux dispositions de nos conditions générales "
            "de vente et sous réserve de la disponibilité des produits concernés dans nos "
            "entrepôts, votre demande fera l'objet d'une instruction par notre service compétent.",
        ),
        Example(
            "en",
            "We hereby inform you that, in accordance with the provisions of our general terms "
            "and subject to the availability of the products concerned in our warehouses, your "
            "request will be the subject of an examination by the department concerned.",
        ),
    ),
)


def _find_length(case: Case) -> Outcome:
    questions = _QUOTED.sub(" ", case.text).count("?")
    asked = case.guide.policy.mechanics.questions_max
    if questions > asked:
        last = case.text.rfind("?")
        reason = f"{questions} questions where at most {asked} fit."
        return Finding(reason, last, last + 1)
    words, most = word_count(case.text), _most_words(case)
    if words > most:
        return Finding(f"{words} words; at most {most} fit the mood.", 0, len(case.text))
    return None


def _most_words(case: Case) -> int:
    set_here = [s.max_words for s in case.situations if s.max_words is not None]
    if set_here:
        return min(set_here)
    is_only_praise = Signal.PRAISE in case.signals and not case.is_complaint
    if is_only_praise and "?" not in case.subject.message:
        return _PRAISE_WORDS
    is_broken_up = "\n" in case.text or case.subject.surface is Surface.PRIVATE
    return _WALL_WORDS * 2 if is_broken_up else _WALL_WORDS


LENGTH = Rule(
    "T16.length",
    Severity.MINOR,
    _find_length,
    good=(
        Example("fr", "Merci ! Quel est votre parfum préféré ?", "J'adore vos biscuits"),
        Example("fr", "Vous demandez « c'est prêt ? » : oui. Vous venez ?", "c'est prêt ?"),
        Example("en", "Thank you! Which one is your favourite?", "Love your biscuits"),
    ),
    bad=(
        Example("fr", "Où ? Quand ? Comment ?", "ça ne marche pas"),
        Example("fr", "Merci " + "beaucoup " * 60, "J'adore vos biscuits"),
        Example("en", "When was it? Where did you buy it?", "It is stale"),
        Example("en", "Thank you " + "so much " * 40, "Love your biscuits"),
    ),
)
