"""The default drafter: composes only brand-approved text, the same for the same message."""

from agent.domain.brand import BrandPack
from agent.domain.brand.identity import Register
from agent.domain.decisions import Category
from agent.domain.drafts import Candidate, Draft, Note, NoteKind
from agent.steps.draft.answer import AnswerBook
from agent.steps.draft.job import Job
from agent.steps.draft.notes import with_notes
from agent.steps.draft.plan import Plan, plan_for
from agent.steps.draft.request import DraftRequest, Style
from agent.steps.draft.write import WRITERS, chosen, state
from knowledge.passages import Band, Language, Passage

CANDIDATES = 5
"""How many entries a reviewer has one key away, that of the default text included."""

_WITHOUT_CANDIDATES = frozenset({Plan.SILENT, Plan.STATEMENT, Plan.WITHHOLD})


class ExtractiveDrafter:
    """Drafts for one brand. No model, no network, no clock; safe to share between threads."""

    name = "extractive"

    def __init__(self, pack: BrandPack) -> None:
        self._pack = pack
        self._book = AnswerBook(pack.passages)

    def draft(self, request: DraftRequest, style: Style = Style.FULL) -> Draft:
        """Return the texts for this message, possibly none with a note that says why."""
        plan = plan_for(request)
        job = self._job(request, self._language(request), style)
        draft = WRITERS[plan](job)
        offered = draft.model_copy(update={"candidates": self._candidates(job, draft)})
        return self._finished(job, offered)

    def with_candidates(self, request: DraftRequest, draft: Draft) -> Draft:
        """Return another drafter's `draft` with the next best entries, each as a ready draft."""
        job = self._job(request, self._language(request), Style.FULL)
        return draft.model_copy(update={"candidates": self._candidates(job, draft)})

    def with_passage(
        self, request: DraftRequest, passage: Passage, style: Style = Style.FULL
    ) -> Draft:
        """Return the draft that answers with `passage`: a person chose it.

        A sensitive matter keeps its approved statement, or no text: one key cannot change that.
        """
        job = self._job(request, passage.lang, style)
        if plan_for(request) is Plan.STATEMENT:
            return self._finished(job, state(job))
        draft = chosen(job, passage)
        if not (draft.public or draft.private or draft.notes):
            draft = with_notes(draft, Note(kind=NoteKind.TOO_LONG, about=passage.id))
        return self._finished(job, draft)

    def register_in(self, lang: Language) -> Register | None:
        """Return the form of address that the brand keeps in a language, if it has one."""
        policy = self._pack.policy.languages.get(lang)
        return policy.spoken_register if policy else None

    def _job(self, request: DraftRequest, lang: Language, style: Style) -> Job:
        return Job.of(self._pack, self._book, request, lang, style)

    def _finished(self, job: Job, draft: Draft) -> Draft:
        banded = draft.model_copy(update={"band": job.request.retrieval.band})
        return with_notes(banded, *job.missing_disclosure)

    def _language(self, request: DraftRequest) -> Language:
        """Return the message's language; praise in no language gets the brand's own."""
        lang = request.triage.language
        if lang is Language.UNKNOWN and request.triage.category is Category.PRAISE:
            return self._pack.policy.default_language
        return lang

    def _candidates(self, job: Job, draft: Draft) -> tuple[Candidate, ...]:
        """Return the next best entries, each as a ready draft; none where nothing comes close."""
        if not _is_open_to_choice(job.request):
            return ()
        said = {citation.passage_id for citation in draft.citations}
        most = CANDIDATES - bool(said)
        found: list[Candidate] = []
        for hit in job.request.retrieval.hits:
            if hit.passage.id in said or len(found) == most:
                continue
            said.add(hit.passage.id)
            ready = chosen(job, hit.passage)
            if ready.public or ready.private:
                found.append(
                    Candidate(
                        passage_id=hit.passage.id,
                        score=hit.score,
                        public=ready.public,
                        private=ready.private,
                    )
                )
        return tuple(found)


def _is_open_to_choice(request: DraftRequest) -> bool:
    """Whether an entry of the FAQ may be the answer, and one comes close."""
    if request.retrieval.band is Band.LOW or request.triage.category is Category.PRAISE:
        return False
    return plan_for(request) not in _WITHOUT_CANDIDATES
