"""A judge against people's labels: by question and language, and whether it may gate a run."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from agent.domain.base import Frozen
from agent.domain.errors import ConfigurationError
from evals.agreement import KAPPA_FLOOR, KAPPA_LOW_FLOOR, Agreement, Label, Pair, agreement
from evals.gate import MOST_ERRORS
from evals.judges.questions import Question
from evals.labels import LabelledReply, Truth, double_labels, truths
from evals.outputs import refuse_other_version

SCHEMA_VERSION = 1
ALL = "all"

Tell = Callable[[LabelledReply], Label | None]
"""Says its verdict on a labelled reply; None: it could not, which is an error and no verdict."""


class Status(StrEnum):
    """What a judge's verdict on a question is worth."""

    GATING = "gating"
    ADVISORY = "advisory"


class Measured(Frozen):
    """One teller on one question, in one language or in all."""

    question: Question
    lang: str
    teller: str
    """The model's name, or `rubric` for the rule of the same question."""
    prompt_sha256: str = ""
    agreement: Agreement
    ceiling: Agreement | None = None
    """How far two people agree with each other: a judge cannot be asked for more."""
    errors: int = 0
    seeded: int = 0
    """Replies left out of the figures: no person labelled them."""
    status: Status = Status.ADVISORY

    @property
    def error_share(self) -> float:
        """The share of replies on which no verdict was had."""
        asked = self.agreement.total + self.errors
        return self.errors / asked if asked else 0.0


class Calibration(Frozen):
    """What is known of the judges. Another model or another prompt: nothing is known."""

    schema_version: int = SCHEMA_VERSION
    measured: tuple[Measured, ...] = ()

    def is_gating(self, question: Question, lang: str, prompt_sha256: str, model: str) -> bool:
        """Whether that judge's verdict may stop a run in that language."""
        return any(
            one.status is Status.GATING
            and (one.question, one.prompt_sha256, one.teller) == (question, prompt_sha256, model)
            and one.lang == lang
            for one in self.measured
        )

    @property
    def is_valid(self) -> bool:
        """Whether the tellers gave enough verdicts for the figures to mean anything."""
        return all(one.error_share < MOST_ERRORS for one in self.measured)


def measure(
    question: Question,
    labels: Sequence[LabelledReply],
    tell: Tell,
    teller: str,
    prompt_sha256: str = "",
    floor: float = KAPPA_FLOOR,
    low_floor: float = KAPPA_LOW_FLOOR,
) -> tuple[Measured, ...]:
    """Return how far `tell` agrees with people on `question`: in all, then by language.

    Only people's labels count. A judge may gate in a language if it agrees there, on enough labels
    of each verdict, and had a verdict on nearly every reply: an agreement in English says nothing
    about French.
    """
    mine = [one for one in labels if one.question is question]
    told = [(truth, tell(truth.reply)) for truth in truths(mine)]
    languages = sorted({one.lang.value for one in mine})
    whole, *parts = (
        _measured(question, lang, told, mine, teller, prompt_sha256, (floor, low_floor))
        for lang in (ALL, *languages)
    )
    everywhere = all(part.status is Status.GATING for part in parts)
    status = Status.GATING if everywhere else Status.ADVISORY
    return (whole.model_copy(update={"status": status}), *parts)


def _measured(
    question: Question,
    lang: str,
    told: Sequence[tuple[Truth, Label | None]],
    labels: Sequence[LabelledReply],
    teller: str,
    prompt_sha256: str,
    floors: tuple[float, float],
) -> Measured:
    here = [(truth, verdict) for truth, verdict in told if lang in (ALL, truth.reply.lang.value)]
    human = [(truth, verdict) for truth, verdict in here if truth.is_human]
    pairs = [Pair(truth.label, verdict) for truth, verdict in human if verdict is not None]
    both = double_labels(one for one in labels if lang in (ALL, one.lang.value))
    found = Measured(
        question=question,
        lang=lang,
        teller=teller,
        prompt_sha256=prompt_sha256,
        agreement=agreement(pairs, lang),
        ceiling=agreement(both, lang) if both else None,
        errors=sum(verdict is None for _, verdict in human),
        seeded=len(here) - len(human),
    )
    is_good = found.agreement.may_gate(*floors) and found.error_share < MOST_ERRORS
    return found.model_copy(update={"status": Status.GATING if is_good else Status.ADVISORY})


def to_lines(measured: Iterable[Measured]) -> Iterator[dict[str, str]]:
    """Yield one row of a table for each: what a person must see before trusting a judge."""
    for one in measured:
        found = one.agreement
        table = found.confusion
        yield {
            "question": one.question.value,
            "teller": one.teller,
            "lang": one.lang,
            "n": str(found.total),
            "errors": str(one.errors),
            "agree": _percent(found.agreement),
            "kappa": _kappa(found),
            "people": _kappa(one.ceiling) if one.ceiling else "–",
            "base rate": _percent(found.base_rate),
            "TPR": _rate(found.sensitivity, found.sensitivity_interval),
            "TNR": _rate(found.specificity, found.specificity_interval),
            "TP/FP/TN/FN": "/".join(map(str, table.cells)),
            "corrected": _percent(found.corrected) if found.corrected is not None else "refused",
            "status": one.status.value,
        }


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _kappa(found: Agreement) -> str:
    if found.kappa is None:
        return "–"
    return f"{found.kappa:.2f} ({found.kappa_low:.2f} to {found.kappa_high:.2f})"


def _rate(share: float | None, interval: tuple[float, float]) -> str:
    return "–" if share is None else f"{share:.0%} ({interval[0]:.0%} to {interval[1]:.0%})"


def save_calibration(path: Path, calibration: Calibration) -> None:
    """Write a calibration.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    try:
        path.write_text(calibration.model_dump_json(indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror})") from None


def load_calibration(path: Path) -> Calibration:
    """Read a calibration.

    Raises:
        ConfigurationError: it is missing, of another schema version, or not what we wrote.
    """
    mend = "make a new one: portevoix eval calibrate --labels FILE --out FILE"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error}); {mend}") from None
    data = refuse_other_version(path, text, SCHEMA_VERSION, mend)
    try:
        return Calibration.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {error.errors()[0]['msg']}; {mend}") from None
