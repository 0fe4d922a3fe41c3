"""What a run recorded, one line a case: everything a scorer looks at, and nothing unredacted."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.domain.base import Frozen, sha256_of
from agent.domain.checks import CheckReport
from agent.domain.decisions import Triage
from agent.domain.drafts import Draft
from agent.domain.errors import ConfigurationError
from agent.domain.ids import GuidelineVersion
from agent.domain.outcome import Failure, Outcome
from agent.domain.redaction import PLACEHOLDER
from evals.cases import Case
from knowledge.passages import Band

OUTPUTS = "outputs.jsonl"
SCHEMA_VERSION = 1
_JUDGED_LATER = {
    "expected", "owner", "tags", "suites", "is_gate", "cluster", "source", "provenance",
    "known_wrong",
}  # fmt: skip
"""Fields that change how a case is scored, not what it makes the agent say."""


class Observed(Frozen):
    """An outcome without what personal data was found in the message."""

    redacted_text: str
    triage: Triage
    band: Band = Band.LOW
    answerable: float = 0.0
    passages: tuple[str, ...] = ()
    """Ids of the passages found, best first."""
    draft: Draft = Draft(drafter="none")
    public_report: CheckReport = CheckReport()
    private_report: CheckReport = CheckReport()
    failures: tuple[Failure, ...] = ()
    guideline_version: GuidelineVersion
    is_leaking: bool = False
    """Whether a text proposed shows a placeholder, or a value that redaction had masked."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the draft itself, the public one first."""
        return tuple(text for text in (self.draft.public, self.draft.private) if text)

    @property
    def all_texts(self) -> tuple[str, ...]:
        """The texts of the draft and of every candidate."""
        offered = (text for one in self.draft.candidates for text in (one.public, one.private))
        return (*self.texts, *(text for text in offered if text))

    @property
    def reports(self) -> tuple[CheckReport, CheckReport]:
        """What the rubric said of the public and of the private text."""
        return self.public_report, self.private_report


class Output(Frozen):
    """What came out for one case, once."""

    case: str
    epoch: int = 0
    variant: str = ""
    """The change applied to the message; empty: none."""
    asked: str
    """`input_hash` of the case when it was recorded."""
    observed: Observed | None = None
    report: CheckReport | None = None
    """For a reply case: what the rubric said of the reply given."""
    prompts: tuple[str, ...] = ()
    """For a case with a scripted model: every prompt it was sent."""
    error: str = ""
    """Why there is nothing: the kind of the error, never its text."""


def input_hash(case: Case) -> str:
    """Return the hash of what a case asks, whatever it expects: another one is another question."""
    return sha256_of(case.model_dump(mode="json", exclude=_JUDGED_LATER))


def observed_of(outcome: Outcome, own_words: str) -> Observed:
    """Return what a scorer may see of `outcome`; `own_words` is all that the brand says.

    A model's private text may say the person's own data again: it is kept masked.
    """
    draft, private = outcome.draft, outcome.draft.private
    if draft.is_by_model and private is not None:
        private = outcome.redaction.mask(private)
        draft = draft.model_copy(update={"private": private})
    found = Observed(
        redacted_text=outcome.redaction.text,
        triage=outcome.triage,
        band=outcome.retrieval.band,
        answerable=round(outcome.retrieval.answerable, 4),
        passages=tuple(dict.fromkeys(passage.id for passage in outcome.passages)),
        draft=draft,
        public_report=outcome.public_report,
        private_report=outcome.private_report,
        failures=outcome.failures,
        guideline_version=outcome.guideline_version,
    )
    # A value that the brand's own texts hold was no personal datum.
    masked = [value for value in outcome.redaction.values.values() if value not in own_words]
    is_by_model = draft.is_by_model
    public = [text for text in found.all_texts if not (is_by_model and text == private)]
    is_leaking = any(_shows(text, masked) for text in public)
    return found.model_copy(update={"is_leaking": is_leaking})


def _shows(text: str, values: Iterable[str]) -> bool:
    if PLACEHOLDER.search(text):
        return True
    return any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) for value in values)


def write_outputs(path: Path, outputs: Iterable[Output]) -> int:
    """Write one line an output, the version of the format first; return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps({"schema_version": SCHEMA_VERSION}) + "\n")
        for output in outputs:
            stream.write(json.dumps(_compact(output), ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count


def _compact(output: Output) -> dict[str, Any]:
    return output.model_dump(mode="json", exclude_defaults=True)


def read_outputs(path: Path) -> Iterator[Output]:
    """Yield the outputs of a run.

    Raises:
        ConfigurationError: the file is missing, of another version, or not what we wrote.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        mend = "record first: portevoix eval record"
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); {mend}") from None
    refuse_other_version(path, lines[0] if lines else "", SCHEMA_VERSION, "record again")
    for number, line in enumerate(lines[1:], start=2):
        try:
            yield Output.model_validate_json(line)
        except ValidationError as error:
            what = error.errors()[0]["msg"]
            raise ConfigurationError(f"{path}:{number}: {what}; record again") from None


def refuse_other_version(path: Path, text: str, wanted: int, mend: str) -> dict[str, Any]:
    """Return the JSON object of `text` if its `schema_version` is `wanted`.

    Raises:
        ConfigurationError: it is not.
    """
    try:
        data = json.loads(text)
        found = data["schema_version"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ConfigurationError(f"{path}: has no schema_version; {mend}") from None
    if found != wanted:
        raise ConfigurationError(
            f"{path}: schema_version {found!r}, this Portevoix reads {wanted}; {mend}"
        )
    record: dict[str, Any] = data
    return record
