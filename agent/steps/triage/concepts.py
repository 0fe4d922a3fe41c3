"""What a message talks about: its words sorted into concepts, for the classifier."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from agent.steps.triage.phrases import Phrase, PhraseIndex
from agent.steps.triage.reading import Reading
from agent.steps.triage.rules import data_folder, load_groups, load_yaml

_GROUP = re.compile(r"\{(\w+)\}")
_STEM = re.compile(r"[a-z0-9]+\*")
_WORD = re.compile(r"[a-z0-9]+")
_MOST_REMEMBERED = 2048
_IDIOM = "idiom"
"""The concept of set phrases: the words in them do not mean what they say elsewhere."""


class Mention(NamedTuple):
    """A concept and where its words stand in `Reading.joined`."""

    concept: int
    start: int
    end: int


class Concepts:
    """The concepts of concepts.yaml, ready to search."""

    def __init__(self) -> None:
        listed = load_yaml(data_folder().joinpath("concepts.yaml"))
        groups = load_groups()
        self.names = tuple(listed)
        self._idiom = self.names.index(_IDIOM)
        self._whole: dict[str, list[int]] = {}
        self._stems: dict[str, list[tuple[str, int]]] = {}
        self._phrases: list[Phrase] = []
        self._owners: list[int] = []
        for number, name in enumerate(self.names):
            for entry in _entries(str(listed[name]), groups):
                self._add(entry, number)
        self._index = PhraseIndex(self._phrases)
        self._of_word = lru_cache(maxsize=_MOST_REMEMBERED)(self._look_up)

    def _add(self, entry: str, number: int) -> None:
        if _WORD.fullmatch(entry):
            self._whole.setdefault(entry, []).append(number)
        elif _STEM.fullmatch(entry) and len(entry) > 3:
            self._stems.setdefault(entry[:3], []).append((entry[:-1], number))
        else:
            self._phrases.append(Phrase(entry, {}))
            self._owners.append(number)

    def find(self, reading: Reading) -> list[Mention]:
        """Return every mention, words first, then phrases; an idiom hides those inside it."""
        found: list[Mention] = []
        at = 3
        for token in reading.tokens:
            end = at + len(token.word)
            found.extend(Mention(number, at, end) for number in self._of_word(token.word))
            at = end + 1
        for place in self._index.candidates(reading):
            hit = self._phrases[place].regex.search(reading.joined)
            if hit:
                found.append(Mention(self._owners[place], *hit.span()))
        return self._without_literal(found)

    def _without_literal(self, found: list[Mention]) -> list[Mention]:
        idioms = [one for one in found if one.concept == self._idiom]
        return [
            one
            for one in found
            if one.concept == self._idiom
            or not any(idiom.start <= one.start and one.end <= idiom.end for idiom in idioms)
        ]

    def _look_up(self, word: str) -> tuple[int, ...]:
        stems = self._stems.get(word[:3], ())
        return (*self._whole.get(word, ()), *(n for stem, n in stems if word.startswith(stem)))


def _entries(listed: str, groups: Mapping[str, str]) -> list[str]:
    spelled = _GROUP.sub(lambda group: groups[group[1]].replace("|", ","), listed)
    return [entry.strip() for entry in spelled.split(",") if entry.strip()]
