"""Keeps what passes the blocking rules: of the compositions the first, of the candidates each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from agent.domain.checks import CheckReport, Severity, Verdict
from agent.domain.drafts import Candidate, Draft, Note, NoteKind
from agent.domain.messages import Surface
from agent.steps.draft.notes import with_notes

Reports = tuple[CheckReport, CheckReport]
"""The rubric's word on the public and on the private text."""

Check = Callable[[Draft], Reports]
"""Runs the rubric on both texts of a draft."""

_Word = TypeVar("_Word")

IsSound = Callable[[Draft], bool]
"""Whether both texts of a draft pass every blocking rule."""


@dataclass(frozen=True)
class Settled:
    """The draft to show, what the rubric says of it, and the rules that no composition passed."""

    draft: Draft
    reports: Reports
    failed: tuple[str, ...] = ()


def blocking_failures(reports: Reports) -> tuple[str, ...]:
    """Return the ids of the auto-fail rules that failed; `X3` for a claim no passage carries."""
    failed = [
        check.rule
        for report in reports
        for check in report.checks
        if check.severity is Severity.AUTOFAIL and check.verdict is Verdict.FAIL
    ]
    failed += ["X3" for report in reports if report.ledger.blocking]
    return tuple(dict.fromkeys(failed))


def remembering(
    ask: Callable[[Draft, str | None, Surface], _Word],
) -> Callable[[Draft], tuple[_Word, _Word]]:
    """Return what `ask` says of both texts of a draft; a text seen before is not asked again."""
    known: dict[tuple[str | None, Surface, str | None], _Word] = {}

    def one(draft: Draft, text: str | None, surface: Surface) -> _Word:
        key = (text, surface, draft.statement_id)
        if key not in known:
            known[key] = ask(draft, text, surface)
        return known[key]

    return lambda draft: (
        one(draft, draft.public, Surface.PUBLIC),
        one(draft, draft.private, Surface.PRIVATE),
    )


def settle(compositions: Iterable[Draft], check: Check, is_sound: IsSound | None = None) -> Settled:
    """Return the first of `compositions` that passes every blocking rule.

    `is_sound` judges the candidates in place of `check`: nobody reads a candidate's report.

    When none does, the first one comes back without the texts that fail, with a note that names
    the rules: a person writes the answer.
    """
    is_sound = is_sound or (lambda draft: not blocking_failures(check(draft)))
    first: Settled | None = None
    for draft in compositions:
        reports = check(draft)
        failed = blocking_failures(reports)
        tried = Settled(draft, reports, failed)
        if not failed:
            return _with_sound_candidates(tried, is_sound)
        first = first or tried
    if first is None:
        return Settled(Draft(drafter="none"), (CheckReport(), CheckReport()))
    return _with_sound_candidates(_without_failing_texts(first), is_sound)


def _without_failing_texts(tried: Settled) -> Settled:
    draft, (on_public, on_private) = tried.draft, tried.reports
    empty = CheckReport()
    is_public_sound = not blocking_failures((on_public, empty))
    is_private_sound = not blocking_failures((empty, on_private))
    public = draft.public if is_public_sound else None
    private = draft.private if is_private_sound else None
    said = f"{public or ''}\n{private or ''}"
    bare = draft.model_copy(
        update={
            "public": public,
            "private": private,
            "citations": tuple(c for c in draft.citations if c.sentence in said),
            "statement_id": draft.statement_id if public or private else None,
        }
    )
    note = Note(kind=NoteKind.CHECK_FAILED, about=", ".join(tried.failed))
    reports = (on_public if public else empty, on_private if private else empty)
    return Settled(with_notes(bare, note), reports, tried.failed)


def _with_sound_candidates(settled: Settled, is_sound: IsSound) -> Settled:
    """Drop the candidates that fail a blocking rule; say so when nothing at all is left."""
    draft = settled.draft
    kept = tuple(one for one in draft.candidates if is_sound(_as_draft(one)))
    if len(kept) == len(draft.candidates):
        return settled
    fewer = draft.model_copy(update={"candidates": kept})
    if not (kept or draft.public or draft.private):
        fewer = with_notes(fewer, Note(kind=NoteKind.CHECK_FAILED, about="every candidate"))
    return Settled(fewer, settled.reports, settled.failed)


_NO_TEXT = Draft()


def _as_draft(candidate: Candidate) -> Draft:
    """The texts were validated as the candidate's: they need not be once more."""
    texts = {"public": candidate.public, "private": candidate.private}
    return _NO_TEXT.model_copy(update=texts)
