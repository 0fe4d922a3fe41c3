"""Somebody's own case, told as known: the parts of such a statement, whatever its wording."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import any_phrases, phrases
from agent.steps.check.rule import Finding, Outcome, abstain
from agent.steps.check.words import stems

REASON = "It confirms an account, an order or a status in public."
_MAY_TELL = "It may tell somebody's own case in public."
_MARKS = ("when", "at_ours", "because")
_YOUR_OFFER = re.compile(r"\b(?:vos|votre|tes|ton|your)\b")
_ALREADY_SAID = 0.6
_CLAUSE_END = re.compile(r"[,;:.!]| (?:et|mais|and|but|car|because) ")
_DIGIT = re.compile(r"\d")
_YOURS = ("votre", "ton", "ta", "vos", "tes", "your")
_RELATIVE = re.compile(
    r"\b(?:qu(?:e|'|elle?s? que)|dont|what|than|that|which|as|(?:the|a|an|every|all the) \w+) ?$"
)
"""« Ce que vous avez commandé »: told back, not told."""
_ANY = any_phrases(
    "personal.looked",
    "personal.you_did",
    "personal.holds",
    "personal.case_thing",
    "personal.standing",
    "personal.verdict",
    "personal.of_their_thing",
)


def find_told_case(case: Case) -> Outcome:
    """Return where the reply tells of the customer's own file; abstain where it only may."""
    if not _ANY.occurs(case.bare, case.reply_lang):
        return None
    perhaps: Outcome = None
    for sentence in case.sentences:
        words = case.bare[sentence.start : sentence.end]
        if words.rstrip().endswith("?") or _match("general", words, case):
            continue
        told, doubt = _told(words, case), None
        if told is None and perhaps is None:
            told = doubt = _of_their_thing(words, case)
        if told is None or _is_said(words[told.start() :], case):
            continue
        if stands_on_passage(case, sentence.start):
            continue
        start, end = sentence.start + told.start(), sentence.start + told.end()
        if doubt is None:
            return Finding(REASON, start, end)
        perhaps = abstain(_MAY_TELL, Severity.MAJOR, start, end)
    return perhaps


def _told(words: str, case: Case) -> re.Match[str] | None:
    for look in (_found_out, _did, _holds, _stands, _event):
        told = look(words, case)
        if told and not _match("told_back", _clause(words, told), case):
            return told
    return None


def _clause(words: str, told: re.Match[str]) -> str:
    """Return the words from the last comma before `told` to its end."""
    start = max(words.rfind(mark, 0, told.start()) for mark in ",;:")
    return words[start + 1 : told.end()].lstrip()


def _found_out(words: str, case: Case) -> re.Match[str] | None:
    """« Après vérification, deux mensualités… »: a look, and what a file holds."""
    looked = _match("looked", words, case)
    if looked is None or not _match("of_a_file", words[looked.end() :], case):
        return None
    return looked


def _did(words: str, case: Case) -> re.Match[str] | None:
    """« Vous avez résilié le 12 »: with a day or a cause, or it may be theirs, said back."""
    did = _match("you_did", words, case)
    if did is None or _RELATIVE.search(words[: did.start()]):
        return None
    clause_end = _CLAUSE_END.search(words, did.end())
    if _is_said(words[did.start() : clause_end.start() if clause_end else None], case):
        return None
    return did if _match("when", words, case) or _match("because", words, case) else None


def _holds(words: str, case: Case) -> re.Match[str] | None:
    """« Il vous reste 40 points », unless the customer counts those points too."""
    holds = _match("holds", words, case)
    if holds is None:
        return None
    if not _DIGIT.search(case.message):
        return holds
    counts = phrases("personal.counts").search(case.message, case.message_lang)
    return None if counts or holds[0].split()[-1] in case.message else holds


def _stands(words: str, case: Case) -> re.Match[str] | None:
    """« Vous n'avez jamais réglé la caution », « le comité a dit non » to a borrower."""
    if stands := _match("standing", words, case):
        return stands
    return _match("verdict", words, case) if _speaks_of_self(case) else None


def _of_their_thing(words: str, case: Case) -> re.Match[str] | None:
    """« Il est réparé depuis hier », where the customer wrote « mon vélo »."""
    if _YOUR_OFFER.search(case.message) or not all(
        phrases(f"personal.{entry}").search(case.message, case.message_lang)
        for entry in ("their_thing", "asks_after")
    ):
        return None
    told = _match("of_their_thing", words, case)
    return told if told and _match("when", words, case) else None


def _speaks_of_self(case: Case) -> bool:
    return phrases("personal.of_self").search(case.message, case.message_lang) is not None


def _event(words: str, case: Case) -> re.Match[str] | None:
    """« Le virement est parti lundi »: one thing of theirs, and when, where or how it ended."""
    thing = _match("case_thing", words, case)
    if thing is None:
        return None
    after = words[thing.end() :]
    if thing[0].startswith(_YOURS):
        if _match("decided", after, case):
            return thing
    elif not _speaks_of_self(case):
        return None
    if not _match("happened", after, case):
        return None
    return thing if any(_match(entry, words, case) for entry in _MARKS) else None


def _is_said(words: str, case: Case) -> bool:
    """Whether the customer has just told it themselves."""
    told, said = set(stems(words)), set(stems(case.subject.message))
    return bool(told) and len(told & said) / len(told) >= _ALREADY_SAID


def _match(entry: str, words: str, case: Case) -> re.Match[str] | None:
    return phrases(f"personal.{entry}").search(words, case.reply_lang)
