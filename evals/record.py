"""Cases in, outputs out: the real pipeline, in one process or several, in the cases' order."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agent.adapters.clock import SystemClock
from agent.bootstrap import build_chat_model, build_redactor, limits_for
from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport, CheckSubject
from agent.domain.errors import ConfigurationError
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.domain.models import ModelRole
from agent.pipeline import Pipeline
from agent.ports import ChatModel, Redactor, Retriever
from agent.settings import load_settings
from agent.steps.check import Rubric
from agent.steps.draft import ModelDrafter
from agent.testing import ScriptedChatModel
from evals.cases import DEFAULT_AT, Case, Given, ScriptedModel
from evals.drafting_models import EpochModel, scripted_answer
from evals.outputs import Observed, Output, input_hash, observed_of
from evals.variants import varied
from knowledge.passages import Audience, Language, Passage
from knowledge.retriever import build_retriever
from knowledge.text.language import detect
from prompts.library import FOLDER as PROMPTS
from prompts.library import PromptLibrary, PromptProblem

FEW = 60
"""Below this many cases a second process costs more to start than it saves."""


class _CaseClock:
    """The time at which a case plays."""

    def __init__(self) -> None:
        self.at = DEFAULT_AT

    def now(self) -> datetime:
        return self.at


class _Kitchen(NamedTuple):
    """A pipeline, the clock to set before it runs, and the scripted model if there is one."""

    pipeline: Pipeline
    clock: _CaseClock
    own_words: str
    script: ScriptedChatModel | None = None


class Recorder:
    """Runs cases; keeps one pipeline a brand, and a changed one while its cases follow each other.

    `model` drafts where words are free, in place of the embedded drafter; a case's own script
    comes before it. `prompts` is the folder of the prompts a model is sent.
    """

    def __init__(
        self,
        packs: Mapping[str, BrandPack],
        model: ChatModel | None = None,
        prompts: Path = PROMPTS,
    ) -> None:
        self._packs = packs
        self._model = EpochModel(model) if model else None
        self._prompts = prompts
        self._library: PromptLibrary | None = None
        self._kept: dict[str, _Kitchen] = {}
        self._changed: tuple[str, _Kitchen] | None = None
        self._rubrics: dict[str, Rubric] = {}
        self._redactors: dict[str, Redactor] = {}
        self._retrievers: dict[str, Retriever] = {}

    def run(self, case: Case, epoch: int = 0) -> list[Output]:
        """Return the output of the case and of each of its variants, once.

        Raises:
            ConfigurationError: the case's brand is not among the packs.
        """
        if case.brand not in self._packs:
            known = ", ".join(sorted(self._packs)) or "none"
            raise ConfigurationError(
                f"{case.source}: the case `{case.id}` is of the brand `{case.brand}`, and the "
                f"brands of this run are: {known}"
            )
        changes = ["", *(variant.apply for variant in case.variants)]
        return [self._one(case, change, epoch) for change in dict.fromkeys(changes)]

    def replay(self, brand: str, message: InboundMessage, at: datetime) -> Observed:
        """Return what comes of a message under the brand's pack at a time, redacted."""
        if brand not in self._kept:
            self._kept[brand] = self._built(self._packs[brand], None)
        kitchen = self._kept[brand]
        kitchen.clock.at = at
        return observed_of(kitchen.pipeline.run(message), kitchen.own_words)

    def _one(self, case: Case, change: str, epoch: int) -> Output:
        blank = Output(case=case.id, epoch=epoch, variant=change, asked=input_hash(case))
        try:
            if case.reply is not None:
                return blank.model_copy(update={"report": self._judged(case)})
            return blank.model_copy(update=self._observed(case, change, epoch))
        except ConfigurationError:
            raise
        except Exception as error:
            # Whatever it was, the other cases go on; its text might quote a message.
            return blank.model_copy(update={"error": type(error).__name__})

    def _observed(self, case: Case, change: str, epoch: int) -> dict[str, object]:
        kitchen = self._kitchen(case)
        kitchen.clock.at = case.at
        if self._model is not None:
            self._model.epoch = epoch
        message = message_of(case, epoch)
        outcome = kitchen.pipeline.run(varied(message, change) if change else message)
        found: dict[str, object] = {"observed": observed_of(outcome, kitchen.own_words)}
        if kitchen.script is not None:
            sent = kitchen.script.requests
            found["prompts"] = tuple(f"{one.system}\n{one.user}" for one in sent)
        return found

    def _kitchen(self, case: Case) -> _Kitchen:
        if case.given.is_empty and case.model is None:
            if case.brand not in self._kept:
                self._kept[case.brand] = self._built(self._packs[case.brand], None)
            return self._kept[case.brand]
        key = f"{case.brand}|{case.at.date()}|{case.given.model_dump_json()}"
        if case.model is not None or self._changed is None or self._changed[0] != key:
            pack = changed_pack(self._packs[case.brand], case.given, case.at.date())
            self._changed = (key, self._built(pack, case.model))
        return self._changed[1]

    def _built(self, pack: BrandPack, scripted: ScriptedModel | None) -> _Kitchen:
        clock = _CaseClock()
        script = ScriptedChatModel(map(scripted_answer, scripted.answers)) if scripted else None
        pipeline = Pipeline(
            pack=pack,
            redactor=self._redactor(pack),
            retriever=self._retriever(pack),
            clock=clock,
            limits=limits_for,
            drafter=self._drafter(pack, script or self._model),
        )
        said = [passage.answer for passage in pack.passages]
        said += [statement.text for statement in pack.statements]
        return _Kitchen(pipeline, clock, "\n".join(said), script)

    def _retriever(self, pack: BrandPack) -> Retriever:
        """A case that changes no passage, such as one with a scripted model, shares the brand's."""
        name = pack.policy.brand.id
        if pack.passages != self._packs[name].passages:
            return build_retriever(pack.passages)
        if name not in self._retrievers:
            self._retrievers[name] = build_retriever(pack.passages)
        return self._retrievers[name]

    def _redactor(self, pack: BrandPack) -> Redactor:
        """A case changes what is known, never what is private: one redactor a brand will do."""
        name = pack.policy.brand.id
        if name not in self._redactors:
            self._redactors[name] = build_redactor(pack)
        return self._redactors[name]

    def _drafter(self, pack: BrandPack, model: ChatModel | None) -> ModelDrafter | None:
        if model is None:
            return None
        if self._library is None:
            try:
                self._library = PromptLibrary(self._prompts)
            except PromptProblem as problem:
                raise ConfigurationError(f"prompts: {problem}") from None
        return ModelDrafter(pack, model, self._library)

    def _judged(self, case: Case) -> CheckReport:
        if case.brand not in self._rubrics:
            self._rubrics[case.brand] = Rubric(self._packs[case.brand])
        given = case.override
        rubric = self._rubrics[case.brand].with_overrides(
            given.brand_name, given.spoken_register, given.competitors, given.products
        )
        return rubric.check(subject_of(case), limits_for(case.message.channel))


