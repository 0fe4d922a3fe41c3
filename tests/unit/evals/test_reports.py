"""Every form of a report: whole, readable by machines, and deaf to what a text tries to be."""

import json
import re
from io import BytesIO, StringIO
from pathlib import Path
from xml.parsers import expat

import pytest
from rich.console import Console

from agent.domain.errors import ConfigurationError
from evals.baseline import load_baseline, save_baseline
from evals.cases import Case
from evals.report.case_html import difference
from evals.report.html import to_html
from evals.report.junit import to_junit
from evals.report.markdown import to_markdown
from evals.report.model import from_json, to_json
from evals.report.terminal import show
from evals.results import CaseRecord, CaseScores, Score, ScoreVerdict
from evals.statistics import pass_hat
from evals.summary import reliability
from tests.unit.evals.kit import MADE, record, reply_case, report_with

NASTY = '<script>alert("x")</script> [red]x[/red] **b** \x00 & "quoted"'


@pytest.fixture
def cases() -> list[Case]:
    return [
        reply_case("tone.fr.one", "Bonjour", "Merci."),
        reply_case("tone.en.two", NASTY.replace("\x00", ""), f"{NASTY.replace(chr(0), '')}"),
    ]


def test_the_page_shows_texts_and_never_runs_them(cases: list[Case]) -> None:
    page = to_html(report_with(cases))
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page
    assert page.count("<script>") == 1
    assert "Boom&lt;b&gt;" in page


def test_the_page_asks_no_network_and_names_its_only_script(cases: list[Case]) -> None:
    page = to_html(report_with(cases))
    assert "default-src 'none'" in page
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'", page)
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "http://" not in page
    assert "https://" not in page


def test_the_page_speaks_both_languages(cases: list[Case]) -> None:
    page = to_html(report_with(cases))
    assert page.count('<span class="fr"') == page.count('<span class="en"') > 20
    assert "Non valable" in page


def test_a_change_of_a_text_is_shown_word_by_word() -> None:
    shown = difference("Elle coûte 4,90 € <ici>.", "Elle coûte 5,90 € <ici>.")
    assert shown == "Elle coûte <del>4,90</del><ins>5,90</ins> € &lt;ici&gt;."


def test_junit_is_xml_with_one_test_a_case_and_scorer(cases: list[Case]) -> None:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: found.append((name, given))
    parser.ParseFile(BytesIO(to_junit(report_with(cases)).encode()))
    (suite,) = [given for name, given in found if name == "testsuite"]
    assert (suite["tests"], suite["errors"], suite["failures"]) == ("2", "2", "0")
    names = [given["name"] for name, given in found if name == "testcase"]
    assert names == ["tone.fr.one [completed]", "tone.en.two [completed]"]


def test_a_case_known_to_be_wrong_fails_no_build() -> None:
    known = reply_case("tone.fr.one", "Bonjour", "Merci.", known_wrong="pas encore lu")
    said = to_junit(report_with([known]))
    assert 'errors="0"' in said
    assert "known wrong (pas encore lu): Boom" in said
    assert "pas encore lu" in to_html(report_with([known]))


def test_markdown_escapes_what_others_wrote(cases: list[Case]) -> None:
    said = to_markdown(report_with(cases))
    assert "<script>" not in said
    assert r"\<script\>" in said
    assert r"\*\*b\*\*" in said


def test_the_terminal_reads_no_markup_in_a_text(cases: list[Case]) -> None:
    console = Console(record=True, width=200, file=StringIO())
    show(report_with(cases), console)
    said = console.export_text()
    assert "not valid" in said
    assert "Boom<b>" in said


def test_json_comes_back_as_it_was(cases: list[Case], tmp_path: Path) -> None:
    report = report_with(cases)
    path = tmp_path / "report.json"
    path.write_text(to_json(report), "utf-8")
    assert from_json(path) == report


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_report_of_another_version_is_refused(
    cases: list[Case], tmp_path: Path, version: object
) -> None:
    path = tmp_path / "report.json"
    data = json.loads(to_json(report_with(cases))) | {"schema_version": version}
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ConfigurationError, match="schema_version") as refused:
        from_json(path)
    assert refused.value.exit_code == 2


def test_a_baseline_comes_back_one_case_a_line(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    records = [record("b.x"), record("a.x", ScoreVerdict.FAIL, public="« Bonjour »")]
    save_baseline(path, MADE, records)
    found = load_baseline(path)
    assert [one.id for one in found.cases] == ["a.x", "b.x"]
    assert found.cases[0] == records[1]
    assert found.manifest == MADE
    assert sum('"id"' in line for line in path.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema_version": 2}', "schema_version 2, this Portevoix reads 1"),
        ("[]", "has no schema_version"),
        ("not json", "has no schema_version"),
        ('{"schema_version": 1}', "manifest: Field required"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=said) as refused:
        load_baseline(path)
    assert refused.value.exit_code == 2
    assert "portevoix eval run --save-baseline" in str(refused.value)


def test_repeats_give_pass_hat() -> None:
    records = [
        CaseRecord.model_validate(record("a").model_dump() | {"passed": 5, "repeats": 5}),
        CaseRecord.model_validate(record("b").model_dump() | {"passed": 4, "repeats": 5}),
    ]
    assert reliability(records) == {
        k: pytest.approx((1 + pass_hat(4, 5, k)) / 2) for k in (1, 2, 3)
    }
    assert reliability([record("a")]) == {}


def test_an_advisory_judge_fails_no_case() -> None:
    scores = (
        Score(scorer="route", verdict=ScoreVerdict.PASS),
        Score(scorer="judge.tone", verdict=ScoreVerdict.FAIL, is_advisory=True),
    )
    assert CaseScores(case="a", scores=scores).verdict is ScoreVerdict.PASS
