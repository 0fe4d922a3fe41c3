"""Find two passages that say the same thing with different facts."""

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from itertools import combinations, product

from knowledge.passages import Language, Passage
from knowledge.terms import index_words
from knowledge.text.facts import Fact, FactKind, agrees, find_facts
from knowledge.text.sentences import split

LEAST_OVERLAP = 0.6
"""Share of the words of the shorter sentence, its facts left out, that the other one has too."""
LEAST_WORDS = 2
_COPULAS = {
    Language.FR: "coûte coûtent coût prix tarif montant facturé facturée revient élève",
    Language.EN: "costs cost price rate amount charged comes",
}
"""Words that only join a thing to its price: "coûte 3,90 €" says what "est à 3,90 €" says."""
_COMPARED = frozenset(
    {FactKind.MONEY, FactKind.PERCENT, FactKind.QUANTITY, FactKind.DATE, FactKind.TIME}
    | {FactKind.DURATION, FactKind.NUMBER}
)


class _Statement:
    """A sentence that states facts: its facts, and its words without them."""

    def __init__(self, text: str, facts: tuple[Fact, ...], lang: Language) -> None:
        self._text, self._lang = text, lang
        self.facts = facts

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems; read only of sentences whose facts differ, since stemming is most of the time."""
        return _words_without(self._text, self.facts, self._lang)


def find_contradiction(
    passages: Sequence[Passage], in_the_same_words: bool = False
) -> tuple[str, str] | None:
    """Return the keys of the first two passages, of one language, that contradict each other.

    They do if two sentences share most of their words and state different values of one kind
    and unit ("La livraison coûte 3,90 €" and "La livraison est à 4,90 €"). `in_the_same_words`:
    only if they share all of them, for passages that may well be about different things.
    """
    for left, right in combinations(passages, 2):
        if left.lang is not right.lang or left.id == right.id:
            continue
        pairs = product(_statements(left.answer, left.lang), _statements(right.answer, right.lang))
        if any(_differ(*pair) and _is_alike(*pair, in_the_same_words) for pair in pairs):
            return left.key, right.key
    return None


def _is_alike(one: _Statement, other: _Statement, in_the_same_words: bool) -> bool:
    is_same = one.words == other.words if in_the_same_words else _same(one, other)
    return is_same and bool(one.words)


def _same(one: _Statement, other: _Statement) -> bool:
    shorter = min(len(one.words), len(other.words))
    shared = len(one.words & other.words)
    if one.words == other.words:
        return bool(shared)
    longer = max(len(one.words), len(other.words))
    return shared >= LEAST_WORDS and shared >= LEAST_OVERLAP * max(shorter, longer / 2)


def _differ(one: _Statement, other: _Statement) -> bool:
    """Whether both state a value of one kind and unit, and no value of it in common."""
    for kind, unit in {_measure(fact) for fact in one.facts}:
        ours = [fact for fact in one.facts if _measure(fact) == (kind, unit)]
        theirs = [fact for fact in other.facts if _measure(fact) == (kind, unit)]
        pairs = [(our, their) for our in ours for their in theirs]
        if pairs and not any(agrees(a, b) or agrees(b, a) for a, b in pairs):
            return True
    return False


def _measure(fact: Fact) -> tuple[FactKind, str]:
    """Return what can be compared with what: minutes with minutes, euros with euros."""
    _, _, unit = fact.value.partition(" ")
    return fact.kind, unit


@lru_cache(maxsize=4096)
def _statements(answer: str, lang: Language) -> tuple[_Statement, ...]:
    statements = []
    for sentence in split(answer):
        facts = tuple(fact for fact in find_facts(sentence.text, lang) if fact.kind in _COMPARED)
        if facts:
            statements.append(_Statement(sentence.text, facts, lang))
    return tuple(statements)


def _words_without(text: str, facts: Sequence[Fact], lang: Language) -> frozenset[str]:
    bare = text
    for fact in reversed(facts):
        bare = f"{bare[: fact.start]} {bare[fact.end :]}"
    said = {word.stem for word in index_words(bare, lang) if word.weight == 1.0}
    return frozenset(said - _copulas(lang))


@cache
def _copulas(lang: Language) -> frozenset[str]:
    words = _COPULAS[Language.EN if lang is Language.EN else Language.FR]
    return frozenset(word.stem for word in index_words(words, lang))
