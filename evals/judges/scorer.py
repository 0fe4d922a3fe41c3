"""Judges as scorers of a run: always shown, of weight only where people's labels agree."""

from collections.abc import Iterator, Mapping, Sequence

from agent.domain.brand import BrandPack
from agent.domain.checks import Verdict
from evals.agreement import Label
from evals.calibration import Calibration
from evals.cases import GivenPassage
from evals.judges.judge import Judge, Judgement
from evals.judges.questions import RULES, JudgedText, Question, traits_of
from evals.results import Score, ScoreVerdict
from evals.scorers.base import Exhibit, Scorer
from evals.scoring import language_of

DEFAULT = (
    Question.EMPATHY,
    Question.SARCASM,
    Question.DEFENSIVENESS,
    Question.VOICE,
    Question.OMISSION,
    Question.EVASION,
    Question.OBEDIENCE,
)
_VERDICTS = {
    Label.PASS: ScoreVerdict.PASS,
    Label.FAIL: ScoreVerdict.FAIL,
    Label.NA: ScoreVerdict.NOT_APPLICABLE,
}


def judge_scorers(
    judge: Judge,
    packs: Mapping[str, BrandPack],
    calibration: Calibration | None = None,
    questions: Sequence[Question] = DEFAULT,
) -> tuple[Scorer, ...]:
    """Return a scorer for each question."""
    known = calibration or Calibration()
    return tuple(JudgeScorer(judge, question, packs, known) for question in questions)


class JudgeScorer:
    """One question asked of every draft, and of the replies whose case says what it should find."""

    def __init__(
        self,
        judge: Judge,
        question: Question,
        packs: Mapping[str, BrandPack],
        calibration: Calibration,
    ) -> None:
        self._judge = judge
        self._question = question
        self._packs = packs
        self._calibration = calibration

    def __call__(self, exhibit: Exhibit) -> Iterator[Score]:
        """Yield one score; of the voice, one a trait."""
        pack = self._packs[exhibit.case.brand]
        wanted = self._wanted(exhibit)
        text = self._text(exhibit, pack)
        if text is None or (exhibit.case.is_reply and wanted is None):
            return
        if self._question is not Question.VOICE:
            yield self._score(exhibit, self._judge.judge(self._question, text), wanted)
            return
        for trait in traits_of(pack):
            told = self._judge.judge(self._question, text.model_copy(update={"trait": trait}))
            yield self._score(exhibit, told, wanted, f".{trait.name}")

    def _wanted(self, exhibit: Exhibit) -> Verdict | None:
        return exhibit.case.expected.rules.get(RULES.get(self._question, ""))

    def _text(self, exhibit: Exhibit, pack: BrandPack) -> JudgedText | None:
        case, observed, brand = exhibit.case, exhibit.observed, pack.policy.brand
        about = {"brand": brand.id, "brand_name": brand.name}
        if case.reply is not None:
            return JudgedText(
                message=case.message.text,
                reply=case.reply,
                passages=case.passages or (),
                **about,
            )
        # An approved statement is used word for word: nothing in it is the agent's to judge.
        if observed is None or not observed.texts or observed.draft.statement_id:
            return None
        cited = {citation.passage_id for citation in observed.draft.citations}
        if self._question is Question.OMISSION and not (cited and case.given.is_empty):
            return None
        passages = tuple(
            GivenPassage(id=one.id, text=one.answer)
            for one in pack.passages
            if one.id in cited and one.lang is observed.triage.language
        )
        # With two texts the second is the private one, which holds the answer.
        reply = observed.texts[-1]
        return JudgedText(message=observed.redacted_text, reply=reply, passages=passages, **about)

    def _score(
        self, exhibit: Exhibit, told: Judgement, wanted: Verdict | None, suffix: str = ""
    ) -> Score:
        lang = language_of(exhibit.case)
        sha = self._judge.prompt_sha256(self._question)
        gates = self._calibration.is_gating(self._question, lang, sha, self._judge.model)
        verdict, reason = _verdict(told, wanted if exhibit.case.is_reply else None)
        return Score(
            scorer=f"judge.{self._question.value}{suffix}",
            verdict=verdict,
            reason=reason,
            is_advisory=not gates,
        )


def _verdict(told: Judgement, wanted: Verdict | None) -> tuple[ScoreVerdict, str]:
    """Return what the judge's verdict comes to: itself, or whether it is the one expected."""
    if told.verdict is None:
        return ScoreVerdict.ERROR, f"no verdict: {', '.join(told.faults) or 'answers disagree'}"
    spread = "" if told.is_unanimous else f" ({_spread(told)})"
    said = f"« {told.evidence} » {told.reason}{spread}".strip()
    if wanted is None:
        return _VERDICTS[told.verdict], said
    is_as_wanted = told.verdict.value == ("na" if wanted is Verdict.NOT_APPLICABLE else wanted)
    verdict = ScoreVerdict.PASS if is_as_wanted else ScoreVerdict.FAIL
    return verdict, f"expected {wanted.value}, told {told.verdict.value}: {said}"


def _spread(told: Judgement) -> str:
    return ", ".join(f"{count} {label.value}" for label, count in sorted(told.spread.items()))
