"""Rules as data: one YAML file a category or flag, each rule with its own examples."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

import yaml
from pydantic import Field

from agent.domain.base import Frozen
from agent.steps.triage.phrases import Phrase, PhraseIndex
from agent.steps.triage.reading import Reading
from agent.steps.triage.spelling import word_set

_NEGATORS = word_set(
    "pas jamais aucun aucune sans ni rien not never no without neither nor nothing hardly"
)
_NEGATION_REACH = 4
"""Words before a match in which a negation still turns it."""


class Rule(Frozen):
    """One way of saying a thing. Every listed example is tested."""

    id: str
    """Ends with -fr or -en where the rule reads only messages that may be in that language."""
    match: tuple[str, ...] = Field(min_length=1)
    raw: tuple[str, ...] = ()
    """Regular expressions over the source text, for marks that a reading drops."""
    needs: tuple[str, ...] = ()
    """At least one of these somewhere in the message, or the rule is silent."""
    unless: tuple[str, ...] = ()
    """Any of these in the sentence of the match, and the match does not count."""
    unless_message: tuple[str, ...] = ()
    """Any of these anywhere in the message, and the rule is silent."""
    is_negatable: bool = False
    """A negation shortly before the match turns it into its contrary."""
    ignores_quotes: bool = False
    """A match inside quotation marks is somebody else's words."""
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = ()


class RuleFile(Frozen):
    """The rules of one category or flag, with guards common to all of them."""

    name: str = ""
    about: str
    unless: tuple[str, ...] = ()
    unless_message: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = ()


class Match(NamedTuple):
    """Where a rule matched, in source offsets."""

    topic: str
    rule_id: str
    start: int
    end: int


class _CompiledRule(NamedTuple):
    topic: str
    rule: Rule
    lang: str
    """The only language that the rule reads; empty: any."""
    raw: tuple[re.Pattern[str], ...]
    needs: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    unless_message: tuple[Phrase, ...]


def data_folder() -> Traversable:
    """Return the folder of the step's data files."""
    return resources.files("agent.steps.triage").joinpath("data")


def load_yaml(source: Traversable) -> dict[str, object]:
    """Return the mapping that a data file of the step holds.

    Raises:
        ValueError: the file holds no mapping.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load(source.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    if not isinstance(raw, dict):
        raise ValueError(f"{source.name} is not a mapping; write `key: value` lines")
    return raw


@lru_cache(maxsize=1)
def load_groups() -> Mapping[str, str]:
    """Return the word groups of words.yaml as alternations, by name."""
    raw = load_yaml(data_folder().joinpath("words.yaml"))
    return {name: _alternation(str(words)) for name, words in raw.items()}


def _alternation(listed: str) -> str:
    return "|".join(word.strip() for word in listed.split(","))


@lru_cache(maxsize=1)
def load_rule_files() -> tuple[RuleFile, ...]:
    """Return every rule file, categories first, each named after its file.

    Raises:
        ValueError: a file does not hold what a rule file holds; pydantic says where.
    """
    files = [
        RuleFile.model_validate({**load_yaml(path), "name": path.name[:-5]})
        for folder in ("rules", "flags")
        for path in sorted(data_folder().joinpath(folder).iterdir(), key=lambda path: path.name)
        if path.name.endswith(".yaml")
    ]
    return tuple(files)


class RuleBook:
    """All rules, compiled once, searched together."""

    def __init__(self, files: tuple[RuleFile, ...], groups: Mapping[str, str]) -> None:
        self._shared: dict[str, Phrase] = {}
        self._phrases: list[Phrase] = []
        self._owners: list[_CompiledRule] = []
        self._raw: list[_CompiledRule] = []
        for file in files:
            for rule in file.rules:
                self._add(file, rule, groups)
        self._index = PhraseIndex(self._phrases)

    def _add(self, file: RuleFile, rule: Rule, groups: Mapping[str, str]) -> None:
        def phrases(*texts: str) -> tuple[Phrase, ...]:
            return tuple(self._phrase(text, groups) for text in texts)

        compiled = _CompiledRule(
            file.name,
            rule,
            next((lang for lang in ("fr", "en") if rule.id.endswith(f"-{lang}")), ""),
            tuple(re.compile(pattern, re.IGNORECASE) for pattern in rule.raw),
            phrases(*rule.needs),
            phrases(*rule.unless, *file.unless),
            phrases(*rule.unless_message, *file.unless_message),
        )
        if compiled.raw:
            self._raw.append(compiled)
        for phrase in phrases(*rule.match):
            self._phrases.append(phrase)
            self._owners.append(compiled)

    def _phrase(self, text: str, groups: Mapping[str, str]) -> Phrase:
        """Return the phrase: one for all the rules that share a guard, so compiled once."""
        if text not in self._shared:
            self._shared[text] = Phrase(text, groups)
        return self._shared[text]

    def words(self, but: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return every whole word that a rule looks for, topics in `but` left out."""
        owned = zip(self._phrases, self._owners, strict=True)
        return frozenset(
            word for phrase, owner in owned if owner.topic not in but for word in phrase.words
        )

    def stems(self) -> frozenset[str]:
        """Return every start of a word that a rule looks for."""
        return frozenset(stem for phrase in self._phrases for stem in phrase.stems)

    def find(self, reading: Reading) -> list[Match]:
        """Return the first valid match of every rule in the message, in the order of the files."""
        found: dict[str, Match] = {}
        for number in self._index.candidates(reading):
            owner = self._owners[number]
            key = f"{owner.topic}.{owner.rule.id}"
            if key not in found and not (owner.lang and reading.sure_of not in {"", owner.lang}):
                match = next(self._valid(number, reading), None)
                if match is not None:
                    found[key] = match
        for owner in self._raw:
            for pattern in owner.raw:
                if hit := pattern.search(reading.source):
                    key = f"{owner.topic}.{owner.rule.id}"
                    found.setdefault(key, Match(owner.topic, owner.rule.id, *hit.span()))
        return list(found.values())

    def _valid(self, number: int, reading: Reading) -> Iterator[Match]:
        owner = self._owners[number]
        for hit in self._phrases[number].regex.finditer(reading.joined):
            start, end = reading.span(hit.start(), hit.end())
            if owner.rule.ignores_quotes and reading.is_quoted(start, end):
                continue
            if not _is_vetoed(owner, reading, hit.start(), hit.end()):
                yield Match(owner.topic, owner.rule.id, start, end)


def _is_vetoed(owner: _CompiledRule, reading: Reading, start: int, end: int) -> bool:
    joined = reading.joined
    if owner.needs and not _any_in(owner.needs, reading, joined):
        return True
    if _any_in(owner.unless_message, reading, joined):
        return True
    if owner.rule.is_negatable and _is_negated(joined, start):
        return True
    low, high = reading.sentence(start, end)
    return _any_in(owner.unless, reading, joined[low:high])


def _any_in(phrases: tuple[Phrase, ...], reading: Reading, text: str) -> bool:
    """Whether one of the phrases is in `text`, all or a part of what was read."""
    return any(phrase.may_be_in(reading) and phrase.regex.search(text) for phrase in phrases)


def _is_negated(joined: str, start: int) -> bool:
    before = joined[max(0, start - 60) : start].rpartition(" . ")[2].split()
    return not _NEGATORS.isdisjoint(before[-_NEGATION_REACH:])
