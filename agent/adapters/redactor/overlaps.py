"""Which of several findings stands, when they cover the same words."""

import bisect

from agent.domain.redaction import PersonalDataSpan, PersonalDataType

_PARTS_OF_ADDRESSES = frozenset({PersonalDataType.PERSON, PersonalDataType.ORDER_ID})
_LEAST_REST = 2
"""A remainder with fewer letters or digits than this tells nothing."""


def resolve(message: str, spans: list[PersonalDataSpan]) -> list[PersonalDataSpan]:
    """Return spans sorted by start, none overlapping, that cover all that the given ones cover.

    The surer finding stands whole, then the longer one. What another covers beyond it is kept
    as a finding of its own: nothing that any detector found may stay readable.
    """
    kept: list[PersonalDataSpan] = []
    for span in sorted(_joined(_without_parts_of_addresses(spans)), key=_rank):
        for start, end in _uncovered(span.start, span.end, kept):
            rest = _trimmed(message, start, end)
            is_whole = (start, end) == (span.start, span.end)
            if rest and (is_whole or _tells(message[rest[0] : rest[1]])):
                place = rest if not is_whole else (start, end)
                part = span.model_copy(update={"start": place[0], "end": place[1]})
                bisect.insort(kept, part, key=_start)
    return kept


def _joined(spans: list[PersonalDataSpan]) -> list[PersonalDataSpan]:
    """Make one finding of those of one type that overlap: one saw the flat, one the town."""
    joined: list[PersonalDataSpan] = []
    last: dict[str, int] = {}
    for span in sorted(spans, key=_start):
        at = last.get(span.type)
        if at is None or joined[at].end <= span.start:
            last[span.type] = len(joined)
            joined.append(span)
            continue
        surest = max(joined[at], span, key=_score)
        place = {"start": joined[at].start, "end": max(joined[at].end, span.end)}
        joined[at] = surest.model_copy(update=place)
    return joined


def _score(span: PersonalDataSpan) -> float:
    return span.score


def _without_parts_of_addresses(spans: list[PersonalDataSpan]) -> list[PersonalDataSpan]:
    """Drop what is part of an address: streets named after people, "livraison : 12, rue ..."."""
    addresses = [span for span in spans if span.type == PersonalDataType.ADDRESS]
    if not addresses:
        return spans
    within: set[int] = set()
    for one in addresses:
        within.update(range(one.start, one.end))
    return [
        span
        for span in spans
        if span.type not in _PARTS_OF_ADDRESSES
        or not all(at in within for at in range(span.start, span.end))
    ]


def _rank(span: PersonalDataSpan) -> tuple[float, int, int, str]:
    return -span.score, span.start - span.end, span.start, span.type


def _uncovered(start: int, end: int, kept: list[PersonalDataSpan]) -> list[tuple[int, int]]:
    """Return what of `start`..`end` no kept span covers; `kept` is sorted and without overlaps."""
    free: list[tuple[int, int]] = []
    at = max(0, bisect.bisect_right(kept, start, key=_start) - 1)
    while at < len(kept) and kept[at].start < end:
        span = kept[at]
        if span.end > start:
            if span.start > start:
                free.append((start, span.start))
            start = max(start, span.end)
        at += 1
    if start < end:
        free.append((start, end))
    return free


def _start(span: PersonalDataSpan) -> int:
    return span.start


def _trimmed(message: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and not message[start].isalnum():
        start += 1
    while end > start and not message[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else None


def _tells(passage: str) -> bool:
    return sum(char.isalnum() for char in passage) >= _LEAST_REST
