"""CSV, XLSX and JSONL: rows in, entries out, bad rows named."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.passages import Audience, Language
from knowledge.sources import SourceReport, read_source


def read(tmp_path: Path, name: str, data: bytes | str) -> SourceReport:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_source(path)


def test_a_csv_with_french_columns(tmp_path: Path) -> None:
    text = (
        "Réf;Question;Réponse;Variantes;Thématique;Date de fin;Visibilité;Engagement;Note\n"
        "p1;Où est mon colis ?;Le suivi est dans l'e-mail.;Suivi colis|Colis perdu;Livraison;"
        "31/12/2026;interne;oui;x\n"
    )
    report = read(tmp_path, "faq.csv", text)
    entry = report.entries[0]
    assert (entry.id, entry.lang, entry.topic) == ("p1", Language.FR, "livraison")
    assert entry.aliases == ("Suivi colis", "Colis perdu")
    assert entry.valid_until == date(2026, 12, 31)
    assert entry.audience is Audience.PRIVATE
    assert entry.is_commitment
    assert "Note" in report.skipped[0].what
    assert not report.problems


def test_columns_in_two_languages_give_two_entries_with_one_id(tmp_path: Path) -> None:
    text = "id,question_fr,answer_fr,question_en,answer_en\nd1,Combien ?,4 €.,How much?,€4.\n"
    report = read(tmp_path, "faq.csv", text)
    assert [(e.id, e.lang.value, e.answer) for e in report.entries] == [
        ("d1", "fr", "4 €."),
        ("d1", "en", "€4."),
    ]


@pytest.mark.parametrize(
    ("encoding", "notes"), [("utf-8", 0), ("utf-8-sig", 0), ("cp1252", 1), ("utf-16", 0)]
)
def test_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str, notes: int) -> None:
    text = "question\tréponse\tlangue\nOù êtes-vous ?\tÀ Crest, près du marché.\tfr\n"
    report = read(tmp_path, "faq.csv", text.encode(encoding))
    assert report.entries[0].answer == "À Crest, près du marché."
    assert len(report.skipped) == notes


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = (
        "id,question,answer,lang\n"
        "a,One?,Yes.,en\n"
        "b,Two?,,en\n"
        "c,,An answer.,en\n"
        "d,Three?,Yes,en,too,many\n"
        "\n"
        "e,Four?,Ja.,de\n"
        "a,Again?,No.,en\n"
        "f,Five?,Yes.,en\n"
    )
    report = read(tmp_path, "faq.csv", text)
    assert [entry.id for entry in report.entries] == ["a", "f"]
    assert [(p.line, p.what) for p in report.empties] == [
        (3, "a question without answer"),
        (4, "an answer without question"),
    ]
    assert [p.line for p in report.errors] == [5, 7, 8]
    assert report.summary().endswith("2 entries, 2 empty, 3 errors")


def test_a_csv_without_question_column(tmp_path: Path) -> None:
    report = read(tmp_path, "faq.csv", "name,price\nx,1\n")
    assert not report.entries
    assert "no column" in report.errors[0].what
    assert report.errors[0].line == 1


def test_jsonl_lines(tmp_path: Path) -> None:
    lines = [
        b'{"id": 7, "question": "How much?", "answer": "4 euros.", "lang": "en-GB"}',
        b'{"question": "broken"',
        b'{"question": "\xff"}',
        b"[1]",
        b'{"title": "Open on Sunday?", "response": "No, we are closed.", "aliases": ["Sunday"]}',
        b'{"answer": "alone"}',
    ]
    report = read(tmp_path, "faq.jsonl", b"\n".join(lines))
    assert [(e.id, e.lang.value) for e in report.entries] == [("7", "en"), ("open-on-sunday", "en")]
    assert [p.line for p in report.errors] == [2, 3, 4, 6]
    assert report.entries[1].aliases == ("Sunday",)


def test_a_json_list_reads_like_lines(tmp_path: Path) -> None:
    report = read(tmp_path, "faq.json", '[{"question": "Où ?", "answer": "Ici, à Crest."}]')
    assert report.entries[0].lang is Language.FR


def test_doubles_are_skipped_and_same_titles_kept_apart(tmp_path: Path) -> None:
    rows = "question,answer\nHow long?,Two days.\nHow long?,Two days.\nHow long?,Three days.\n"
    report = read(tmp_path, "faq.csv", rows)
    assert [entry.id for entry in report.entries] == ["how-long", "how-long-2"]
    assert report.skipped[0].line == 3


def test_xlsx_sheets(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([None, None])
    sheet.append(["Question", "Réponse", "Fin"])
    sheet.append(["Quel prix ?", "Le prix est affiché sur la page.", date(2026, 12, 31)])
    sheet.append(["Sans réponse ?", None, None])
    book.create_sheet("Prix").append(["Nom", "Montant"])
    path = tmp_path / "faq.xlsx"
    book.save(path)
    report = read_source(path)
    assert report.entries[0].valid_until == date(2026, 12, 31)
    assert "row 4: a question without answer" in report.empties[0].what
    assert "Prix" in report.skipped[0].what


def test_a_broken_xlsx_is_said(tmp_path: Path) -> None:
    report = read(tmp_path, "faq.xlsx", b"PK not a zip")
    assert "not a readable .xlsx" in report.errors[0].what


def test_html_in_an_answer_becomes_text(tmp_path: Path) -> None:
    row = "question,answer,lang\nHow?,<p>Write to <b>us</b> &amp; wait.</p>,en\n"
    assert read(tmp_path, "faq.csv", row).entries[0].answer == "Write to us & wait."


def test_links_that_lead_inside_the_page_keep_their_words(tmp_path: Path) -> None:
    row = "question,answer\nHow do I pay?,See [prices](#prices) and [us](https://us.example/a).\n"
    report = read(tmp_path, "faq.csv", row)
    assert report.entries[0].answer == "See prices and [us](https://us.example/a)."
    assert "(1)" in report.skipped[0].what


@pytest.mark.parametrize("name", ["notes.txt", "missing.csv"])
def test_what_cannot_be_read_is_an_error_and_not_an_exception(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    report = read_source(tmp_path / name)
    assert len(report.errors) == 1
    assert report.errors[0].mend


@pytest.mark.parametrize("row", ['"Où êtes-vous ?","À Lyon\nQuand ?,Demain\n', 'Où ?,"À Lyon'])
def test_a_quote_that_nothing_closes_is_named(tmp_path: Path, row: str) -> None:
    report = read(tmp_path, "faq.csv", f"question,answer\nQui ?,Nous\n{row}")
    assert [entry.question for entry in report.entries] == ["Qui ?"]
    (problem,) = report.problems
    assert problem.line == 3
    assert "never closed" in problem.what
