"""Who can be asked for a verdict on a labelled reply: a judge, or the rubric's own rule."""

from collections.abc import Mapping
from datetime import datetime

from agent.bootstrap import limits_for
from agent.domain.brand import BrandPack
from agent.domain.checks import CheckSubject, Verdict
from agent.domain.errors import ConfigurationError
from agent.steps.check import Rubric
from evals.agreement import Label
from evals.calibration import Tell
from evals.judges.judge import Judge
from evals.judges.questions import RULES, JudgedText, traits_of
from evals.labels import LabelledReply
from knowledge.passages import Passage

RUBRIC = "rubric"
"""The name under which the rules' agreement is told."""

_LABELS = {
    Verdict.PASS: Label.PASS,
    Verdict.FAIL: Label.FAIL,
    Verdict.NOT_APPLICABLE: Label.NA,
}


def judge_teller(judge: Judge, packs: Mapping[str, BrandPack]) -> Tell:
    """Return what asks `judge`; the voice fails if one of its traits is contradicted."""

    def tell(labelled: LabelledReply) -> Label | None:
        pack = _pack(packs, labelled.brand)
        brand = pack.policy.brand
        text = JudgedText(
            brand=brand.id,
            brand_name=brand.name,
            message=labelled.message,
            reply=labelled.reply,
            passages=labelled.passages,
        )
        traits = traits_of(pack) if labelled.question.value == "voice" else (None,)
        told = [
            judge.judge(labelled.question, text.model_copy(update={"trait": trait})).verdict
            for trait in traits
        ]
        return _joined(told)

    return tell


def _joined(told: list[Label | None]) -> Label | None:
    """One failure fails; one error spoils; then one pass passes."""
    if Label.FAIL in told:
        return Label.FAIL
    if None in told:
        return None
    return Label.PASS if Label.PASS in told else Label.NA


def rubric_teller(packs: Mapping[str, BrandPack], now: datetime) -> Tell:
    """Return what asks the rubric's rule of the same question, offline: what a judge must beat.

    A rule that abstains has no verdict; one that leaves the question to a judge says `na`.
    """
    rubrics = {name: Rubric(pack) for name, pack in packs.items()}

    def tell(labelled: LabelledReply) -> Label | None:
        _pack(packs, labelled.brand)
        report = rubrics[labelled.brand].check(_subject(labelled, now), limits_for("file"))
        wanted = RULES[labelled.question]
        found = {check.verdict for check in report.checks if check.rule.partition(".")[0] == wanted}
        order = (Verdict.FAIL, Verdict.ABSTAIN, Verdict.PASS, Verdict.NOT_APPLICABLE)
        verdict = next((one for one in order if one in found), Verdict.ABSTAIN)
        return _LABELS.get(verdict)

    return tell


def _subject(labelled: LabelledReply, now: datetime) -> CheckSubject:
    passages = tuple(
        Passage(id=one.id, lang=labelled.lang, question="", answer=one.text)
        for one in labelled.passages
    )
    return CheckSubject(
        reply=labelled.reply,
        message=labelled.message,
        lang=labelled.lang,
        passages=passages or None,
        now=now,
    )


def _pack(packs: Mapping[str, BrandPack], brand: str) -> BrandPack:
    if brand not in packs:
        known = ", ".join(sorted(packs)) or "none"
        raise ConfigurationError(
            f"a label is about the brand `{brand}`; the brands given are: {known}"
        )
    return packs[brand]
