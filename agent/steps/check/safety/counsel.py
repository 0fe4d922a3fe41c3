"""S4 by its structure: a matter of health, money, law or safety, and a verdict of the writer's."""

from collections.abc import Iterator

from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import any_phrases, phrases

_MATTERS = ("health", "money", "law", "danger")
_MATTER = tuple(f"counsel.{matter}" for matter in _MATTERS)
_TOLD = (*(f"counsel.{matter}_told" for matter in _MATTERS), "counsel.diagnosis")


def find_counsel(case: Case) -> tuple[int, int] | None:
    """Return where the reply first instructs or gives a verdict of its own on such a matter.

    What stands on a passage is the brand's; a sentence that sends to a professional, an emergency
    number or a screen of the app (`counsel.refers`) advises nothing.
    """
    if not any_phrases(*_TOLD).occurs(case.bare, case.reply_lang):
        return None
    for start, end in _told(case):
        if not _refers(case, start) and not stands_on_passage(case, start):
            return start, end
    return None


def _told(case: Case) -> Iterator[tuple[int, int]]:
    for matter in _MATTERS:
        if not _is_about(case, matter):
            continue
        for found in phrases(f"counsel.{matter}_told").finditer(case.bare, case.reply_lang):
            yield found.span()
        if matter == "health":
            yield from _diagnoses(case)


def _is_about(case: Case, matter: str) -> bool:
    """Whether the message speaks of a matter of health, money, law or safety."""
    entries = (
        (f"counsel.{matter}", "safety.medical") if matter == "health" else (f"counsel.{matter}",)
    )
    return any_phrases(*entries).occurs(case.message, case.message_lang)


def _diagnoses(case: Case) -> Iterator[tuple[int, int]]:
    """Yield where the reply names an ailment that the customer does not name."""
    for found in phrases("counsel.diagnosis").finditer(case.bare, case.reply_lang):
        if found[0].split()[-1].rstrip("s") not in case.message:
            yield found.span()


def _refers(case: Case, at: int) -> bool:
    sentence = case.sentence_at(at)
    words = case.folded[sentence.start : sentence.end] if sentence else ""
    refers, spares = phrases("counsel.refers"), phrases("counsel.spares")
    return refers.occurs(words, case.reply_lang) and not spares.occurs(words, case.reply_lang)


def find_unproved(case: Case) -> tuple[int, int] | None:
    """Return the first sentence that no passage proves, where such a matter is asked about.

    Only a reader can tell whether « marchez une heure, mangez moins salé » is advice.
    """
    if not any_phrases(*_MATTER).occurs(case.message, case.message_lang):
        return None
    for line in case.lines:
        start, end = line.sentence.start, line.sentence.end
        if line.status is LedgerStatus.UNSUPPORTED and not _refers(case, start):
            return start, end
    return None
