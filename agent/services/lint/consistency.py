"""Does the guide contradict itself: words, entries that disagree, links outside the list?"""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from agent.domain.brand import Banned
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding
from agent.services.lint.wording import LintWording as Wording
from agent.steps.check.brand.bounded import PatternTooSlowError, find_all
from knowledge.passages import Passage
from knowledge.text.fact_types import FactKind
from knowledge.text.facts import agrees, find_facts
from knowledge.text.normalise import match_key
from knowledge.text.tokens import words

_COMPARED = frozenset(
    {FactKind.MONEY, FactKind.PERCENT, FactKind.DATE, FactKind.DURATION, FactKind.QUANTITY}
)
"""Kinds written alike in both languages; phones, links and clock times are not."""
_FIGURES = re.compile(r"\d+")
_URL = re.compile(r"https?://([^\s/<>«»\"”)\]]+)")


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield what disagrees with something else in the pack."""
    yield from _words(desk)
    yield from _doubles(desk)
    yield from _languages_disagree(desk)
    yield from _same_question(desk)
    yield from _links(desk)


def _words(desk: LintDesk) -> Iterator[Finding]:
    lexicon = desk.policy.lexicon
    avoided = {match_key(swap.avoid): swap.avoid for swap in lexicon.preferred}
    for index, swap in enumerate(lexicon.preferred):
        path = f"lexicon.preferred[{index}]"
        if match_key(swap.use) in avoided:
            yield desk.error(path, Wording.PREFERRED_AND_AVOIDED, word=swap.use)
        for banned in lexicon.banned:
            if _is_banned(banned, swap.use) and swap.lang in {None, banned.lang}:
                yield desk.error(path, Wording.PREFERRED_AND_BANNED, word=swap.use)
    for index, product in enumerate(lexicon.products):
        path = f"lexicon.products[{index}]"
        if any(_is_banned(banned, product.canonical) for banned in lexicon.banned):
            yield desk.error(path, Wording.PRODUCT_BANNED, word=product.canonical)
        if product.canonical in product.wrong:
            yield desk.error(path, Wording.PRODUCT_RIGHT_AND_WRONG, word=product.canonical)


def _is_banned(banned: Banned, text: str) -> bool:
    if banned.pattern:
        try:
            return any(find_all(banned.pattern, text, is_part_of_words=True))
        except PatternTooSlowError:
            return False  # said of the ban itself, once
    return bool(banned.term) and f" {match_key(banned.term)} " in f" {match_key(text)} "


def _doubles(desk: LintDesk) -> Iterator[Finding]:
    named = (
        ("situations", [s.id for s in desk.policy.situations]),
        ("lexicon.preferred", [match_key(s.avoid) for s in desk.policy.lexicon.preferred]),
        ("moderation.rules", [r.id for r in desk.policy.moderation.rules]),
    )
    for path, names in named:
        for index, name in enumerate(names):
            if name in names[:index]:
                yield desk.error(f"{path}[{index}]", Wording.NAME_TWICE, name=name)


def _languages_disagree(desk: LintDesk) -> Iterator[Finding]:
    by_id: dict[str, list[Passage]] = {}
    for passage in desk.pack.passages:
        by_id.setdefault(passage.id, []).append(passage)
    for versions in by_id.values():
        for one, other in combinations(versions, 2):
            yield from _alone(desk, one, other)
            yield from _alone(desk, other, one)
            if (one.valid_from, one.valid_until) != (other.valid_from, other.valid_until):
                keys = {"one": one.key, "other": other.key}
                yield desk.warn_in(other.source, Wording.DAYS_DIFFER, **keys)


def _alone(desk: LintDesk, one: Passage, other: Passage) -> Iterator[Finding]:
    if facts := ", ".join(_facts_alone(one, other)):
        keys = {"one": one.key, "other": other.key}
        yield desk.warn_in(one.source, Wording.FACTS_DIFFER, facts=facts, **keys)


def _facts_alone(one: Passage, other: Passage) -> list[str]:
    """Return the facts of `one` that `other` does not state, as written."""
    source = find_facts(other.answer, other.lang)
    return [
        f"« {one.answer[fact.start : fact.end]} »"
        for fact in find_facts(one.answer, one.lang)
        if fact.kind in _COMPARED
        and not any(agrees(fact, known) for known in source)
        and not _figures(one.answer[fact.start : fact.end]) <= _figures(other.answer)
    ]


def _figures(text: str) -> set[str]:
    """Return the numbers written with digits: « un mois » may be an article and a noun."""
    return set(_FIGURES.findall(text))


def _same_question(desk: LintDesk) -> Iterator[Finding]:
    first: dict[tuple[str, str], list[Passage]] = {}
    for passage in desk.pack.passages:
        asked = {_question_key(text) for text in (passage.question, *passage.aliases)}
        for key in asked:
            for earlier in first.setdefault((passage.lang, key), []):
                if key and _overlap(earlier, passage) and earlier.answer != passage.answer:
                    keys = {"one": passage.key, "other": earlier.key, "place": earlier.source}
                    yield desk.warn_in(passage.source, Wording.SAME_QUESTION, **keys)
            first[passage.lang, key].append(passage)


def _question_key(text: str) -> str:
    return " ".join(match_key(word.text) for word in words(text))


def _overlap(one: Passage, other: Passage) -> bool:
    starts = [d for d in (one.valid_from, other.valid_from) if d]
    ends = [d for d in (one.valid_until, other.valid_until) if d]
    return not starts or not ends or max(starts) <= min(ends)


def _links(desk: LintDesk) -> Iterator[Finding]:
    allowed = [domain.lower() for domain in desk.policy.lexicon.link_allowlist]
    for source, text in _texts_with_links(desk):
        for host in _URL.findall(text):
            name = host.lower().removeprefix("www.")
            if not any(name == domain or name.endswith(f".{domain}") for domain in allowed):
                yield desk.error_in(source, Wording.LINK_NOT_ALLOWED, host=name)


def _texts_with_links(desk: LintDesk) -> Iterable[tuple[str, str]]:
    for passage in desk.pack.passages:
        said = (passage.answer, passage.next_step or "", passage.link or "")
        yield passage.source, " ".join(said)
    for statement in desk.pack.statements:
        yield statement.source, statement.text
    for exemplar in desk.pack.exemplars:
        yield exemplar.source, exemplar.reply
