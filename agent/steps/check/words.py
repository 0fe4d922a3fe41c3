"""Words compared across inflections: a light stem for French and English, without a dictionary."""

import re
from functools import lru_cache

from knowledge.text.normalise import fold

_WORD = re.compile(r"[^\W_]+")
_WHOLE_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?!['’\w])")
_ENDINGS = re.compile(
    r"(?:issements?|issements|ations?|ements?|ments?|euses?|eures?|eurs?|trices?|ables?|ibles?|antes?"
    r"|ants?|aient|erons|erez|eront|iez|ions|ees|ee|ait|ais|ies|ing|edly|ers?|ed|es|ez|ent|ons"
    r"|is|it|ie|e|s|x|y|i)$"
)
_LONGEST_STEM = 7
_SHORTEST_STEM = 3
_STOPWORDS_FR = """
a ai ainsi alors apres as au aucun aussi autre aux avant avec avez avoir avons bien c ca car ce ceci
cela ces cet cette ceux chaque chez ci comme comment d dans de des donc dont du elle elles en encore
es est et etaient etait ete etes etre eu faire fait faites fois font il ils j je jusqu l la le
les leur leurs lors lorsque lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont ou par
parce pas peu peut peuvent pouvez pouvons plus pour pourquoi pourrez pourriez puis qu quand que quel
quelle quelles quels qui quoi s sa sans se sera seront ses si son sont sous sur t ta te tes toi ton
tous tout toute toutes tres tu un une vers via voici voila vos votre vous y bonjour merci notamment
"""
_STOPWORDS_EN = """
a about after all also am an and any are as at be been being but by can could did do does for from
get had has have he her here him his how i if in into is it its just let me more most my no not of
on once only or other our ours out over please she should so some such than that the their them then
there these they this those to too up us very was we were what when where which while who whom why
none nor
will with would you your yours hi hello thanks thank re ve ll d s t m
"""
_FRENCH = frozenset(fold(_STOPWORDS_FR).split())
_ENGLISH = frozenset(fold(_STOPWORDS_EN).split())
STOPWORDS = _FRENCH | _ENGLISH


@lru_cache(maxsize=2048)
def stem(word: str) -> str:
    """Return the stem of a folded word: ending off, at most seven letters."""
    if word.isdigit() or len(word) <= _SHORTEST_STEM:
        return word
    word = _cut(word)
    # « gratuite » and "limited" end like « gratuit » and "limit", which lose two letters more.
    return (_cut(word) if word.endswith("it") else word)[:_LONGEST_STEM]


def _cut(word: str) -> str:
    found = _ENDINGS.search(word)
    return word[: found.start()] if found and found.start() >= _SHORTEST_STEM else word


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the content words of `text`, in order."""
    words = _WORD.findall(fold(text).replace("œ", "oe"))
    return tuple(stem(word) for word in words if word not in STOPWORDS)


@lru_cache(maxsize=4096)
def function_words(text: str) -> tuple[int, int]:
    """Return how many words of `text` are French, and English, function words."""
    words = _WORD.findall(fold(text))
    french = sum(1 for word in words if word in _FRENCH and word not in _ENGLISH)
    return french, sum(1 for word in words if word in _ENGLISH and word not in _FRENCH)


@lru_cache(maxsize=4096)
def word_count(text: str) -> int:
    """Return the number of words of `text`; an elided article is not one."""
    return len(_WHOLE_WORD.findall(text))
