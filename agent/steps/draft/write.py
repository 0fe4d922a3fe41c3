"""Writes the draft of each plan, from approved text only."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agent.domain.brand import Statement
from agent.domain.decisions import SENSITIVE, Category, Route
from agent.domain.drafts import Draft, Note, NoteKind
from agent.steps.draft.answer import Answer, pointer
from agent.steps.draft.compose import Composed, Recipe
from agent.steps.draft.job import Job
from agent.steps.draft.mood import is_upset
from agent.steps.draft.notes import with_notes
from agent.steps.draft.phrases import without_invitation
from agent.steps.draft.plan import Plan, is_personal
from agent.steps.draft.questions import Asked, answers_of, asked_of, missing_notes, with_choice
from agent.steps.draft.statements import rule_statements, statement_for
from knowledge.passages import Band, Passage

_QUESTIONS = frozenset({Category.FAQ_QUESTION, Category.UNKNOWN_QUESTION, Category.PURCHASE_INTENT})


def _note(kind: NoteKind, about: str = "") -> Note:
    return Note(kind=kind, about=about)


# Nothing, or an approved statement


def _silent(job: Job) -> Draft:
    is_moderated = job.triage.route is Route.MODERATE
    kind = NoteKind.MODERATE if is_moderated else NoteKind.NO_REPLY
    return with_notes(Draft(drafter="none"), _note(kind))


def _withhold(job: Job) -> Draft:
    kind = NoteKind.INJECTION if job.triage.is_injection else NoteKind.LANGUAGE_UNKNOWN
    return with_notes(Draft(drafter="none"), _note(kind))


def state(job: Job) -> Draft:
    """Return the approved holding, help or fact text as it stands; a specialist writes the rest."""
    request, matter = job.request, job.triage.category.value
    specialist = _note(NoteKind.SPECIALIST_WRITES, matter)
    may_say = _is_sayable(job)
    found = statement_for(job.pack, job.triage, request.text, request.day, may_say)
    if found is None:
        about = f"{matter} ({job.triage.language.value})"
        return with_notes(Draft(drafter="none"), specialist, _note(NoteKind.NO_STATEMENT, about))
    return with_notes(_stated(job, found), specialist)


def _is_sayable(job: Job) -> Callable[[Statement], bool]:
    def may_say(statement: Statement) -> bool:
        is_new = not job.chooser.was_said(statement.text)
        return is_new and _statement_text(job, statement) is not None

    return may_say


def _statement_text(job: Job, statement: Statement, *, in_private: bool = False) -> Composed | None:
    """Return the statement as it stands; on a calmer matter, after a word for who is upset."""
    is_sensitive = job.triage.category in SENSITIVE
    is_there = in_private or job.is_private
    text = statement.text.strip()
    recipe = Recipe(
        statement=without_invitation(text) if is_there else text,
        statement_id=statement.id,
        is_said_alone=is_sensitive or not is_upset(job.triage),
    )
    return job.compose(recipe, in_private=is_there)


def _stated(job: Job, statement: Statement) -> Draft:
    draft = job.draft(_statement_text(job, statement))
    return draft.model_copy(update={"statement_id": statement.id})


def _held(job: Job, category: Category) -> Draft | None:
    """Return the first statement the brand's rule names for `category`, or None."""
    named = rule_statements(job.pack, category, job.lang, job.request.day)
    sayable = _is_sayable(job)
    return next((_stated(job, statement) for statement in named if sayable(statement)), None)


# Questions


def _bot_answer(job: Job) -> str:
    is_asked = job.triage.asks_if_bot or job.triage.category is Category.BOT_QUESTION
    return job.bot_answer if is_asked else ""


def _answer(job: Job) -> Draft:
    """Answer each question, or say that it is passed on."""
    return answered(job, asked_of(job, in_private=job.is_private))