def message_of(case: Case, epoch: int = 0) -> InboundMessage:
    """Return the case's message; each repeat has an id of its own, so that phrasings vary."""
    given = case.message.model_dump()
    identifier = MessageId(f"{case.id}~{epoch}" if epoch else case.id)
    return InboundMessage(id=identifier, **given)


def subject_of(case: Case) -> CheckSubject:
    """Return a reply case as the rubric reads it."""
    message, reply = case.message, case.reply or ""
    found = detect(message.text)[0]
    heard = found if found is not Language.UNKNOWN else detect(reply)[0]
    lang = message.lang or heard
    return CheckSubject(
        reply=reply,
        message=message.text,
        surface=message.surface,
        channel=message.channel,
        lang=lang,
        thread=message.thread,
        author=message.author,
        passages=_given_passages(case, lang),
        now=case.at,
    )


def _given_passages(case: Case, lang: Language) -> tuple[Passage, ...] | None:
    if case.passages is None:
        return None
    is_private = case.message.surface.value == "private"
    audience = Audience.PRIVATE if is_private else Audience.PUBLIC
    return tuple(
        Passage(id=one.id, lang=lang, question="", answer=one.text, audience=audience)
        for one in case.passages
    )


def changed_pack(pack: BrandPack, given: Given, day: date) -> BrandPack:
    """Return `pack` with the passages of `given` removed, expired, replaced and added.

    Raises:
        ConfigurationError: a passage named there is not in the pack.
    """
    known = {passage.id for passage in pack.passages}
    for named in (*given.remove, *given.expire, *given.replace):
        if named not in known:
            raise ConfigurationError(f"there is no passage `{named}` in the pack")
    kept = [one for one in pack.passages if one.id not in given.remove]
    changed = [_changed(one, given, day) for one in kept]
    added = [Passage.model_validate(entry.model_dump()) for entry in given.add]
    return pack.model_copy(update={"passages": (*changed, *added)})


