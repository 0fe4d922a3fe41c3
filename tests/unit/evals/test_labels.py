"""People's labels, and what they make of a judge."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.domain.errors import ConfigurationError
from evals.agreement import Label
from evals.calibration import (
    Calibration,
    Measured,
    Status,
    load_calibration,
    measure,
    save_calibration,
    to_lines,
)
from evals.judges.questions import Question
from evals.labels import LabelledReply, double_labels, read_labels, truths

ONE: dict[str, Any] = {
    "id": "a",
    "question": "empathy",
    "lang": "fr",
    "message": "Dix jours que j'attends mon colis",
    "reply": "Merci de nous avoir contactés.",
    "label": "fail",
    "labeller": "maud",
    "provenance": "human",
}


def labelled(**changes: Any) -> LabelledReply:
    return LabelledReply.model_validate({**ONE, **changes})


def written(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, "utf-8")
    return path


def test_labels_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "labels.jsonl", ONE, "", {**ONE, "labeller": "jean"})
    assert [one.labeller for one in read_labels(path)] == ["maud", "jean"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "labels.jsonl:2: not JSON"),
        ({**ONE, "id": "b", "label": "maybe"}, "labels.jsonl:2: `label`"),
        ({**ONE, "id": "b", "mood": "good"}, "labels.jsonl:2: `mood`"),
        (ONE, "maud labels a twice"),
        ({**ONE, "labeller": "jean", "reply": "Autre."}, "a is two texts"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, line: Any, said: str) -> None:
    path = written(tmp_path / "labels.jsonl", ONE, line)
    with pytest.raises(ConfigurationError, match=said):
        read_labels(path)


def test_a_file_without_labels_is_no_calibration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no label"):
        read_labels(written(tmp_path / "labels.jsonl", ""))


def test_people_outvote_a_seeded_label_and_a_tie_is_no_truth() -> None:
    seeded = labelled(labeller="gpt", provenance="model-seeded", label="pass")
    (one,) = truths([seeded, labelled()])
    assert (one.label, one.is_human) == (Label.FAIL, True)
    assert truths([labelled(), labelled(labeller="jean", label="pass")]) == ()


def test_two_people_on_one_reply_are_the_ceiling() -> None:
    seeded = labelled(labeller="gpt", provenance="model-seeded")
    (pair,) = double_labels([labelled(), labelled(labeller="jean", label="pass"), seeded])
    assert set(pair) == {Label.FAIL, Label.PASS}


def many(lang: str, provenance: str = "human") -> list[LabelledReply]:
    return [
        labelled(
            id=f"{lang}{number}",
            lang=lang,
            reply=f"Réponse {number}.",
            label="pass" if number % 2 else "fail",
            provenance=provenance,
        )
        for number in range(80)
    ]


def right(one: LabelledReply) -> Label | None:
    return one.label


def by_lang(measured: tuple[Measured, ...]) -> dict[str, Measured]:
    return {one.lang: one for one in measured}


def test_a_judge_gates_only_in_the_language_it_is_right_in() -> None:
    def only_french(one: LabelledReply) -> Label | None:
        return one.label if one.lang == "fr" else Label.PASS

    labels = [*many("fr"), *many("en")]
    measured = measure(Question.EMPATHY, labels, only_french, "m", "sha")
    found = by_lang(measured)
    assert {lang: one.status for lang, one in found.items()} == {
        "all": Status.ADVISORY,
        "fr": Status.GATING,
        "en": Status.ADVISORY,
    }
    known = Calibration(measured=measured)
    assert known.is_gating(Question.EMPATHY, "fr", "sha", "m")
    assert not known.is_gating(Question.EMPATHY, "en", "sha", "m")


def test_another_prompt_or_model_is_not_calibrated() -> None:
    known = Calibration(measured=measure(Question.EMPATHY, many("fr"), right, "m", "sha"))
    assert not known.is_gating(Question.EMPATHY, "fr", "other", "m")
    assert not known.is_gating(Question.EMPATHY, "fr", "sha", "other")
    assert not known.is_gating(Question.SARCASM, "fr", "sha", "m")


def test_a_models_labels_calibrate_no_model() -> None:
    found = by_lang(measure(Question.EMPATHY, many("fr", "model-seeded"), right, "m", "sha"))
    assert found["fr"].agreement.total == 0
    assert found["fr"].seeded == 80
    assert found["fr"].status is Status.ADVISORY


@pytest.mark.parametrize(("missing", "valid"), [(20, True), (27, False), (80, False)])
def test_a_judge_that_errs_on_a_third_makes_the_calibration_invalid(
    missing: int, valid: bool
) -> None:
    def failing(one: LabelledReply) -> Label | None:
        return None if int(one.id.removeprefix("fr")) < missing else one.label

    known = Calibration(measured=measure(Question.EMPATHY, many("fr"), failing, "m", "sha"))
    assert known.is_valid is valid
    assert known.is_gating(Question.EMPATHY, "fr", "sha", "m") is valid


def test_the_table_says_what_must_be_seen() -> None:
    _, row = to_lines(measure(Question.EMPATHY, many("fr"), right, "m", "sha"))
    assert row["agree"] == "100%"
    assert row["base rate"] == "50%"
    assert row["TP/FP/TN/FN"] == "40/0/40/0"
    assert row["people"] == "–"
    assert row["status"] == "gating"


def test_a_calibration_is_kept(tmp_path: Path) -> None:
    known = Calibration(measured=measure(Question.EMPATHY, many("fr"), right, "m", "sha"))
    save_calibration(tmp_path / "c.json", known)
    assert load_calibration(tmp_path / "c.json") == known
    (tmp_path / "c.json").write_text('{"schema_version": 99}', "utf-8")
    with pytest.raises(ConfigurationError, match="schema_version 99"):
        load_calibration(tmp_path / "c.json")
