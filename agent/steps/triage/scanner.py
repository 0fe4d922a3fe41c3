"""Reads a message and finds every rule that fires: the compiled rules and their spelling."""

from collections.abc import Mapping

from agent.steps.triage.reading import Reading, read
from agent.steps.triage.rules import Match, RuleBook, data_folder, load_groups, load_rule_files
from agent.steps.triage.spelling import Speller, word_set
from knowledge.passages import Language
from knowledge.text.language import is_common_word

_NEVER_MENDED_INTO = word_set(
    "praise partnership purchase_intent faq_question unknown_question off_topic mixed rumour"
    " spam_scam bot_question"
)
"""Topics too mild for a misspelt word to be mended into one of their words."""


_HIDDEN_GROUPS = (
    "insult_en", "insult_fr", "slur_en", "slur_fr", "id_en", "id_adj_en", "id_fr", "derog_en",
    "derog_fr", "harm_en", "harm_fr",
)  # fmt: skip
_CURSES = word_set("fuck fucking fucked shit shitty bullshit putain merde")
_SURE = 0.7
"""Confidence from which rules of the other language are left out: below, a text may mix both."""


def _left_alone() -> frozenset[str]:
    text = data_folder().joinpath("left_alone.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


class Scanner:
    """All rules of the data files, compiled once; safe to share between threads."""

    def __init__(self) -> None:
        groups = load_groups()
        self._book = RuleBook(load_rule_files(), groups)
        left_alone = _left_alone()
        everything = self._book.words()
        self._speller = Speller(
            wanted=self._book.words(but=_NEVER_MENDED_INTO),
            stems=everything | self._book.stems(),
            is_common=lambda word: word in left_alone or is_common_word(word),
            rude=_rude_words(groups),
        )

    def read(self, text: str, lang: Language, confidence: float = 1.0) -> Reading:
        """Return `text` in plain words of its language, detected with that confidence."""
        is_sure = lang is not Language.UNKNOWN and confidence >= _SURE
        return read(text, self._speller, lang.value, lang.value if is_sure else "")

    def find(self, reading: Reading) -> list[Match]:
        """Return one match of every rule that fires, categories before flags."""
        return self._book.find(reading)


def _rude_words(groups: Mapping[str, str]) -> frozenset[str]:
    """Return the words that people hide: of insults, of hate and of its targets."""
    listed = (word for name in _HIDDEN_GROUPS for word in groups[name].split("|"))
    return _CURSES | {word for word in listed if word.isalpha()}
