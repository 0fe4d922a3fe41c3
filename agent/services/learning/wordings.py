"""Changes that people make to drafts again and again, word by word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from agent.domain.brand import BrandPack
from agent.domain.redaction import PLACEHOLDER
from agent.domain.reviews import ReviewItem
from agent.services.learning.suggestions import Example, Suggestion, SuggestionKind, key_of
from knowledge.passages import Language

LEAST_TIMES = 3
"""In fewer items it is one reply, not a habit."""
_MOST_WORDS = 8
_TOKENS = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_Change = tuple[Language, str, str]


def wordings(items: Iterable[ReviewItem], pack: BrandPack) -> list[Suggestion]:
    """Return the changes found in several items, the most frequent first."""
    found: dict[_Change, dict[str, Example]] = defaultdict(dict)
    for item in items:
        for change, example in _changes(item):
            found[change].setdefault(item.id, example)
    known = {(p.avoid.casefold(), p.use.casefold()) for p in pack.policy.lexicon.preferred}
    suggestions = [
        _suggestion(change, list(examples.values()))
        for change, examples in found.items()
        if len(examples) >= LEAST_TIMES
        and (change[1].casefold(), change[2].casefold()) not in known
    ]
    return sorted(suggestions, key=lambda one: (-len(one.examples), one.key))


def _suggestion(change: _Change, examples: list[Example]) -> Suggestion:
    lang, before, after = change
    return Suggestion(
        key=key_of(SuggestionKind.WORDING, lang.value, before.casefold(), after.casefold()),
        kind=SuggestionKind.WORDING,
        lang=lang,
        text=after,
        instead_of=before,
        examples=tuple(examples),
    )


def _changes(item: ReviewItem) -> Iterator[tuple[_Change, Example]]:
    decision, outcome = item.decision, item.outcome
    if decision is None or not decision.edit_ratio:
        return
    mask = outcome.redaction.mask
    for was, now in (
        (outcome.draft.public, decision.public),
        (outcome.draft.private, decision.private),
    ):
        if not (was and now):
            continue
        was, now = mask(was), mask(now)
        example = Example(item=item.id, message=outcome.redaction.text, before=was, after=now)
        for before, after in _replaced(was, now):
            yield (outcome.triage.language, before, after), example


def _replaced(was: str, now: str) -> Iterator[tuple[str, str]]:
    old, new = list(_TOKENS.finditer(was)), list(_TOKENS.finditer(now))
    matcher = SequenceMatcher(
        a=[t[0].casefold() for t in old], b=[t[0].casefold() for t in new], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or max(b - a, d - c) > _MOST_WORDS:
            continue
        before = was[old[a].start() : old[b - 1].end()] if b > a else ""
        after = now[new[c].start() : new[d - 1].end()] if d > c else ""
        if _is_wording(before) or _is_wording(after):
            yield before, after


def _is_wording(text: str) -> bool:
    has_letters = sum(char.isalpha() for char in text) >= 2
    return has_letters and not PLACEHOLDER.search(text) and not any(c.isdigit() for c in text)
