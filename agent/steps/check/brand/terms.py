"""B2 and B3: words the brand bans, and words it prefers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.domain.brand import Banned, Preferred
from agent.domain.checks import Severity
from agent.steps.check.brand.bounded import PatternTooSlowError, find_all
from agent.steps.check.brand.inflection import term_pattern
from agent.steps.check.case import Case
from agent.steps.check.gate import Gated
from agent.steps.check.guide import Guide
from agent.steps.check.rule import (
    Example,
    Finding,
    Outcome,
    Rule,
    abstain,
    not_applicable,
    replace,
)
from knowledge.passages import Language
from knowledge.text.normalise import fold

_HIGHEST = Severity.AUTOFAIL
"""A ban that cannot be tried stops the reply: nobody knows what it would have said."""


@lru_cache(maxsize=512)
def _banned(guide: Guide) -> tuple[tuple[Banned, re.Pattern[str]], ...]:
    return tuple((ban, term_pattern(ban.term)) for ban in guide.policy.lexicon.banned)


@lru_cache(maxsize=512)
def _any_banned(guide: Guide) -> Gated | None:
    """Find any banned term: most replies hold none, and need no look for each apart."""
    terms = [term_pattern(ban.term).pattern for ban in guide.policy.lexicon.banned if ban.term]
    return Gated(terms) if terms else None


@lru_cache(maxsize=512)
def _preferred(guide: Guide) -> tuple[tuple[Preferred, re.Pattern[str]], ...]:
    return tuple((swap, term_pattern(swap.avoid)) for swap in guide.policy.lexicon.preferred)


def _is_spoken(lang: Language | None, case: Case) -> bool:
    return lang is None or case.reply_lang in (lang, Language.UNKNOWN)


def _find_banned(case: Case) -> Outcome:
    if not case.guide.policy.lexicon.banned:
        return not_applicable("the guide bans no word")
    known = _any_banned(case.guide)
    is_clean = known is None or not known.occurs(case.folded)
    try:
        findings = [
            Finding(_why(ban), *span, None, ban.severity)
            for ban, pattern in _banned(case.guide)
            if (ban.pattern or not is_clean) and _is_spoken(ban.lang, case)
            if _holds_here(ban, case)
            for span in _uses(case, ban, pattern)
        ]
    except PatternTooSlowError as error:
        return abstain(f"The banned pattern {error} did not come to an end: mend it.", _HIGHEST)
    return findings or None


def _holds_here(ban: Banned, case: Case) -> bool:
    return not ban.surfaces or case.subject.surface in ban.surfaces


def _uses(case: Case, ban: Banned, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Places outside quotations and outside the exceptions of the ban."""
    places = list(_places(case, ban, pattern))
    if not places:
        return
    exceptions = [span for e in ban.exceptions for span in _spans(fold(e), case.folded)]
    for start, end in places:
        is_quoted = not case.bare[start:end].strip()
        is_excepted = any(a <= start and end <= b for a, b in exceptions)
        if not is_quoted and not is_excepted:
            yield start, end


def _places(case: Case, ban: Banned, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    if not ban.pattern:
        yield from (match.span() for match in pattern.finditer(case.folded))
        return
    for found in find_all(ban.pattern, case.text, is_part_of_words=True):
        yield found.start, found.end


def _spans(needle: str, haystack: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(needle), haystack)]


def _why(ban: Banned) -> str:
    return ban.reason or f'The guide bans "{ban.term or ban.pattern}".'


BANNED = Rule(
    "B2.banned",
    Severity.MAJOR,
    _find_banned,
    may_rise=True,
    good=(
        Example("fr", "Nos biscuits sont faits à la main."),
        Example("fr", "Vous écrivez « c'est pas cher » : merci !"),
        Example("fr", "Un feu d'artifice de noisettes."),
        Example("en", "A cheap and cheerful party idea."),
        Example("en", "Our biscuits are made by hand, artificially or not is no question."),
    ),
    bad=(
        Example("fr", "C'est bon et pas cher."),
        Example("fr", "Des arômes artificiels, jamais."),
        Example("fr", "Une noisette artificielle ?"),
        Example("fr", "Craquez sans culpabilité."),
        Example("en", "It is cheap."),
        Example("en", "A guilt-free treat."),
    ),
)


def _find_preferred(case: Case) -> Outcome:
    if not case.guide.policy.lexicon.preferred:
        return not_applicable("the guide prefers no word")
    findings = [
        _swap(case, swap, match)
        for swap, pattern in _preferred(case.guide)
        if _is_spoken(swap.lang, case)
        for match in pattern.finditer(case.bare)
        if not _is_inside(swap.use, case.folded, match)
    ]
    return findings or None


def _is_inside(use: str, folded: str, match: re.Match[str]) -> bool:
    """The avoided words may be part of the preferred ones: « carte » in « carte club »."""
    return any(a <= match.start() and match.end() <= b for a, b in _spans(fold(use), folded))


def _swap(case: Case, swap: Preferred, match: re.Match[str]) -> Finding:
    written = case.text[match.start() : match.end()]
    use = swap.use[0].upper() + swap.use[1:] if written[0].isupper() else swap.use
    reason = swap.reason or f'Say "{swap.use}", not "{swap.avoid}".'
    return Finding(reason, *match.span(), replace(*match.span(), use))


PREFERRED = Rule(
    "B3.preferred",
    Severity.MINOR,
    _find_preferred,
    good=(
        Example("fr", "Le club Noisette est gratuit."),
        Example("fr", "Vous parlez de « programme de fidélité »."),
        Example("en", "The Noisette club is free."),
    ),
    bad=(
        Example("fr", "Notre programme de fidélité est gratuit."),
        Example("fr", "Les programmes de fidélité se valent."),
        Example("fr", "Notre clientèle apprécie."),
        Example("en", "Our loyalty program is free."),
        Example("en", "Loyalty programs differ."),
    ),
)
