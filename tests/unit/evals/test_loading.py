"""Files of cases: defaults, unknown keys, ids there twice, and the schema editors use."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from evals.cases import CASES, SCHEMA_FILE, Expect, cases_schema
from evals.loading import CaseFileError, load_cases, shipped_cases
from knowledge.sources.yaml_lines import load_yaml

ONE: dict[str, Any] = {
    "id": "tone.fr.one",
    "criterion": "tone",
    "owner": "equipe",
    "provenance": "synthetic",
    "cluster": "colis",
    "message": {"text": "Où est mon colis ?"},
    "expected": {"route": "reply"},
}


def written(folder: Path, content: Any, name: str = "cases.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(CaseFileError) as caught:
        load_cases([path])
    return str(caught.value)


def test_a_case_keeps_where_it_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, [ONE, {**ONE, "id": "tone.fr.two"}])
    cases = load_cases([path])
    assert [case.id for case in cases] == ["tone.fr.one", "tone.fr.two"]
    assert cases[1].source == f"{path.as_posix()}:10"


def test_defaults_lie_under_each_case_block_by_block(tmp_path: Path) -> None:
    defaults = {"owner": "marque", "message": {"channel": "x", "text": "?"}}
    path = written(
        tmp_path,
        {"defaults": defaults, "cases": [{k: v for k, v in ONE.items() if k != "owner"}]},
    )
    (case,) = load_cases([path])
    assert (case.owner, case.message.channel) == ("marque", "x")
    assert case.message.text == "Où est mon colis ?"


def test_a_variant_may_expect_one_thing_or_several(tmp_path: Path) -> None:
    variants = [
        {"apply": "typos", "expect": "same_route"},
        {"apply": "network:x", "expect": ["same_route", "fits_network"]},
    ]
    (case,) = load_cases([written(tmp_path, [{**ONE, "variants": variants}])])
    assert case.variants[0].expect == (Expect.SAME_ROUTE,)
    assert case.variants[1].expect == (Expect.SAME_ROUTE, Expect.FITS_NETWORK)


def test_an_unknown_key_is_told_with_file_line_and_a_guess(tmp_path: Path) -> None:
    path = written(tmp_path, [ONE, {**ONE, "id": "tone.fr.two", "clustre": "x"}])
    said = refused(path)
    assert f"{path.as_posix()}:17: unknown key `clustre` (did you mean `cluster`?)" in said


def test_an_unknown_key_of_the_defaults_is_told_on_its_own_line(tmp_path: Path) -> None:
    path = written(tmp_path, {"defaults": {"tgas": ["x"]}, "cases": [ONE]})
    assert f"{path.as_posix()}:2: unknown key `tgas`" in refused(path)


def test_an_id_there_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    first = written(tmp_path, [ONE], "a.yaml")
    second = written(tmp_path, [ONE], "b.yaml")
    said = refused(tmp_path)
    assert f"{second.as_posix()}:1: the case id `tone.fr.one` is there twice" in said
    assert f"the first is in {first.as_posix()}:1" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expected": {}}, "nothing is expected"),
        ({"reply": "Bonjour"}, "a reply case expects no `route`"),
        ({"passages": [{"id": "a", "text": "b"}]}, "without `reply` there is no `passages`"),
        ({"provenance": "copied"}, "`provenance` is not a value we know"),
        ({"source": "x:1"}, "unknown key `source`"),
        ({"variants": [{"apply": "upside_down", "expect": "same_route"}]}, "`variants[0].apply`"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    assert said in refused(written(tmp_path, [{**ONE, **change}]))


@pytest.mark.parametrize("content", [None, {"cases": None}, {"cas": []}, ["text"], "text"])
def test_a_file_without_cases_is_refused(tmp_path: Path, content: Any) -> None:
    assert "cases.yaml:" in refused(written(tmp_path, content))


def test_a_place_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "there is no such file or folder" in refused(tmp_path / "nowhere.yaml")


def test_the_schema_for_editors_is_true() -> None:
    assert json.loads(SCHEMA_FILE.read_text("utf-8")) == cases_schema()
    jsonschema.Draft202012Validator.check_schema(cases_schema())


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_file_fits_the_schema(path: Path) -> None:
    jsonschema.validate(load_yaml(path.read_text("utf-8")).data, cases_schema())


def test_every_shipped_case_stands_in_the_folder_of_its_criterion() -> None:
    for case in shipped_cases():
        assert case.source.split("/")[2] == case.criterion.value, case.source
