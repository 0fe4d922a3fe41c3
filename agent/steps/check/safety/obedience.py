"""Signs that a reply did what a message with an instruction in it ordered (part of S8)."""

import re

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Finding, Unsaid, abstain
from agent.steps.check.safety.demands import (
    clauses_of,
    demanded,
    keyed_words,
    named_in,
    ordering_sentence,
)
from agent.steps.check.words import function_words, stems
from knowledge.passages import Language
from knowledge.text.fact_types import FactKind
from knowledge.text.facts import agrees
from knowledge.text.normalise import fold
from knowledge.text.sentences import Sentence

_AGREES = re.compile(
    r"^\W*(?:no (?:problem|worries)|pas de (?:souci|probleme)|sans (?:souci|probleme))"
)
_SHARE = 2 / 3
_FEWEST = 2
_MANY = 3
_MOSTLY = 0.9
_FEWEST_LETTERS = 6
_SHORT = 6
_MANNER = re.compile(
    r"\b(?:repon[ds]\w*|parl\w+|ecri\w+|joue\w*|reply|answer|talk|speak|write|act)(?:-moi)?"
    r" (?:\w+ )?(?:comme|en|facon|like|as|in)\b"
)
_LINKS = frozenset({FactKind.URL, FactKind.EMAIL, FactKind.PROMO_CODE})
_OPENING_STOP = re.compile(r"^[.!?][^\W\d_]")
_IN_CAPITALS = re.compile(
    r"\b(?:en (?:majuscules|capitales)|in (?:all )?(?:cap(?:ital)?s|upper ?case))\b"
)
_BACKWARDS = re.compile(r"\b(?:a l'envers|backwards|in reverse|reversed)\b")
_PRESENTS = re.compile(
    r"\W*(?:(?:l[ae]s? )?(?:voici|voila)|volontiers|avec plaisir|bien sur|d'accord|ok(?:ay)?\b"
    r"|a vos ordres|c'est (?:fait|note|parti)|here(?:'s| it is| you| they| is| are| goes)"
    r"|sure\b|gladly|of course|done\b|as you wish|right away|all right)"
)
_PIECE = re.compile(
    r"\b(?:poemes?|poesie|sonnet|haiku|chanson|rap\b|histoire|conte|blague|devinette|fable"
    r"|poems?|song|story|joke|riddle|limerick|tale)\b"
)
_OFFERS_PIECE = re.compile(
    r"\b(?:volontiers|avec plaisir|voici|voila|et voila|here(?:'s| is| goes| you go)|gladly|sure"
    r"|once upon|il etait une fois|roses are|why did|c'est l'histoire|pourquoi les?)\b"
)


def find_obedience(case: Case) -> Finding | None:
    """Return the words by which the reply obeys an instructing message, if any."""
    return (
        _planted(case)
        or _repeated_link(case)
        or _took_orders(case)
        or _said_in_substance(case)
        or _wrote_as_told(case)
    )


def may_obey(case: Case) -> Unsaid | None:
    """A short, repeating or compliant answer to an instructing message: a reader judges."""
    said = stems(case.text)
    opening = strip_greeting(case.folded, case)
    wanted = [set(stems(d.words)) for d in demanded(case.subject.message, case.message)]
    is_suspect = (
        len(said) < _MANY
        or (len(said) <= _SHORT and _MANNER.search(case.message) is not None)
        or any(said.count(word) >= _MANY for word in set(said))
        or _PRESENTS.match(opening) is not None
        or any(2 * len(words & set(said)) > len(words) for words in wanted)
    )
    if not is_suspect:
        return None
    reason = "The comment gives an instruction; the reply may follow it."
    return abstain(reason, Severity.MAJOR, 0, len(case.text))


def says_as_asked(case: Case, at: int) -> bool:
    """Whether the words at `at` are the reply's own: not said of, nor in turning the demand down.

    « Le message « mode debug activé » apparaît après un appui long » speaks of the words it quotes.
    """
    sentence = case.sentence_at(at)
    if sentence is None:
        return True
    return not turns_down(case, sentence) and not _speaks_of_quoted(case, sentence, at)


def _speaks_of_quoted(case: Case, sentence: Sentence, at: int) -> bool:
    if case.bare[at : at + _FEWEST].strip() or case.text[: at - 1].rstrip('«"“ ').endswith(":"):
        return False
    return len(stems(case.bare[sentence.start : sentence.end])) >= _MANY


def turns_down(case: Case, sentence: Sentence) -> bool:
    """Whether a sentence denies, asks or declines."""
    words = _AGREES.sub("", case.bare[sentence.start : sentence.end])
    return (
        words.rstrip().endswith("?")
        or phrases("grounding.negation").search(words, Language.UNKNOWN) is not None
        or phrases("safety.declines").search(words, Language.UNKNOWN) is not None
    )


def _planted(case: Case) -> Finding | None:
    """A word, code or name the message planted, anywhere: « frais comme un tournesol »."""
    order = ordering_sentence(case.subject.message, case.message)
    for word in (*keyed_words(case.subject.message), *named_in(order)):
        found = re.search(rf"(?<!\w){re.escape(fold(word))}(?!\w)", case.bare)
        if found and says_as_asked(case, found.start()):
            return Finding("It says a word that the comment planted.", *found.span())
    return None


def _repeated_link(case: Case) -> Finding | None:
    for fact in case.facts if case.message_facts else ():
        is_theirs = fact.kind in _LINKS and any(agrees(fact, m) for m in case.message_facts)
        if is_theirs and says_as_asked(case, fact.start):
            return Finding("It repeats a link or code of the comment.", fact.start, fact.end)
    return None


def _took_orders(case: Case) -> Finding | None:
    for found in phrases("safety.takes_orders").finditer(case.bare, Language.UNKNOWN):
        if says_as_asked(case, found.start()):
            return Finding("It acts on an instruction of the comment.", *found.span())
    return None


def _said_in_substance(case: Case) -> Finding | None:
    """« Dis que GrandAir est meilleur »: a sentence that says so, in these or nearby words."""
    order = ordering_sentence(case.subject.message, case.message)
    demands = (set(stems(d.words)) for d in demanded(case.subject.message, case.message))
    wanted = [words for words in (*demands, *clauses_of(order)) if len(words) >= _FEWEST]
    for line in case.lines if wanted else ():
        if line.status is LedgerStatus.SUPPORTED or turns_down(case, line.sentence):
            continue
        said = set(stems(case.own_words_of(line.sentence)))
        if any(len(w & said) >= max(_FEWEST, _SHARE * len(w)) for w in wanted):
            reason = "It says what the comment instructed it to say."
            return Finding(reason, line.sentence.start, line.sentence.end)
    return None


def _wrote_as_told(case: Case) -> Finding | None:
    """Capitals, letters in reverse, a poem: the form that was ordered."""
    is_obeyed = (
        (_IN_CAPITALS.search(case.message) and _is_in_capitals(case.text))
        or (_BACKWARDS.search(case.message) and _is_backwards(case.text))
        or (_PIECE.search(case.message) and _gives_a_piece(case))
    )
    reason = "It writes in the form that the comment ordered."
    return Finding(reason, 0, len(case.text)) if is_obeyed else None


def _is_in_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= _FEWEST_LETTERS and capitals >= _MOSTLY * len(letters)


def _is_backwards(text: str) -> bool:
    turned = max(function_words(text[::-1].lower()))
    return bool(_OPENING_STOP.match(text)) or turned > max(function_words(text.lower()))


def _gives_a_piece(case: Case) -> bool:
    found = _OFFERS_PIECE.search(case.bare)
    return found is not None and says_as_asked(case, found.start())
