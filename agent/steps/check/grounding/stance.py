"""What a clause allows, forbids, demands or dispenses with: one normal form for its wordings.

« n'accepte pas les animaux », « animaux non admis », « pas de chiens », "no pets", "dogs are
forbidden" all deny that animals may come; "must book" and "booking is mandatory" demand one thing.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.words import stems
from knowledge.passages import Language


class Matter(StrEnum):
    """What is said of a thing: that one may have it, or that one must."""

    MAY = "may"
    MUST = "must"


class Stance(NamedTuple):
    """One clause in normal form: `about` are the stems that say of what."""

    matter: Matter
    is_affirmed: bool
    about: frozenset[str]


_MAY_FR = (
    r"accept\w*|admis\w*|admet\w*|autoris\w*|permis\w*|permet\w*|bienvenu\w*|possibles?"
    r"|peut|peuvent|pouvez|pourrez|pourra|peux|prenons|prennent|reprenons|accueill\w*|disponibles?"
    r"|existe(?:nt)?|propos(?:ons|e|ent)|avons|disposons|dispose(?:nt)?|il y a|prend en charge"
    r"|pris\w* en charge|prenons en charge|marche(?:nt)?|fonctionne(?:nt)?"
)
_MAY_NOT_FR = (
    r"(?:interdi|refus|exclu)\w*(?! (?:sont|seront|peuvent|font))"
    r"|defendue?s?|impossibles?|indisponibles?|prohib\w*|proscri\w*"
)
_MUST_FR = (
    r"obligatoires?|obligation|requise?s?|necessaires?|exig\w*|doit|doivent|devez|devrez|faut|faudra"
    r"|indispensables?|imperati\w*|necessit\w+|besoin"
    r"|sur (?:presentation|rendez-vous|reservation)"
)
_MUST_NOT_FR = r"facultati\w*|optionnel\w*|dispense\w*"
_MAY_EN = (
    r"accept\w*|admit\w*|allow\w*|permit\w*|welcomes?|possible|can|may|available|exists?"
    r"|(?:we|they|it|lodges?|you'll) (?:have|has|takes?)|take|offers?|there(?:'s| is| are)"
    r"|support(?:s|ed)?|works?"
)
_MAY_NOT_EN = r"forbid\w*|prohibit\w*|bann?ed|refus\w*|impossible|unavailable|unable|disallow\w*"
_MUST_EN = (
    r"mandatory|compulsory|obligatory|required?|requires|necessary|must|needs?|needed|ha(?:ve|s) to"
    r"|essential|obliged|by appointment"
)
_MUST_NOT_EN = r"optional"
_WORDS = {
    Language.FR: (_MAY_FR, _MAY_NOT_FR, _MUST_FR, _MUST_NOT_FR),
    Language.EN: (_MAY_EN, _MAY_NOT_EN, _MUST_EN, _MUST_NOT_EN),
}
_NOT = {
    Language.FR: r"(?:ne |n')(?!hesit|importe|\w+ (?:\w+ )?qu(?:e\b|'))"
    r"|(?<!sans )aucune?s?\b|ni\b|non\b"
    r"(?![- ](?:utilis|ouvert|entam|port|deball|consomm|lu|surtax|fumeur|resid|membre"
    r"|abonn|adher|aliment|urgent|perim)\w*)|jamais\b|plus (?=de |d'|possible)"
    r"|pas\b(?<!hesitez pas)(?<!hesiter pas)(?! (?:de (?:souci|probleme)|seulement|que\b))",
    Language.EN: r"not\b(?! only)|(?<!with )(?<!at )(?<!for )no\b"
    r"(?! (?:problem|worries|matter|doubt))|never\b|none\b|neither\b|nor\b|cannot\b"
    r"|non\b(?!-(?:members?|students?|residents?|smok\w+|uk|eu)\b)"
    r"|\w+n't\b(?! (?:hesitate|worry))",
}
_WITHOUT = re.compile(
    r"\b(?:sans|without|no need for|pas besoin d(?:e |'))"
    r"(?: ?(?:any|a|an|aucune?|the)\b)? ?(\w+(?:-\w+)?)"
)
_FEW_WORDS = 3
_STRETCH = re.compile(r"[.,;:!?()]")
_NO_NEED = frozenset(
    stems("one it them cela frais supplément surcoût cost charge fee délai attendre")
)
_COMPILED = {
    lang: tuple(re.compile(rf"\b(?:{one})(?!\w)") for one in words)
    for lang, words in _WORDS.items()
}
_NEGATORS = {lang: re.compile(rf"(?<!\w)(?:{words})") for lang, words in _NOT.items()}
_VERBAL = {
    Language.FR: re.compile(r"(?<!\w)(?:ne |n')"),
    Language.EN: re.compile(r"(?<!\w)(?:not\b|no\b|never\b|cannot\b|\w+n't\b)"),
}
"""Of two such words, one may deny what the other denies."""
_EMPTY = frozenset(
    stems(
        "moment instant encore hélas malheureusement désolé afraid sorry sadly unfortunately moment"
        " place currently actuellement sauf oui non yes course sure bien sûr venir come bring"
        " apporter use utiliser mettre put aussi également too well absolument absolutely"
    )
)
"""Words that do not say of what something is allowed or asked."""


def needless(folded: str) -> tuple[str, ...]:
    """Return the stems of what a folded clause says one does without: « sans rendez-vous »."""
    found = [
        match
        for match in _WITHOUT.finditer(folded)
        if not _opens_a_case(folded, match) and not _is_barred(folded, match)
    ]
    things = (stems(match[1]) for match in found)
    return tuple(thing[0] for thing in things if thing and thing[0] not in _NO_NEED)


def done_without(folded: str) -> tuple[str, ...]:
    """Return all the stems that follow a « sans » in its stretch: « sans créer de compte »."""
    found = [match for match in _WITHOUT.finditer(folded) if not _opens_a_case(folded, match)]
    ends = (_STRETCH.split(folded[match.start(1) :])[0] for match in found)
    return tuple(word for end in ends for word in stems(end)[:_FEW_WORDS] if word not in _NO_NEED)


def _is_barred(folded: str, match: re.Match[str]) -> bool:
    """« Les enfants venus sans adulte ne peuvent pas entrer » does without nothing."""
    rest = _STRETCH.split(folded[match.end() :])[0]
    return any(verbal.search(rest) for verbal in _VERBAL.values())


def _opens_a_case(folded: str, match: re.Match[str]) -> bool:
    """« Sans certificat, l'âge limite est de 60 ans. »"""
    is_first = not folded[: match.start()].strip()
    return is_first and len(folded[match.end() :].split()) > _FEW_WORDS


@lru_cache(maxsize=8192)
def stance_of(folded: str, lang: Language) -> Stance | None:
    """Return what a folded clause says one may or must, or None where it says neither, or both."""
    if lang not in _WORDS:
        return None
    may, may_not, must, must_not = _COMPILED[lang]
    demands = [bool(must.search(folded)), bool(must_not.search(folded))]
    allows = [bool(may.search(folded)), bool(may_not.search(folded))]
    if len(_VERBAL[lang].findall(folded)) > 1:
        return None
    is_denied = _NEGATORS[lang].search(folded) is not None
    if any(demands):
        matter, is_affirmed = Matter.MUST, demands[0] and not demands[1]
    elif any(allows) or is_denied:
        matter, is_affirmed = Matter.MAY, not allows[1]
    else:
        return None
    if sum(demands) > 1 or (sum(allows) > 1 and not any(demands)):
        return None
    return Stance(matter, is_affirmed is not is_denied, _about(folded, lang))


def _about(folded: str, lang: Language) -> frozenset[str]:
    for pattern in (*_COMPILED[lang], _NEGATORS[lang]):
        folded = pattern.sub(" ", folded)
    return frozenset(word for word in stems(folded) if not word.isdigit()) - _EMPTY
