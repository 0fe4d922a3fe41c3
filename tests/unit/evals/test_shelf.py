"""The runs of a workspace: what is taken in, what is listed, and what is left alone."""

import json
from pathlib import Path

import pytest

from agent.domain.errors import ConfigurationError
from evals.jobs import RUNS
from evals.report.model import Report, to_json
from evals.shelf import CALIBRATION, REPORT, calibration_of, is_of, read_run, run_folders, take_in
from tests.unit.evals.kit import reply_case, report_with


@pytest.fixture
def report() -> Report:
    return report_with([reply_case("tone.fr.one", "Bonjour", "Merci, « déjà vu ».")])


def _changed(report: Report, **given: object) -> bytes:
    return json.dumps(json.loads(to_json(report)) | given).encode()


def test_a_report_made_elsewhere_is_kept_once_and_whole(tmp_path: Path, report: Report) -> None:
    data = to_json(report).encode()
    run = take_in(tmp_path, data)
    assert take_in(tmp_path, data) == run
    assert run_folders(tmp_path) == (tmp_path / RUNS / run.name,)
    assert read_run(tmp_path / RUNS / run.name) == run
    assert run.report == report
    assert run.name.startswith("uploaded-")
    assert run.label == "2026-11-27 12:00 · full · 1"
    other = take_in(tmp_path, data + b"\n")
    assert {other.name, run.name} == {folder.name for folder in run_folders(tmp_path)}
    assert [path.name for path in (tmp_path / RUNS / run.name).iterdir()] == [REPORT]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        '{"é": 1}'.encode("utf-16"),
        b'{"schema_version": 1, "manifest": "\xff"}',
        b'{"schema_version": 999}',
    ],
)
def test_what_is_no_report_of_ours_is_refused_and_leaves_nothing(
    tmp_path: Path, broken: bytes
) -> None:
    with pytest.raises(ConfigurationError):
        take_in(tmp_path, broken)
    assert run_folders(tmp_path) == ()
    assert list((tmp_path / RUNS).glob("*")) == []


def test_a_report_cut_short_or_with_foreign_fields_is_refused(
    tmp_path: Path, report: Report
) -> None:
    whole = to_json(report).encode()
    kept = take_in(tmp_path, whole)
    for data in (whole[: len(whole) // 2], _changed(report, cases="none"), _changed(report, x=1)):
        with pytest.raises(ConfigurationError):
            take_in(tmp_path, data)
    assert run_folders(tmp_path) == (tmp_path / RUNS / kept.name,)


def test_no_name_in_a_report_decides_where_it_is_kept(tmp_path: Path, report: Report) -> None:
    manifest = json.loads(to_json(report))["manifest"] | {"suite": "../../elsewhere"}
    run = take_in(tmp_path / "workspace", _changed(report, manifest=manifest))
    assert run.report.manifest.suite == "../../elsewhere"
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]
    assert [path.name for path in (tmp_path / "workspace" / RUNS).iterdir()] == [run.name]


def test_a_run_that_is_half_written_is_not_listed(tmp_path: Path, report: Report) -> None:
    assert run_folders(tmp_path) == ()
    (tmp_path / RUNS / "running").mkdir(parents=True)
    (tmp_path / RUNS / "running" / f"{REPORT}.part").write_text("{", "utf-8")
    (tmp_path / RUNS / "odd" / REPORT).mkdir(parents=True)
    (tmp_path / RUNS / "a-file").write_text("", "utf-8")
    assert run_folders(tmp_path) == ()
    (tmp_path / RUNS / "running" / REPORT).write_text(to_json(report)[:200], "utf-8")
    (folder,) = run_folders(tmp_path)
    with pytest.raises(ConfigurationError, match=r"report\.json"):
        read_run(folder)


def test_a_run_is_shown_to_those_who_read_all_its_brands(tmp_path: Path, report: Report) -> None:
    manifest = report.manifest.model_copy(update={"brands": {"a": "1" * 64, "b": "2" * 64}})
    run = take_in(tmp_path, to_json(report.model_copy(update={"manifest": manifest})).encode())
    assert is_of(run, ("a", "b", "c"))
    assert not is_of(run, ("a",))
    assert not is_of(run, ())


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"schema_version": 999}'])
def test_a_calibration_that_cannot_be_read_is_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / RUNS).mkdir()
        (tmp_path / RUNS / CALIBRATION).write_text(text, "utf-8")
    assert calibration_of(tmp_path) is None
