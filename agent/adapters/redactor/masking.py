"""From findings to a redacted text: same value, same placeholder, and no occurrence left."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from agent.adapters.redactor.compact import Compact, compact, compacted
from agent.adapters.redactor.overlaps import resolve
from agent.domain.redaction import PersonalDataSpan, PersonalDataType, Redaction

_SHORTEST_VALUE = 4
_SHORTEST_NAME = 3
_TYPED_PLACEHOLDER = re.compile(r"\[(\s*[A-Za-z][A-Za-z_]*_\d+\s*)\]")
_WORD = re.compile(r"[^\W\d_]+")
_COUNTRY_PREFIX = re.compile(r"^(?:0033|33)0?(?=[1-9]\d{8}$)")

IsWord = Callable[[str], bool]
"""Says whether a part of a name is also an everyday word."""


def mask(message: str, found: list[PersonalDataSpan], is_word: IsWord) -> Redaction:
    """Return `message` with every finding, and every other occurrence of it, masked.

    Placeholders are numbered from left to right for each type. What looks like a placeholder
    in the customer's own words loses its square brackets, so that restoring a draft which
    quotes it can never bring up somebody's data.
    """
    spans = resolve(message, found)
    if not spans:
        return Redaction(text=_neutral(message))
    spans = resolve(message, [*spans, *_elsewhere(compact(message), spans, is_word)])
    keys = _keys(message, spans)
    placeholders, values = _number(message, spans, keys)
    pieces: list[str] = []
    position = 0
    for span, key in zip(spans, keys, strict=True):
        pieces += (_neutral(message[position : span.start]), placeholders[key])
        position = span.end
    pieces.append(_neutral(message[position:]))
    return Redaction(text="".join(pieces), spans=tuple(spans), values=values)


def _neutral(text: str) -> str:
    return _TYPED_PLACEHOLDER.sub(r"(\1)", text) if "[" in text else text


def _elsewhere(
    reading: Compact, spans: list[PersonalDataSpan], is_word: IsWord
) -> Iterator[PersonalDataSpan]:
    """Yield the occurrences of found values that no detector saw."""
    sought: dict[tuple[str, str, bool], PersonalDataSpan] = {}
    for span in spans:
        value = reading.message[span.start : span.end]
        for part, must_match in _parts(span.type, value, is_word):
            sought.setdefault((span.type, part, must_match), span)
    covered = {at for span in spans for at in range(span.start, span.end)}
    for (_, part, must_match), span in sought.items():
        for start, end in reading.occurrences(compacted(part)):
            is_seen = start in covered and end - 1 in covered
            if is_seen or (must_match and reading.message[start:end] not in part):
                continue
            update = {"start": start, "end": end, "score": span.score * 0.9}
            yield span.model_copy(update=update)


def _parts(type_: str, value: str, is_word: IsWord) -> Iterator[tuple[str, bool]]:
    """Yield what to look for, and whether it must be written exactly so (a name that is a word)."""
    if type_ != PersonalDataType.PERSON:
        yield value, len(compacted(value)) < _SHORTEST_VALUE
        return
    words = _WORD.findall(value)
    yield value, len(words) == 1 and (is_word(value) or len(value) < _SHORTEST_NAME)
    if len(words) > 1:
        for word in words:
            if len(word) >= _SHORTEST_NAME and word[0].isupper():
                yield word, is_word(word)


def _keys(message: str, spans: list[PersonalDataSpan]) -> list[tuple[str, str]]:
    """Return what identifies the value of each span: same key, same placeholder."""
    keys: list[tuple[str, str]] = []
    names = [message[one.start : one.end] for one in spans if one.type == PersonalDataType.PERSON]
    people = _people(names)
    for span in spans:
        value = message[span.start : span.end]
        key = compacted(value)
        if span.type == PersonalDataType.PERSON:
            key = people.get(key, key)
        elif span.type == PersonalDataType.PHONE:
            key = _COUNTRY_PREFIX.sub("0", key)
        keys.append((span.type, key))
    return keys


def _people(names: list[str]) -> dict[str, str]:
    """Map each name to the fullest name that contains all of its words."""
    words = {compacted(name): frozenset(map(compacted, _WORD.findall(name))) for name in names}
    fullest = sorted(words, key=lambda key: -len(words[key]))
    having: dict[str, list[str]] = defaultdict(list)
    for key in fullest:
        for word in words[key]:
            having[word].append(key)
    return {
        key: next((other for other in _rarest(own, having) if own <= words[other]), key)
        for key, own in words.items()
    }


def _rarest(words: frozenset[str], having: dict[str, list[str]]) -> list[str]:
    """Return the names that hold the rarest of `words`: the only ones that can hold them all."""
    return min((having[word] for word in words), key=len, default=[])


def _number(
    message: str, spans: list[PersonalDataSpan], keys: list[tuple[str, str]]
) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Return the placeholder of each key, and the fullest value of each placeholder."""
    placeholders: dict[tuple[str, str], str] = {}
    values: dict[str, str] = {}
    counts: dict[str, int] = defaultdict(int)
    for span, key in zip(spans, keys, strict=True):
        value = message[span.start : span.end]
        if key not in placeholders:
            counts[span.type] += 1
            placeholders[key] = f"[{span.type}_{counts[span.type]}]"
            values[placeholders[key]] = value
        elif span.type == PersonalDataType.PERSON and len(value) > len(values[placeholders[key]]):
            values[placeholders[key]] = value
    return placeholders, values