def _bot(job: Job) -> Draft:
    """Answer "are you a bot?" in the approved words, and the rest if something else is asked."""
    if not job.bot_answer:
        about = f"bot_question ({job.lang.value})"
        return with_notes(Draft(), _note(NoteKind.NO_APPROVED_TEXT, about))
    retrieval = job.request.retrieval
    if not retrieval.questions and retrieval.band is not Band.HIGH:
        return job.draft(job.compose(Recipe(bot=job.bot_answer), in_private=job.is_private))
    return _answer(job)


def answered(job: Job, asked: tuple[Asked, ...]) -> Draft:
    """Return the reply with every sure answer of `asked`; the others are said to be passed on."""
    answers = _calm(job, answers_of(asked))
    bot = _bot_answer(job)
    is_partial = bool(answers or bot) and any(one.answer is None for one in asked)
    pass_on = job.partly_pass_on if is_partial else ""
    recipe = Recipe(
        bot=bot,
        answers=answers,
        pass_on=pass_on,
        path=_optional_path(job, answers),
        keeps_path=False,
    )
    notes = missing_notes(job, asked) if is_partial or not answers else ()
    composed = _fitted(job, recipe)
    if composed is None and answers and not job.missing_disclosure:
        about = ", ".join(answer.passage.id for answer in answers)
        notes = (*notes, _note(NoteKind.TOO_LONG, about))
    return job.draft(composed, *notes)


