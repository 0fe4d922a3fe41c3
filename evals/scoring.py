"""Outputs in, scores out: offline, free and repeatable, however often the scorers change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from evals.cases import Case
from evals.outputs import Output, input_hash
from evals.results import CaseRecord, CaseScores, Score, ScoreVerdict, majority
from evals.scorers import SCORERS, Exhibit, Scorer
from knowledge.text.language import detect

_By = dict[tuple[str, int], dict[str, Output]]


def score(
    cases: Sequence[Case], outputs: Iterable[Output], judges: Sequence[Scorer] = ()
) -> Iterator[CaseScores]:
    """Yield the scores of every case and repeat, in the order of `cases`.

    A case without an output, or recorded with another question, is an error and no failure.
    """
    found: _By = defaultdict(dict)
    epochs: dict[str, list[int]] = defaultdict(list)
    for output in outputs:
        found[output.case, output.epoch][output.variant] = output
        if not output.variant:
            epochs[output.case].append(output.epoch)
    for case in cases:
        for epoch in epochs[case.id] or [0]:
            scores = tuple(_scores(case, found.get((case.id, epoch), {}), judges))
            known = case.known_wrong
            yield CaseScores(case=case.id, epoch=epoch, known_wrong=known, scores=scores)


def _scores(case: Case, outputs: dict[str, Output], judges: Sequence[Scorer]) -> Iterator[Score]:
    output = outputs.get("")
    problem = _unusable(case, output)
    if output is None or problem:
        yield Score(scorer="completed", verdict=ScoreVerdict.ERROR, reason=problem)
        return
    exhibit = Exhibit(case, output, outputs)
    for scorer in SCORERS:
        yield from scorer(exhibit)
    for judge in judges:
        yield from judge(exhibit)


def _unusable(case: Case, output: Output | None) -> str:
    if output is None:
        return "not recorded; record again"
    if output.asked != input_hash(case):
        return "the case asks something else since it was recorded; record again"
    return output.error


def records_of(
    cases: Sequence[Case], scored: Iterable[CaseScores], outputs: Iterable[Output] = ()
) -> tuple[CaseRecord, ...]:
    """Return each case with its repeats put together, in the order of `cases`.

    With `outputs`, each keeps its route and texts, so that a comparison can show what changed.
    """
    first = {one.case: one for one in outputs if not (one.epoch or one.variant)}
    by_case: dict[str, list[CaseScores]] = defaultdict(list)
    for one in scored:
        by_case[one.case].append(one)
    return tuple(
        _with_texts(_record(case, by_case[case.id]), first.get(case.id))
        for case in cases
        if by_case[case.id]
    )


def _with_texts(record: CaseRecord, output: Output | None) -> CaseRecord:
    if output is None or output.observed is None:
        return record
    draft, triage = output.observed.draft, output.observed.triage
    texts = {"public": draft.public, "private": draft.private}
    return record.model_copy(update={"route": triage.route.value, **texts})


def _record(case: Case, repeats: Sequence[CaseScores]) -> CaseRecord:
    verdicts = [one.verdict for one in repeats]
    told: dict[str, list[ScoreVerdict]] = defaultdict(list)
    grave: dict[str, None] = {}
    for one in repeats:
        for given in () if one.known_wrong else one.scores:
            if not given.is_advisory:
                told[given.scorer].append(given.verdict)
            if given.is_autofail:
                grave[given.scorer] = None
    counted = {ScoreVerdict.PASS, ScoreVerdict.FAIL}
    return CaseRecord(
        id=case.id,
        criterion=case.criterion,
        cluster=case.cluster,
        lang=language_of(case),
        is_gate=case.is_gate,
        known_wrong=case.known_wrong,
        verdict=majority(verdicts),
        passed=verdicts.count(ScoreVerdict.PASS),
        repeats=sum(verdict in counted for verdict in verdicts),
        scores={name: majority(given) for name, given in told.items()},
        autofails=tuple(grave),
    )


def language_of(case: Case) -> str:
    """Return the language of a case for a report: expected, declared, named in its id, or read."""
    known = case.expected.language or case.message.lang
    if known is not None:
        return known.value
    named = next((part for part in case.id.split(".") if part in ("fr", "en")), "")
    return named or detect(case.message.text)[0].value
