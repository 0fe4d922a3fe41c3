"""The chat-model drafter: asks, guards, and hands a draft on to the same checks as any other."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from agent.domain.brand import BrandPack
from agent.domain.decisions import Route
from agent.domain.drafts import MODEL_DRAFTER, Citation, Draft, Note, NoteKind, Origin
from agent.domain.errors import ModelAnswerInvalid, ModelRefused
from agent.domain.models import ModelAnswer, ModelRequest, ModelRole, ModelUsage, PromptRef
from agent.ports import ChatModel
from agent.steps.draft.answer import AnswerBook
from agent.steps.draft.compose import Recipe
from agent.steps.draft.job import Job
from agent.steps.draft.modelled.answer import NO_PASSAGE, SCHEMA, ModelReply
from agent.steps.draft.modelled.answer import Said as SaidSentence
from agent.steps.draft.modelled.brief import Brief, brief_of
from agent.steps.draft.modelled.guard import problems_of
from agent.steps.draft.notes import with_notes
from agent.steps.draft.request import DraftRequest, Style
from knowledge.text.sentences import split
from prompts.library import PromptLibrary, Ready, Rendered

REPLY, REPAIR, REWRITE = "draft/reply", "draft/repair", "draft/rewrite"
_NOTHING = ModelUsage(attempts=0)


@dataclass(frozen=True)
class _Heard:
    """An answer that can be drafted from."""

    answer: ModelAnswer
    reply: ModelReply
    usage: ModelUsage
    """Of every call for this message so far."""


@dataclass(frozen=True)
class _Refused:
    """An answer that cannot be used, or none."""

    problems: tuple[str, ...]
    usage: ModelUsage
    said: str = ""


class ModelDrafter:
    """Drafts for one brand through a chat model. Safe to share between threads.

    The model sees redacted words only. One repair is tried for each message: for an answer that
    cannot be read or that the guard refuses (here), or for a draft that fails a check (`repair`).
    """

    def __init__(self, pack: BrandPack, model: ChatModel, prompts: PromptLibrary) -> None:
        self._pack = pack
        self._model = model
        self._prompts = prompts
        self._book = AnswerBook(pack.passages)

    @property
    def name(self) -> str:
        """The name stored with its drafts."""
        return f"{MODEL_DRAFTER}{self._model.name}"

    def asked(self, usage: ModelUsage) -> Origin:
        """Return the record of calls that gave no draft: what was asked and what it took."""
        prompt = next(prompt for prompt in self._prompts.prompts if prompt.id == REPLY)
        return Origin(prompt=PromptRef.of(prompt), model=self._model.name, usage=usage)

    def draft(self, request: DraftRequest) -> Draft:
        """Return the model's draft of this message; its texts still have placeholders.

        Raises:
            ModelUnavailable: no answer within the retries, the time or the budget.
            ModelRefused: the model declined, twice.
            ModelAnswerInvalid: two answers that cannot be used.
        """
        job = self._job(request)
        brief = brief_of(job, request.thread)
        first = self._first(brief, request)
        heard = self._ask(job, brief, first, _NOTHING)
        if isinstance(heard, _Refused):
            return self._repaired(job, brief, first, heard)
        return self._drafted(job, brief, first, heard, is_repaired=False)

    def repair(self, request: DraftRequest, draft: Draft, problems: Sequence[str]) -> Draft:
        """Return the model's second try at `draft`, told what the checks found wrong.

        Raises:
            ModelUnavailable, ModelRefused, ModelAnswerInvalid: as `draft`.
        """
        job = self._job(request)
        brief = brief_of(job, request.thread)
        usage = draft.origin.usage if draft.origin else _NOTHING
        said = "\n".join(filter(None, (draft.public, draft.private)))
        first = self._first(brief, request)
        return self._repaired(job, brief, first, _Refused(tuple(problems), usage, said))

    def _first(self, brief: Brief, request: DraftRequest) -> Rendered:
        """Return the prompt of a reply; asked to write again, with the note and what was read."""
        first = self._prompts.render(REPLY, **brief.variables)
        if not request.note:
            return first
        return self._prompts.render(
            REWRITE,
            system=Ready(first.system),
            user=Ready(first.user),
            shown=request.shown,
            note=request.note,
        )

    def _repaired(self, job: Job, brief: Brief, first: Rendered, refused: _Refused) -> Draft:
        rendered = self._prompts.render(
            REPAIR,
            system=Ready(first.system),
            user=Ready(first.user),
            refused=refused.said,
            problems=list(refused.problems),
        )
        heard = self._ask(job, brief, rendered, refused.usage)
        if isinstance(heard, _Refused):
            raise ModelAnswerInvalid(ModelRole.DRAFTER, "; ".join(heard.problems), heard.usage)
        return self._drafted(job, brief, rendered, heard, is_repaired=True)

    def _ask(
        self, job: Job, brief: Brief, rendered: Rendered, before: ModelUsage
    ) -> _Heard | _Refused:
        request = ModelRequest(
            role=ModelRole.DRAFTER,
            brand=job.policy.brand.id,
            prompt=PromptRef.of(rendered.prompt),
            system=rendered.system,
            user=rendered.user,
            answer_schema=SCHEMA,
        )
        try:
            answer = self._model.complete(request)
        except (ModelAnswerInvalid, ModelRefused) as error:
            return _Refused((_told(error),), before + (error.usage or _NOTHING))
        usage = before + answer.usage
        try:
            reply = ModelReply.model_validate(answer.content)
        except ValidationError as error:
            return _Refused((_told(error),), usage, str(answer.content))
        problems = problems_of(reply, brief)
        if problems:
            return _Refused(tuple(problems), usage, str(answer.content))
        return _Heard(answer, reply, usage)

    def _drafted(
        self, job: Job, brief: Brief, rendered: Rendered, heard: _Heard, *, is_repaired: bool
    ) -> Draft:
        reply = heard.reply
        public = self._dressed(job, reply, reply.public, in_private=job.is_private)
        private = self._dressed(job, reply, reply.private, in_private=True)
        if job.is_private:
            private = public if public is not None else private
            public = None
        origin = Origin(
            prompt=PromptRef.of(rendered.prompt),
            model=heard.answer.model,
            usage=heard.usage,
            is_repaired=is_repaired,
            route=reply.route,
            reason=reply.reason,
            open_questions=reply.open_questions,
        )
        draft = Draft(
            public=public,
            private=private,
            citations=_citations(reply, brief),
            band=job.request.retrieval.band,
            drafter=self.name,
            origin=origin,
        )
        return with_notes(draft, *job.missing_disclosure, *_notes(reply))

    def _dressed(
        self, job: Job, reply: ModelReply, sentences: tuple[SaidSentence, ...], *, in_private: bool
    ) -> str | None:
        """Return the model's sentences with the brand's greeting, sign-off and disclosure."""
        body = reply.text(sentences)
        if not body:
            return None
        composed = job.compose_once(
            Recipe(statement=body, has_own_opening=True), in_private=in_private
        )
        if composed is None:
            raise ModelAnswerInvalid(ModelRole.DRAFTER, "the reply is too long for this channel")
        return composed.text

    def _job(self, request: DraftRequest) -> Job:
        return Job.of(self._pack, self._book, request, request.triage.language, Style.FULL)


def _told(error: Exception) -> str:
    """Say what was wrong with an answer, in words that quote neither customer nor model."""
    if isinstance(error, ValidationError):
        places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:3])
        return f"the answer does not fit the schema at {places}"
    if isinstance(error, ModelRefused):
        return "it was declined; write only what the passages allow, or escalate"
    return "the answer was not JSON of the schema"


def _citations(reply: ModelReply, brief: Brief) -> tuple[Citation, ...]:
    """Return the passages the model names, sentence by sentence as a check reads them."""
    return tuple(
        Citation(sentence=sentence.text, passage_id=brief.passages[one.passage].id)
        for one in (*reply.public, *reply.private)
        if one.passage != NO_PASSAGE
        for sentence in split(one.text)
    )


def _notes(reply: ModelReply) -> tuple[Note, ...]:
    notes = []
    if reply.open_questions:
        notes.append(Note(kind=NoteKind.PARTLY_ANSWERED, about="; ".join(reply.open_questions)))
    if reply.route is not Route.REPLY:
        notes.append(Note(kind=NoteKind.MODEL_ESCALATES, about=reply.reason or reply.route.value))
    return tuple(notes)
