"""A personal datum, wanted, where others read: the parts of a request, whatever its wording."""

import re
from collections.abc import Iterator

from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from knowledge.text.fact_types import FactKind
from knowledge.text.sentences import Sentence

_BARE = re.compile(
    r"(?:[^,!]{1,20}[,!] )?(?:votre|vos|ton|ta|tes|your)\b"
    r"[^,;:]*(?:,[^,;:]{0,25})? ?\?$"
)
_WHICH = ("quel", "a quel", "sur quel", "what", "which")


def find_asked_data(case: Case) -> tuple[int, int] | None:
    """Return the span of a personal datum that the reply asks for in public, or None."""
    data = phrases("personal.datum")
    if not data.occurs(case.bare, case.reply_lang):
        return None
    for index, sentence in enumerate(case.sentences):
        words = _read(case, sentence)
        datum = next(_wanted_things(words, case), None)
        if datum is None or not _is_wanted(words, index, case):
            continue
        if not stands_on_passage(case, sentence.start):
            return sentence.start + datum.start(), sentence.start + datum.end()
    return None


def is_given_elsewhere(sentence: Sentence, case: Case) -> bool:
    """Whether a sentence names a desk, a page or a label to give a datum at, and not us."""
    words = case.folded_of(sentence)
    if _has("asks_us", words, case):
        return False
    return _has("other_place", words, case) or _links(sentence, case)


def _read(case: Case, sentence: Sentence) -> str:
    """Return the words of a sentence, a private way that it turns down blanked out."""
    words = case.bare[sentence.start : sentence.end]
    shunned = phrases("personal.shuns_private").search(words, case.reply_lang)
    if shunned is None:
        return words
    return words[: shunned.start()] + " " * len(shunned[0]) + words[shunned.end() :]


def _wanted_things(words: str, case: Case) -> Iterator[re.Match[str]]:
    for datum in phrases("personal.datum").finditer(words, case.reply_lang):
        is_asked_which = datum[0].startswith(_WHICH)
        if is_asked_which or not _has("leads_there", words[: datum.start()], case):
            yield datum


def _is_wanted(words: str, index: int, case: Case) -> bool:
    lang = case.reply_lang
    if _has("forbids", words, case) or _has("elsewhere", words, case):
        return False
    if _has("in_the_open", words, case):
        return _has("wants", words, case) and not _links(case.sentences[index], case)
    if not phrases("personal.asks_us").occurs(words, lang) and not _is_bare_question(words):
        return False
    return _continues_here(index, case) or not _shows_a_way(case)


def _is_bare_question(words: str) -> bool:
    """« Votre numéro de contrat ? » : a datum, asked for by its name alone."""
    return _BARE.match(words.strip()) is not None


def _continues_here(index: int, case: Case) -> bool:
    following = case.sentences[index + 1 : index + 2]
    return any(
        _has("in_the_open", words, case)
        and not _has("forbids", words, case)
        and not _has("elsewhere", words, case)
        for words in (case.folded_of(sentence) for sentence in following)
    )


def _links(sentence: Sentence, case: Case) -> bool:
    """« Saisissez ici votre adresse : https://… » : the page that the link opens is meant."""
    places = range(sentence.start, sentence.end)
    return any(fact.kind is FactKind.URL and fact.start in places for fact in case.facts)


def _shows_a_way(case: Case) -> bool:
    return _has("elsewhere", case.folded, case) or _has("other_place", case.folded, case)


def _has(entry: str, words: str, case: Case) -> bool:
    return phrases(f"personal.{entry}").search(words, case.reply_lang) is not None
