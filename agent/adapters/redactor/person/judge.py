"""How sure it is that a run of words names a person: 0 is "no", .9 is "somebody said so"."""

import re

from agent.adapters.redactor.person.cues import (
    Cue,
    acts_after,
    is_firm_after,
    is_product_after,
    surely_acts_after,
)
from agent.adapters.redactor.person.runs import STRONG_CUES, Run
from agent.adapters.redactor.person.tokens import Case, Kind, Token

_SOCIAL = Cue.GREETING | Cue.WITH | Cue.COPULA
_SHORTEST_LOWER = 4
_SHORTEST_UPPER = 5
"""Shorter words in capitals are acronyms more often than names."""
_SHORTEST_FAMILY = 4
# What comes after "Bonjour, c'est Tobiasz", and not after "Bonjour, c'est Énorme votre promo".
_PRESENTED = re.compile(
    r"\s*(?:[,.!?:;\n–-]|$|(?:again|from|here|and|encore|toujours|de|du|et|je|qui|votre client)\b)"
)
_VOWEL = re.compile("[aeiouy]")


def score_run(text: str, run: Run) -> float:
    """Return the score of `run`, which stands in `text`."""
    names = [token for token in run.tokens if not token.kind & Kind.PARTICLE or token.is_name]
    if not names or is_firm_after(text, run.end):
        return 0.0
    if run.cue & (Cue.SELF | Cue.TITLE):
        return _announced(run, names)
    if len(names) > 1:
        return _several(text, run, names)
    return _single(text, run, names[0])


def _announced(run: Run, names: list[Token]) -> float:
    """After "je m'appelle" or "Mme" any capitalised word is a name, and any listed one."""
    if all(token.kind & (Kind.INITIAL | Kind.PARTICLE) for token in names):
        return 0.0
    head = names[0]
    # "Vous portez un double nom.\nSi ...": a new line begins a sentence, not the name.
    if "\n" in head.gap and ":" not in head.gap and head.kind & Kind.EVERYDAY:
        return 0.0
    if head.has_capital or head.is_name:
        return 0.9
    is_odd = head.kind != Kind.UNKNOWN or len(head.text) < 3
    return 0.0 if is_odd or not run.cue & Cue.SELF else 0.8


def _several(text: str, run: Run, names: list[Token]) -> float:
    """First name and surname confirm each other, even where each is also a word."""
    given = [token for token in names if token.kind & Kind.GIVEN]
    family = [token for token in names if token.kind & (Kind.FAMILY | Kind.SHAPED)]
    head = names[0]
    if not given and (not family or run.cue & Cue.PUBLIC):
        return _unlisted_pair(text, run, names)
    sure = [token for token in (*given, *family) if not token.kind & (Kind.EVERYDAY | Kind.PLACE)]
    if sure and (given or not head.is_opening or head.is_name):
        return 0.85 if given else 0.7
    if head.has_capital and not head.kind & Kind.PLACE:
        if family and head.kind & Kind.INITIAL and names[1].has_capital:
            return 0.0 if names[1].kind & Kind.PARTICLE else 0.65
        if given and family and len(given) + len(family) > 1:
            return 0.75
    if run.cue & STRONG_CUES:
        return 0.8
    return 0.6 if sure else _unlisted_pair(text, run, names)


def _unlisted_pair(text: str, run: Run, names: list[Token]) -> float:
    """Two capitalised words of no list, where only a person can stand."""
    if run.cue & (Cue.RELATION | Cue.SIGNATURE):
        return 0.8
    if run.cue & Cue.PUBLIC or not all(map(_may_be_new, names)):
        return 0.0
    is_announced = bool(run.cue & (Cue.TALK | Cue.INTRO | Cue.COPULA))
    return 0.65 if is_announced or surely_acts_after(text, run.end) else 0.0


def _may_be_new(token: Token) -> bool:
    is_title = token.text[:1].isupper() and token.text[1:2].islower()
    return is_title and not token.kind & (Kind.PLACE | Kind.WORD)


def _single(text: str, run: Run, token: Token) -> float:
    if _is_no_name(run, token):
        return 0.0
    if run.cue & (Cue.RELATION | Cue.SIGNATURE):
        return _related(run, token)
    if run.cue & Cue.PUBLIC or is_product_after(text, run.end):
        return 0.0
    if not token.has_capital:
        return _lower(run, token)
    if token.kind & (Kind.EVERYDAY | Kind.PLACE):
        return _ambiguous(text, run, token)
    if token.kind & Kind.GIVEN:
        return 0.75 if len(token.text) > 2 else 0.0
    if token.is_name:
        return 0.6 if len(token.text) >= _SHORTEST_FAMILY else 0.0
    return _unlisted(text, run, token)


def _is_no_name(run: Run, token: Token) -> bool:
    is_particle = bool(token.kind & Kind.PARTICLE)
    is_given = bool(token.kind & Kind.GIVEN and run.cue & _SOCIAL)
    is_acronym = token.case == Case.UPPER and len(token.text) < _SHORTEST_UPPER and not run.cue
    is_acronym = is_acronym or (token.case == Case.UPPER and not _VOWEL.search(token.folded))
    return bool(token.kind & Kind.INITIAL) or is_acronym or (is_particle and not is_given)


def _related(run: Run, token: Token) -> float:
    """After "ma fille", "votre collègue", or as a signature."""
    if token.kind & Kind.PLACE and not token.kind & Kind.GIVEN:
        return 0.0
    if token.has_capital:
        is_signed = bool(run.cue & Cue.SIGNATURE)
        is_odd = (token.is_opening and not is_signed) or not _is_title_case(token)
        return 0.0 if token.kind == Kind.UNKNOWN and is_odd else 0.85
    is_everyday = bool(token.kind & Kind.EVERYDAY)
    return 0.8 if token.kind & Kind.GIVEN and not is_everyday and len(token.text) > 2 else 0.0


def _lower(run: Run, token: Token) -> float:
    """A lone name without a capital: only a frequent first name, or any first name after a cue."""
    if not token.kind & Kind.GIVEN or token.kind & (Kind.EVERYDAY | Kind.PLACE):
        return 0.0
    if run.cue & (Cue.COPULA | Cue.GREETING) and len(token.text) > 2:
        return 0.75
    is_believed = token.kind & Kind.KNOWN and not token.kind & Kind.MILD
    return 0.6 if is_believed and len(token.text) >= _SHORTEST_LOWER else 0.0


def _ambiguous(text: str, run: Run, token: Token) -> float:
    """A first name that is also a word or a town: somebody must speak to it, or it must act."""
    is_given = bool(token.kind & Kind.GIVEN) and len(token.text) > 2
    is_social = bool(run.cue & _SOCIAL) or acts_after(text, run.end)
    return 0.7 if is_given and is_social and not token.kind & Kind.PLACE else 0.0


def _unlisted(text: str, run: Run, token: Token) -> float:
    """A capitalised word of no list, if it does what only people do."""
    is_new = token.kind == Kind.UNKNOWN and _is_title_case(token) and len(token.text) > 3
    is_presented = bool(run.cue & Cue.INTRO) and _PRESENTED.match(text, run.end) is not None
    if is_presented and is_new and token.case == Case.CAPITAL:
        return 0.65
    acts = surely_acts_after if token.is_opening else acts_after
    return 0.65 if is_new and acts(text, run.end) else 0.0


def _is_title_case(token: Token) -> bool:
    return token.text.replace("’", "").replace("'", "").istitle() or token.case == Case.UPPER
