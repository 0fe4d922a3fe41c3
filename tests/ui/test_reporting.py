"""Period reports and exports: complete, offline, pseudonymous, and harmless in a spreadsheet."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from typer.testing import CliRunner

from agent.cli import build
from agent.domain.errors import ConfigurationError
from agent.domain.measures import Fact, MeasureQuery
from evals.compare import Comparison, Part
from tests.browser.site import make_workspace
from tests.ui.conftest import AWA, BEN, Space
from tests.ui.deciding import approve_as
from tests.ui.sample import COMPLAINT, DELIVERY, MARKUP
from tests.ui.seeds import BRAND
from ui.desk.periods import Period
from ui.locales import Words
from ui.reporting.drawing import lines_svg
from ui.reporting.exports import COLUMNS, csv_bytes, parquet_bytes
from ui.reporting.html import report_html
from ui.reporting.tables import Names, tables_of
from ui.reporting.wording import decimal, span, tick
from ui.views.lead.eval_figures import _parts
from ui.views.measure_charts import CHARTS

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def fact(**given: object) -> Fact:
    values = dict.fromkeys(COLUMNS) | {
        **dict.fromkeys(("item_id", "brand_id", "channel", "lang", "category", "sentiment"), "x"),
        "received_at": NOW,
        "drafted_at": NOW,
    }
    return Fact.model_validate(values | given)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(sign: str) -> None:
    content = csv_bytes([fact(entry=f"{sign}cmd|' /C calc'!A0")]).decode("utf-8-sig")
    header, line = csv.reader(io.StringIO(content, newline=""))
    assert dict(zip(header, line, strict=True))["entry"].startswith(f"'{sign}")


def test_both_tables_hold_the_same_and_parquet_keeps_its_types() -> None:
    facts = [fact(edit_ratio=0.25, seconds_on_item=40, decided_at=NOW, reviewer="R1"), fact()]
    table = pd.read_parquet(io.BytesIO(parquet_bytes(facts)))
    assert tuple(table.columns) == COLUMNS
    assert table["edit_ratio"][0] == 0.25
    assert table["received_at"][0] == pd.Timestamp(NOW)
    lines = list(csv.DictReader(io.StringIO(csv_bytes(facts).decode("utf-8-sig"))))
    assert [line["reviewer"] for line in lines] == ["R1", ""]
    assert lines[0]["received_at"] == NOW.isoformat()
    assert parquet_bytes([])[:4] == b"PAR1"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_report_is_one_file_without_a_network_or_a_person(space: Space, lang: str) -> None:
    first, second, _ = space.seed(DELIVERY, MARKUP, COMPLAINT)
    approve_as(space, first, BEN)
    approve_as(space, second, AWA, public="<b>Bonjour</b>")
    today = space.measuring.today(BRAND)
    query = MeasureQuery(brands=(BRAND,), first=today - timedelta(days=6), last=today)
    report = space.measuring.report(query)
    words = Words(lang)
    page = report_html(report, words, Names(), "<Maison>", ZoneInfo("Europe/Paris"))
    assert page.count("<section") == len(tables_of(report, words, Names()))
    assert not re.findall(r"(?:src|href)=|url\(|@import|<script", page)
    assert "&lt;Maison&gt;" in page
    assert "@media print" in page
    assert not [name for name in ("Awa", "Ben", "Camille", "Claire", "mallory") if name in page]
    assert words("measure.colleague", n=1) in page
    assert f'<html lang="{lang}">' in page


def test_a_figure_without_any_point_is_no_empty_chart(space: Space) -> None:
    before = date(2020, 1, 1)
    query = MeasureQuery(brands=(BRAND,), first=before, last=before)
    report, words = space.measuring.report(query), Words("fr")
    table = tables_of(report, words, Names())["times"]
    assert table.rows
    assert CHARTS["times"](report, table, words) is None


def test_spans_and_numbers_in_both_languages() -> None:
    french, english = Words("fr"), Words("en")
    assert [span(n, english) for n in (None, 45, 720, 11100, 345600)] == [
        "–",
        "45\u00a0s",
        "12\u00a0min",
        "3\u00a0h\u00a005",
        "4\u00a0d",
    ]
    assert (decimal(1234.56, french), decimal(1234.56, english)) == ("1\u202f234,6", "1,234.6")
    assert [tick(n, french) for n in (0, 0.025, 0.5, 1, 2.5, 20000)] == [
        "0",
        "0,025",
        "0,5",
        "1",
        "2,5",
        "20\u202f000",
    ]
    assert [tick(n, english) for n in (0.05, 2.5)] == ["0.05", "2.5"]


@pytest.mark.parametrize(("lang", "sign"), [("fr", ","), ("en", ".")])
def test_every_decimal_of_a_chart_and_of_the_evals_has_the_languages_sign(
    lang: str, sign: str
) -> None:
    words = Words(lang)
    drawn = lines_svg(["a", "b"], [("x", [0.2, 4.1])], "t", partial(tick, words=words))
    assert f">2{sign}5<" in drawn
    part = Part(name="tone", common=40, broken=9, fixed=1, p_value=0.01, p_adjusted=0.0214)
    tiny = part.model_copy(update={"p_adjusted": 1e-7})
    found = Comparison(common=40, before=0.9, after=0.7, low=-0.3, high=0.0, parts=(part, tiny))
    shown = _parts(found, words)
    assert f">0{sign}021<" in shown
    assert f"&lt; 0{sign}001" in shown
    assert not re.search(
        rf"\d{'[.]' if lang == 'fr' else ','}\d", re.sub("<[^>]*>", "|", drawn + shown)
    )


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ({}, TODAY - timedelta(days=29), TODAY),
        ({"days": "7"}, TODAY - timedelta(days=6), TODAY),
        ({"days": "nonsense"}, TODAY - timedelta(days=29), TODAY),
        (
            {"days": "custom", "from": "2026-11-03", "to": "2026-11-01"},
            date(2026, 11, 1),
            date(2026, 11, 3),
        ),
        ({"days": "custom", "from": "x", "to": "2030-01-01"}, TODAY - timedelta(days=29), TODAY),
        ({"days": "custom", "from": "2030-01-01"}, TODAY, TODAY),
        ({"days": "custom", "from": "0001-01-01"}, TODAY - timedelta(days=1830), TODAY),
    ],
)
def test_any_url_gives_a_period(url: dict[str, str], first: date, last: date) -> None:
    period = Period.from_url(url)
    assert period.ends(TODAY) == (first, last)
    assert Period.from_url(period.to_url()) == period or url.get("days") != "custom"
    assert period.to_query((BRAND,), TODAY).days >= 1


def test_the_command_writes_each_kind_and_says_what_is_wrong(tmp_path: Path) -> None:
    workspace = str(make_workspace(tmp_path / "workspace"))
    app, run = build(), CliRunner()
    for name in ("a.html", "a.csv", "a.parquet"):
        done = run.invoke(app, ["report", "--workspace", workspace, "--out", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert (tmp_path / name).stat().st_size > 100
    for wrong, said in (
        (["--out", "a.pdf"], "end the name"),
        (["--out", "a.csv", "--brand", "none"], "no brand none"),
        (["--out", "a.csv", "--lang", "de"], "--lang de"),
        (["--out", "a.csv", "--from", "2026-02-02", "--to", "2026-01-01"], "ends before"),
    ):
        done = run.invoke(app, ["report", "--workspace", workspace, *wrong])
        assert isinstance(done.exception, ConfigurationError)
        assert said in str(done.exception)