def _calm(job: Job, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Drop the rhetorical questions of approved answers where they are more than we may ask."""
    asks = sum(unit.asks for answer in answers for unit in answer.units)
    if asks <= job.policy.mechanics.questions_max:
        return answers
    return tuple(answer.without_questions() for answer in answers)


def _optional_path(job: Job, answers: tuple[Answer, ...]) -> str:
    """Offer somebody who complains a way to us, unless the answer already says what to do."""
    is_complaint = bool(job.triage.categories() & {Category.COMPLAINT, Category.MIXED})
    has_step = any(answer.next_step for answer in answers)
    return job.path if is_complaint and answers and not has_step else ""


def _fitted(job: Job, recipe: Recipe) -> Composed | None:
    """Compose; where no true shortening fits, point to the next step and the official page."""
    composed = job.compose(recipe, in_private=job.is_private)
    if composed is not None:
        return composed
    pointers = [pointer(answer) for answer in recipe.answers]
    kept = tuple(one for one in pointers if one is not None)
    if not kept or len(kept) < len(pointers):
        return None
    return job.compose(replace(recipe, answers=kept), in_private=job.is_private)


def _choose(job: Job) -> Draft:
    return job.draft(None, *missing_notes(job))


def _unknown(job: Job) -> Draft:
    """Say in the approved words that we do not have the answer, and pass it on."""
    notes = missing_notes(job)
    held = _held(job, job.triage.category)
    if held is not None:
        return with_notes(held, *notes)
    if not job.pass_on:
        about = f"an unknown answer ({job.lang.value})"
        return job.draft(None, *notes, _note(NoteKind.NO_APPROVED_TEXT, about))
    recipe = Recipe(bot=_bot_answer(job), pass_on=job.pass_on)
    return job.draft(job.compose(recipe, in_private=job.is_private), *notes)


# People


def _hand_off(job: Job) -> Draft:
    """Say in the approved words that a person takes over, or how to reach one."""
    held = _held(job, Category.WANTS_HUMAN)
    if held is not None:
        return held
    if not job.path:
        about = f"wants_human ({job.lang.value})"
        return with_notes(Draft(), _note(NoteKind.NO_STATEMENT, about))
    recipe = Recipe(bot=_bot_answer(job), path=job.path)
    return job.draft(job.compose(recipe, in_private=job.is_private))


def _acknowledge(job: Job) -> Draft:
    """Thanks or empathy; then the sure answer, or the way to somebody who has it."""
    category = job.triage.category
    if category in {Category.PRAISE, Category.OFF_TOPIC}:
        return _courtesy(job, Recipe())
    if category is Category.PARTNERSHIP and (held := _held(job, category)):
        return held
    asked = asked_of(job, in_private=job.is_private)
    if answers_of(asked):
        return answered(job, asked)
    if category is Category.PARTNERSHIP:
        pass_on = job.pass_on if "?" in job.request.text else ""
        return _courtesy(job, Recipe(pass_on=pass_on))
    return _unanswered_complaint(job)


def _unanswered_complaint(job: Job) -> Draft:
    """Empathy and the private path; where there is none, the brand's holding words."""
    if not job.path and (held := _held(job, job.triage.category)):
        return held
    is_question = "?" in job.request.text
    notes = missing_notes(job) if is_question else ()
    pass_on = job.pass_on if is_question and not job.path else ""
    recipe = Recipe(bot=_bot_answer(job), path=job.path, pass_on=pass_on)
    return with_notes(_courtesy(job, recipe), *notes)


def _courtesy(job: Job, recipe: Recipe) -> Draft:
    full = replace(recipe, acknowledgement=job.acknowledgement(in_private=job.is_private))
    composed = job.compose(full, in_private=job.is_private)
    if composed is not None:
        return job.draft(composed)
    if job.missing_disclosure:
        return Draft()
    about = f"{job.triage.category.value} ({job.lang.value})"
    return with_notes(Draft(), _note(NoteKind.NO_APPROVED_TEXT, about))


def _personal(job: Job) -> Draft:
    return personal(job, asked_of(job, in_private=True))


def personal(job: Job, asked: tuple[Asked, ...]) -> Draft:
    """Public: empathy and the private path. Private: the answer, or the brand's holding words."""
    private = _follow_up(job, asked)
    if job.is_private:
        return private
    if not job.path:
        note = _note(NoteKind.NO_PRIVATE_PATH, job.request.message.channel)
        return with_notes(private, note)
    public = _courtesy(job, Recipe(bot=_bot_answer(job), path=job.path))
    citations = (*public.citations, *private.citations)
    both = public.model_copy(update={"private": private.private, "citations": citations})
    return with_notes(both, *private.notes)


def _follow_up(job: Job, asked: tuple[Asked, ...]) -> Draft:
    answers = answers_of(asked)
    if answers:
        is_partial = any(one.answer is None for one in asked)
        pass_on = job.partly_pass_on if is_partial else ""
        bot = _bot_answer(job) if job.is_private else ""
        recipe = Recipe(bot=bot, answers=answers, pass_on=pass_on)
        return job.draft(job.compose(recipe, in_private=True), in_private=True)
    for statement in rule_statements(job.pack, job.triage.category, job.lang, job.request.day):
        if not job.chooser.was_said(statement.text):
            composed = _statement_text(job, statement, in_private=True)
            return job.draft(composed, *missing_notes(job), in_private=True)
    if job.is_private and job.request.retrieval.band is Band.MIDDLE:
        return _choose(job)
    is_question = "?" in job.request.text
    recipe = Recipe(
        acknowledgement=job.acknowledgement(in_private=True),
        pass_on=job.pass_on if is_question else "",
    )
    composed = job.compose(recipe, in_private=True)
    return job.draft(composed, *missing_notes(job), in_private=True)


# A person's choice


def chosen(job: Job, passage: Passage) -> Draft:
    """Return the draft that answers with `passage`, or none where it may not be said."""
    in_private = job.is_private or is_personal(job.triage)
    if not job.may_cite(passage, in_private=in_private):
        return Draft()
    asked = with_choice(job, passage, in_private=in_private)
    return personal(job, asked) if is_personal(job.triage) else answered(job, asked)


WRITERS: Mapping[Plan, Callable[[Job], Draft]] = {
    Plan.SILENT: _silent,
    Plan.STATEMENT: state,
    Plan.WITHHOLD: _withhold,
    Plan.HAND_OFF: _hand_off,
    Plan.PERSONAL: _personal,
    Plan.BOT: _bot,
    Plan.ACKNOWLEDGE: _acknowledge,
    Plan.ANSWER: _answer,
    Plan.CHOOSE: _choose,
    Plan.UNKNOWN: _unknown,
}
"""What each plan writes."""
