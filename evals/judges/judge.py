"""Asks a model one question about one reply, several times if wished, and keeps every answer."""

from collections import Counter
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from agent.domain.base import Frozen
from agent.domain.errors import ModelError, StepFailed
from agent.domain.models import ModelRequest, ModelRole, PromptRef
from agent.ports import ChatModel, Redactor
from agent.steps.redact import redact
from evals.agreement import Label
from evals.judges.questions import JudgedText, Question, prompt_id, variables
from knowledge.text.normalise import match_key
from prompts.library import PromptLibrary, shipped

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "evidence": {"type": "string", "description": "Words of the reply, exactly as they stand."},
        "reason": {"type": "string", "description": "One short sentence."},
        "verdict": {"type": "string", "enum": [label.value for label in Label]},
    },
    "required": ["evidence", "reason", "verdict"],
}
"""The evidence comes first: a verdict given first would be argued for, not found."""


class Opinion(Frozen):
    """One answer of the model."""

    evidence: str
    reason: str
    verdict: Label
    epoch: int = 0
    model: str = ""


class Judgement(Frozen):
    """What a judge says of one reply on one question: its verdict, and the answers behind it."""

    question: Question
    verdict: Label | None
    """What most answers say. None: it could not be told, which is no failure of the reply."""
    opinions: tuple[Opinion, ...] = ()
    faults: tuple[str, ...] = ()
    """Why an answer is missing, one word each; never what anybody wrote."""

    @property
    def spread(self) -> dict[Label, int]:
        """How many answers gave each verdict."""
        return dict(Counter(opinion.verdict for opinion in self.opinions))

    @property
    def is_unanimous(self) -> bool:
        """Whether every answer gave the same verdict; if not, a person should look."""
        return len(self.spread) <= 1

    @property
    def evidence(self) -> str:
        """The words quoted for the verdict."""
        return next((o.evidence for o in self.opinions if o.verdict is self.verdict), "")

    @property
    def reason(self) -> str:
        """Why, in the words of an answer with that verdict."""
        return next((o.reason for o in self.opinions if o.verdict is self.verdict), "")


class Judge:
    """One model asked one question at a time; may be called from several threads.

    Answers are kept by the model's adapter, by prompt hash, model and epoch
    (`ModelRequest.cache_key`): a repeat is a question of its own, asked once.
    """

    def __init__(
        self,
        model: ChatModel,
        redactor: Redactor,
        repeats: int = 1,
        *,
        confirms_failures: bool = False,
        library: PromptLibrary | None = None,
    ) -> None:
        """Ask `model` `repeats` times and take the majority.

        `confirms_failures`: ask once, and the other times only if the first answer fails the reply.

        Raises:
            ValueError: `repeats` is not odd, so that there may be no majority.
        """
        if repeats < 1 or repeats % 2 == 0:
            raise ValueError(f"a judge is asked an odd number of times, not {repeats}")
        self._model = model
        self._redactor = redactor
        self._repeats = repeats
        self._confirms = confirms_failures
        self._given = library

    @property
    def model(self) -> str:
        """The model's name: a calibration holds for it alone."""
        return self._model.name

    def prompt_sha256(self, question: Question) -> str:
        """Return the hash of the question's prompt: a calibration holds for it alone."""
        wanted = prompt_id(question)
        return next(prompt.sha256 for prompt in self._library.prompts if prompt.id == wanted)

    def judge(self, question: Question, text: JudgedText) -> Judgement:
        """Return the verdict on `text`. A model that fails is told in `faults`, never raised."""
        try:
            safe = self._redacted(text)
        except StepFailed:
            return Judgement(question=question, verdict=None, faults=("redaction",))
        opinions: list[Opinion] = []
        faults: list[str] = []
        for epoch in range(self._repeats):
            answer = self._ask(question, safe, epoch)
            if isinstance(answer, Opinion):
                opinions.append(answer)
            else:
                faults.append(answer)
            if self._is_settled(opinions):
                break
        return Judgement(
            question=question,
            verdict=_majority(opinions, faults),
            opinions=tuple(opinions),
            faults=tuple(faults),
        )

    def _is_settled(self, opinions: list[Opinion]) -> bool:
        if self._confirms:
            return len(opinions) == 1 and opinions[0].verdict is not Label.FAIL
        return False

    @cached_property
    def _library(self) -> PromptLibrary:
        return self._given or shipped()

    def _redacted(self, text: JudgedText) -> JudgedText:
        words = {
            "message": redact(text.message, self._redactor).text,
            "reply": redact(text.reply, self._redactor).text,
        }
        return text.model_copy(update=words)

    def _ask(self, question: Question, text: JudgedText, epoch: int) -> Opinion | str:
        """Return one answer, or the kind of fault."""
        try:
            answer = self._model.complete(self._request(question, text, epoch))
            found = Opinion(**answer.content, epoch=epoch, model=answer.model)
        except ModelError as error:
            return type(error).__name__
        except (ValidationError, TypeError):
            return "ModelAnswerInvalid"
        is_quoted = bool(found.evidence.strip()) and _stands_in(found.evidence, text.reply)
        if found.verdict is Label.FAIL and not is_quoted:
            return "EvidenceNotInReply"
        return found

    def _request(self, question: Question, text: JudgedText, epoch: int) -> ModelRequest:
        rendered = self._library.render(prompt_id(question), **variables(question, text))
        return ModelRequest(
            role=ModelRole.JUDGE,
            brand=text.brand,
            prompt=PromptRef.of(rendered.prompt),
            system=rendered.system,
            user=rendered.user,
            answer_schema=ANSWER_SCHEMA,
            epoch=epoch,
        )


def _stands_in(evidence: str, reply: str) -> bool:
    """Whether the quotation is the reply's own, whatever its case, accents, spaces or quotes."""
    wanted = match_key(evidence.strip(" .…«»\"“”'"))
    return wanted in match_key(reply)


def _majority(opinions: list[Opinion], faults: list[str]) -> Label | None:
    """Return what more than half of the answers asked for say, or None."""
    if not opinions:
        return None
    verdict, count = Counter(opinion.verdict for opinion in opinions).most_common(1)[0]
    return verdict if 2 * count > len(opinions) + len(faults) else None
