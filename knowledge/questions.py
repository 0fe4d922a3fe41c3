"""Cut a message into its questions, so that each is answered or handed over on its own."""

import re

from knowledge.passages import Language
from knowledge.terms import index_words
from knowledge.text.normalise import fold
from knowledge.text.sentences import split
from knowledge.text.sms import expand

# On folded text. What a question starts with, after an "and", a comma or at the start.
_OPENERS = (
    r"(?:est[- ]ce qu|qu'est[- ]ce|c'est quoi|c'est combien|c'est quand|comment|combien|"
    r"quand\b(?! meme)|ou en est|"
    r"ou (?:est|sont|puis|peut|trouver|se trouve)|a quelle? |quels?\b|quelles?\b|pourquoi|"
    r"puis-je|peut[- ]on|pouvez[- ]vous|pourriez[- ]vous|pourrais-je|dois-je|faut[- ]il|"
    r"y a[- ]t[- ]il|avez[- ]vous|etes[- ]vous|livrez[- ]vous|acceptez[- ]vous|vendez[- ]vous|"
    r"proposez[- ]vous|faites[- ]vous|\w+ez-vous|\w+-t-(?:il|elle|on)|savez[- ]vous|"
    r"(?:je (?:voudrais|veux|souhaite|souhaiterais)|j'aimerais) (?:aussi |egalement )?savoir|"
    r"how\b|when\b|where\b|why\b|what\b|which\b|who\b|can (?:i|you|we|someone)\b|"
    r"could (?:i|you|we)\b|do (?:i|you|we|they)\b|does\b|did (?:i|you)\b|"
    r"is (?:it|there|this|my|the)\b|"
    r"are (?:you|there|they|the|your)\b|will (?:i|you|it|my)\b|would (?:it|you)\b|should i\b|"
    r"have you\b|may i\b|pk\b|pq\b|pkoi\b|cmt\b|c (?:quand|combien|koi|ou)\b|"
    r"i(?:'d| would) (?:also )?like to know|i want to know)"
)
_STARTS = re.compile(rf"^\W*(?:(?:et|and|mais|but|sinon|aussi|also|donc|so|ou|or)\b\W*)*{_OPENERS}")
_OPENS = re.compile(rf"(?<![\w'-]){_OPENERS}")
_JOINT = re.compile(
    r"(?:\s*[,;]\s*(?:et|and|mais|but|puis|aussi|also|ou alors)?\s*|\s+(?:et|and|mais|but|puis)\s+)"
    rf"(?:(?:aussi|also|sinon|then|enfin)\s+)?(?={_OPENERS})"
)
_RHETORICAL = re.compile(
    r"vous (?:vous )?(?:moquez|foutez|fichez|plaisantez)|une blague|"
    r"c'est (?:normal|serieux|une honte)|"
    r"serieux|serieusement|n'est-ce pas|non \?|hein \?|are you (?:kidding|serious|joking)|"
    r"is this a joke|seriously|right \?|(?:ca|comment) va|allez[- ]vous|how are you|you know"
)

_SAYS_MORE = frozenset({"retour", "retours"})
"""Courtesy in "dans l'attente de votre retour", the matter itself in "comment faire un retour"."""


def split_questions(text: str, lang: str | None = None) -> list[str]:
    """Return the questions of a message, each with the statements that lead to it.

    `lang` is "fr", "en" or anything else. A message with one question, or none, comes back whole.
    A question that says nothing alone ("Que faire ?") stays with what stands before it.
    """
    reads_as = Language.EN if lang == "en" else Language.FR
    groups: list[list[str]] = []
    lead: list[str] = []
    for sentence in split(text):
        for piece, asks in _cut(sentence.text, reads_as):
            _place(piece, asks, reads_as, groups, lead)
    if len(groups) < 2:
        return [text.strip()] if text.strip() else []
    groups[-1] += lead
    return [" ".join(group) for group in groups]


def _place(
    piece: str, asks: bool, lang: Language, groups: list[list[str]], lead: list[str]
) -> None:
    """Add a piece to the questions, or to the statements that lead to the next one."""
    says = _says_something(piece, lang)
    if not asks:
        lead += [piece] if says else []
    elif (says or lead) and not _RHETORICAL.search(fold(piece)):
        groups.append([*lead, piece])
        lead.clear()
    elif groups and not lead:
        groups[-1].append(piece)
    else:
        lead.append(piece)


def _is_question(sentence: str) -> bool:
    bare = sentence.rstrip(" \u00a0\u202f!»\"')")
    return bare.endswith("?") or bool(_STARTS.match(fold(sentence)))


def _cut(sentence: str, lang: Language) -> list[tuple[str, bool]]:
    """Return the pieces of a sentence and whether each asks.

    It is cut where a second question starts, if what stands before says something too.
    """
    folded = fold(sentence)
    asks = _is_question(sentence)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for joint in _JOINT.finditer(folded):
        piece, rest = sentence[start : joint.start()], sentence[joint.end() :]
        if _says_something(piece, lang) and _says_something(rest, lang):
            opens = bool(_OPENS.search(folded, start, joint.start()))
            pieces.append((piece.strip(), opens))
            start = joint.end()
    return [*pieces, (sentence[start:].strip(), asks or bool(pieces))]


def _says_something(piece: str, lang: Language) -> bool:
    """Whether a word of the piece is neither a function word nor courtesy."""
    return any(
        (word.weight == 1.0 and len(word.key) > 1) or word.key in _SAYS_MORE
        for word in index_words(expand(piece, lang.value), lang)
    )