def _changed(passage: Passage, given: Given, day: date) -> Passage:
    if passage.id in given.expire:
        passage = passage.model_copy(update={"valid_until": day - timedelta(days=1)})
    change = given.replace.get(passage.id)
    if change is None or change.lang not in (None, passage.lang):
        return passage
    return passage.model_copy(update=change.model_dump(exclude_unset=True, exclude={"lang"}))


@dataclass(frozen=True)
class Setup:
    """What every process of a run is given: enough to build the same recorder in each."""

    packs: Mapping[str, BrandPack]
    workspace: Path | None = None
    """The workspace whose drafting model is used; None: the embedded drafter."""
    prompts: Path = PROMPTS

    def recorder(self) -> Recorder:
        """Return a recorder.

        Raises:
            ConfigurationError: the workspace names no drafting model, or one that cannot be used.
        """
        return Recorder(self.packs, self.model(), self.prompts)

    def model(self) -> ChatModel | None:
        """Return the drafting model of the workspace, its answers kept there; None without one.

        Raises:
            ConfigurationError: the workspace names none, or one that cannot be used.
        """
        if self.workspace is None:
            return None
        settings = load_settings(self.workspace)
        kept = settings.workspace / "cache" / "evals.db"
        kept.parent.mkdir(parents=True, exist_ok=True)
        model = build_chat_model(settings, ModelRole.DRAFTER, SystemClock(), cache_file=kept)
        if model is None:
            mend = "set models.drafter there, or leave --model out"
            raise ConfigurationError(f"{self.workspace}: no drafting model is set; {mend}")
        return model


def record(
    cases: Sequence[Case], setup: Setup, repeats: int = 1, workers: int = 0
) -> Iterator[Output]:
    """Yield the outputs of `cases` in their order, each case `repeats` times.

    `workers`: processes; 0 is one for few cases, else one a core.

    Raises:
        ConfigurationError: a case's brand is not among the packs, or the model cannot be used.
    """
    jobs = [(case, epoch) for case in cases for epoch in range(repeats)]
    count = workers or (1 if len(jobs) < FEW else os.cpu_count() or 1)
    if count == 1:
        yield from record_with(setup.recorder(), cases, repeats)
        return
    with ProcessPoolExecutor(count, initializer=_start, initargs=(setup,)) as pool:
        for outputs in pool.map(_work, jobs, chunksize=5):
            yield from outputs


def record_with(recorder: Recorder, cases: Sequence[Case], repeats: int = 1) -> Iterator[Output]:
    """Yield the outputs of `cases` in their order, recorded here by `recorder`."""
    for case in cases:
        for epoch in range(repeats):
            yield from recorder.run(case, epoch)


_worker: list[Recorder] = []


def _start(setup: Setup) -> None:
    _worker.append(setup.recorder())


def _work(job: tuple[Case, int]) -> list[Output]:
    return _worker[0].run(*job)
