"""Reads a message and finds every rule that fires: the compiled rules and their spelling."""

from agent.steps.triage.reading import Reading, read, word_set
from agent.steps.triage.rules import Match, RuleBook, data_folder, load_groups, load_rule_files
from agent.steps.triage.spelling import Speller
from knowledge.text.language import is_common_word

_NEVER_MENDED_INTO = word_set(
    "praise partnership purchase_intent faq_question unknown_question off_topic mixed rumour"
    " spam_scam bot_question"
)
"""Topics too mild for a misspelt word to be mended into one of their words."""


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
            masked=_masked_words(groups["insult_en"], groups["insult_fr"], groups["slur_en"]),
        )

    def read(self, text: str, lang: str | None) -> Reading:
        """Return `text` in plain words; `lang` is `fr`, `en` or unknown."""
        return read(text, self._speller, lang)

    def find(self, reading: Reading) -> list[Match]:
        """Return one match of every rule that fires, categories before flags."""
        return self._book.find(reading)


def _masked_words(*alternations: str) -> frozenset[str]:
    """Return the rude words that people write with stars."""
    listed = (word for words in alternations for word in words.split("|"))
    return frozenset(
        {"fuck", "fucking", "fucked", "shit", "shitty", "bullshit", "putain", "merde"}
    ) | {word for word in listed if word.isalpha()}
