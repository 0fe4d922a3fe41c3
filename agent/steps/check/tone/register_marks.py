"""The marks of « tu » and of « vous » in folded French: pronouns, possessives, imperatives."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Mark(NamedTuple):
    """A word that addresses the reader as `tu` or as `vous`."""

    start: int
    end: int
    is_tu: bool


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SET_PHRASES = re.compile(
    r"s'il vous plait|\bsvp\b|\brendez-vous\b|\bvous-memes?\b|\bgarde[- ]a[- ]vous\b"
    r"|\ba tu et a toi\b|\btu parles\b|\bva savoir\b|\bdis donc\b|\bsauve[- ]qui[- ]peut\b"
    r"|\bm'as-tu-vu\w*|\bcessez-le-feu\b|\bsuivez-moi-jeune-homme\b|\bvoyez-vous\b"
)
_WORD = re.compile(r"[a-zœæ']+(?:-[a-zœæ']+)*")
_TU_WORDS = _words("tu te toi ta tes stp tkt n'hesite n'oublie n'attends n'aie")
_VOUS_WORDS = _words("vous votre vos votres")
_NOT_VOUS = _words("chez assez nez rez lez fez sez merguez")
_BEFORE_NOUN_TON = _words(
    "le un ce du au son notre votre quel meme bon mauvais autre seul leur d'un certain mi demi l"
)
_AFTER_NOUN_TON = _words(
    "de du des d qui que est et employe utilise general etait n ne a trop plus dans sur ironique "
    "familier amical"
)
_IMPERATIVES = _words(
    "appelle appuie attends bois change choisis clique commence connecte consulte contacte "
    "continue croque decouvre dis donne dors ecoute ecris embrasse enregistre envoie essaie "
    "evite explique fais filtre fonce glisse goute imagine indique inscris installe jette "
    "laisse lis mets montre n'envoie note ouvre parle partage passe patiente pense pose precise "
    "prends previens profite profites propose rappelle raconte recharge redemarre regarde rejoins "
    "relance relis remplis renseigne renvoie respire reste retente retourne retrouve reviens sache "
    "saisis sois suis surveille tape telecharge teste tiens touche transmets trouve utilise va "
    "verifie verse viens vois"
)
_IMPERATIVES_IN_CLAUSE = _words("profite contacte envoie ecris appelle verifie clique")
_OBJECTS = _words("de nous vite notre un une le la les en sur ici")
_CONJUNCTIONS = _words("et puis alors donc sinon ou")
_ATTACHED = re.compile(r"(?:\w{2,}(?:e|(?<!on)s)|va)-(?:nous|moi|le|les|lui|leur|y|en)")
_NOT_IMPERATIVE = re.compile(
    r"(?:celui|celles?|ceux|entre|contre|comme|chez|sommes|faites|dites|etes|toutes|tous|est|vous"
    r"|nous|elles?|ils?|quelques|apres|pres|puisse|puis|quelles?)-"
)


def find_marks(text: str, whole: str = "") -> Iterator[Mark]:
    """Yield the marks of folded `text`, set phrases left out, by position.

    `whole` is the same text with the names that `text` leaves blank: « Rapidex propose » opens no
    clause with its verb.
    """
    whole = whole or text
    text = _SET_PHRASES.sub(lambda match: " " * len(match[0]), text)
    found = list(_WORD.finditer(text))
    for index, match in enumerate(found):
        before = found[index - 1][0] if index else ""
        after = found[index + 1][0] if index + 1 < len(found) else ""
        if _is_tu(match[0], before, after, whole, match):
            yield Mark(*match.span(), is_tu=True)
        elif _is_vous(match[0], whole, match):
            yield Mark(*match.span(), is_tu=False)


def _is_tu(word: str, before: str, after: str, text: str, match: re.Match[str]) -> bool:
    if word in _TU_WORDS or (word.startswith("t'") and len(word) > 2):
        return True
    if word == "ton":
        return _is_possessive(before, after, text, match)
    if "-" in word:
        is_verb = _ATTACHED.fullmatch(word) and not _NOT_IMPERATIVE.match(word)
        return bool(is_verb) or word.endswith(("-tu", "-toi"))
    return _is_imperative(word, before, after, text, match)


def _is_possessive(before: str, after: str, text: str, match: re.Match[str]) -> bool:
    is_noun = before in _BEFORE_NOUN_TON or after in _AFTER_NOUN_TON
    return not is_noun and text[match.end() : match.end() + 1] == " " and bool(after)


def _is_imperative(word: str, before: str, after: str, text: str, match: re.Match[str]) -> bool:
    if word in _IMPERATIVES and _opens_clause(text, match.start(), before):
        return True
    if word not in _IMPERATIVES_IN_CLAUSE or after not in _OBJECTS:
        return False
    return before in _CONJUNCTIONS or text[: match.start()].rstrip().endswith(",")


def _opens_clause(text: str, start: int, before: str) -> bool:
    """At the start, after a stop or dash, or after « Bonjour, » and « s'il te plaît, »."""
    head = text[:start].rstrip(" \u00a0\u202f")
    if not head or head[-1] in ".!?…:;\n–—»":
        return True
    return head[-1] == "," and before in {"plait", "bonjour", "salut", "hello", "coucou"}


def _is_vous(word: str, text: str, match: re.Match[str]) -> bool:
    if word in _VOUS_WORDS:
        return True
    verb, _, attached = word.partition("-")
    if verb.endswith("ez") and len(verb) > 3 and verb not in _NOT_VOUS:
        return True
    is_plural = verb in {"dites", "faites"}
    return is_plural and (bool(attached) or _opens_clause(text, match.start(), ""))
