"""What the classifier sees of a message: its words, their letters, its concepts and its shape."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, combinations, pairwise
from typing import NamedTuple

from agent.steps.triage.concepts import Concepts, Mention
from agent.steps.triage.reading import Reading
from agent.steps.triage.spelling import word_set

CONCEPT_WEIGHT = 0.6
PAIR_WEIGHT = 0.3
_MOST_COUNTED = 2
_SHORT, _LONG = 6, 25
_LETTER_GROUPS = (3, 4, 5)
"""Lengths of the letter groups; the edges of a word count as letters. Chosen on the dev split."""
_PEOPLE = {
    "me": word_set("je i mon ma mes my me moi nous we our notre nos"),
    "you": word_set("vous votre vos you your tu ton ta tes"),
    "no": word_set("pas plus jamais not never no rien aucun aucune"),
    "them": word_set("he she il elle they ils elles on"),
}

_NEUTER = {
    form: word
    for word, forms in (
        line.split(": ")
        for line in """vendeur: vendeuse
conseiller: conseillere
caissier: caissiere
serveur: serveuse
livreur: livreuse
patron: patronne
gerant: gerante
directeur: directrice
employe: employee
fils: fille
garcon: fillette
pere: mere
papa: maman
frere: soeur
mari: femme
copain: copine
ami: amie
voisin: voisine
neveu: niece
oncle: tante
monsieur: madame dame
homme: femmes
le: la
un: une
mon: ma
ton: ta
son: sa
il: elle
ils: elles
salesman: saleswoman
waiter: waitress
man: woman
boy: girl
son: daughter
father: mother
dad: mum mom
brother: sister
husband: wife
boyfriend: girlfriend
nephew: niece
he: she
his: her""".splitlines()
    )
    for form in forms.split()
}
"""Words of the other gender read alike: what somebody is must not change the verdict."""


class Features(NamedTuple):
    """What the classifier sees of a message."""

    words: frozenset[str]
    """`w:word` and `w:two words`."""
    letters: frozenset[str]
    """`l:letters`, three to five of one word."""
    signs: Mapping[str, float]
    """`c:concept`, `p:concept+concept`, `x:shape`, each with its value."""


def features_of(reading: Reading, mentions: Iterable[Mention], concepts: Concepts) -> Features:
    """Return the features of a message."""
    letters = frozenset(chain.from_iterable(map(letters_of, map(neuter, reading.words))))
    return Features(words_of(reading), letters, signs_of(reading, mentions, concepts))


def neuter(word: str) -> str:
    """Return the masculine of a word for people, any other word as it is."""
    return _NEUTER.get(word, word)


def plain_words(reading: Reading) -> list[str]:
    """Return the words of a message in order, as the classifier reads them."""
    return [neuter(token.word) for token in reading.tokens]


def words_of(reading: Reading) -> frozenset[str]:
    """Return the words of a message and its pairs of neighbours."""
    words = plain_words(reading)
    pairs = {f"w:{one} {other}" for one, other in pairwise([".", *words])}
    return frozenset(pairs | {f"w:{word}" for word in words})


def signs_of(
    reading: Reading, mentions: Iterable[Mention], concepts: Concepts
) -> Mapping[str, float]:
    """Return the concepts of a message, their pairs and its shape, each with its value."""
    return {**_shape(reading), **_concept_signs(mentions, concepts)}


@lru_cache(maxsize=2048)
def letters_of(word: str) -> tuple[str, ...]:
    """Return the letter groups of one word, each once: misspelt words share most of them."""
    edged = f" {word} "
    groups = {
        edged[place : place + size]
        for size in _LETTER_GROUPS
        for place in range(max(1, len(edged) - size + 1))
    }
    return tuple(sorted(f"l:{group}" for group in groups))


def _concept_signs(mentions: Iterable[Mention], concepts: Concepts) -> dict[str, float]:
    places: dict[str, set[int]] = {}
    for mention in mentions:
        places.setdefault(concepts.names[mention.concept], set()).add(mention.start)
    signs = {
        f"c:{name}": CONCEPT_WEIGHT * min(len(starts), _MOST_COUNTED)
        for name, starts in places.items()
    }
    pairs = combinations(sorted(places), 2)
    return signs | {f"p:{one}+{other}": PAIR_WEIGHT for one, other in pairs}


def _shape(reading: Reading) -> dict[str, float]:
    length = len(reading.tokens)
    shape = {
        "x:asks": "?" in reading.words,
        "x:ends asking": reading.joined.endswith(" ? "),
        "x:short": length < _SHORT,
        "x:long": length > _LONG,
        **{f"x:{name}": not words.isdisjoint(reading.words) for name, words in _PEOPLE.items()},
    }
    return {name: 1.0 for name, is_so in shape.items() if is_so}
