"""Markdown, HTML, DOCX and PDF documents: questions and headings become entries."""

from pathlib import Path

from knowledge.passages import Language
from knowledge.sources import SourceReport, read_source, read_sources

PAGE = """<!doctype html><html lang="fr"><head><title>Aide</title>
<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question",
"name": "Livrez-vous en Suisse ?", "acceptedAnswer": {"@type": "Answer",
"text": "<p>Oui, en <b>5 jours</b>.</p>"}}]}</script></head>
<body><nav>Accueil Boutique</nav><main>
<h1>Nos réponses</h1>
<h2>Comment payer ?</h2><p>Par carte, ou avec
<a href="https://shop.example/pay">notre page</a>.</p><ul><li>Visa</li><li>CB</li></ul>
<details><summary>Puis-je annuler ?</summary><p>Oui, avant l'envoi.</p></details>
<dl><dt>Qui êtes-vous ?</dt><dd>Une petite équipe.</dd></dl>
<h2>Livrez-vous en Suisse ?</h2><p>Oui, en 5 jours.</p>
<h2>Et ensuite ?</h2>
</main><footer>Mentions</footer></body></html>
"""


def by_question(report: SourceReport) -> dict[str, str]:
    return {entry.question: entry.answer for entry in report.entries}


def test_an_html_page(tmp_path: Path) -> None:
    path = tmp_path / "aide.html"
    path.write_text(PAGE, encoding="utf-8")
    report = read_source(path)
    assert by_question(report) == {
        "Livrez-vous en Suisse ?": "Oui, en 5 jours.",
        "Puis-je annuler ?": "Oui, avant l'envoi.",
        "Qui êtes-vous ?": "Une petite équipe.",
        "Comment payer ?": "Par carte, ou avec [notre page](https://shop.example/pay).\n\n"
        "- Visa\n- CB",
    }
    assert {entry.lang for entry in report.entries} == {Language.FR}
    assert [p.what for p in report.empties] == ["a question without answer"]
    assert len(report.skipped) == 4


def test_markdown_of_another_tool(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text(
        "---\ntitle: Help\nlayout: page\n---\nWelcome.\n\n# Help\n\n## Delivery\n\n"
        "### How long does it take?\n\nTwo *days*.\n\nPayment\n-------\n\nBy card.\n\n"
        "**Can I cancel?**\n\nYes, before it leaves.\n\nQ: Is it safe?\nA: Yes, it is.\n\n"
        "## What else?\n",
        encoding="utf-8",
    )
    report = read_source(path)
    assert by_question(report) == {
        "How long does it take?": "Two *days*.",
        "Payment": "By card.",
        "Can I cancel?": "Yes, before it leaves.",
        "Is it safe?": "Yes, it is.",
    }
    assert [entry.topic for entry in report.entries][:2] == ["delivery", "help"]
    assert [p.line for p in report.empties] == [27]


def test_a_document_without_question_says_so(tmp_path: Path) -> None:
    (tmp_path / "prose.md").write_text("Only prose here.\n", encoding="utf-8")
    report = read_source(tmp_path / "prose.md")
    assert not report.entries
    assert "no question" in report.problems[0].what


def test_a_word_document(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading("Retours", level=1)
    document.add_heading("Combien de temps ai-je ?", level=2)
    document.add_paragraph("Vous avez 30 jours,")
    document.add_paragraph("en boutique", style="List Bullet")
    document.add_paragraph("ou en ligne", style="List Bullet")
    document.add_paragraph().add_run("Est-ce gratuit ?").bold = True
    document.add_paragraph("Oui, en boutique.")
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Question", "Réponse"
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "Et sinon ?", "Écrivez-nous."
    path = tmp_path / "retours.docx"
    document.save(str(path))
    report = read_source(path)
    assert by_question(report) == {
        "Et sinon ?": "Écrivez-nous.",
        "Combien de temps ai-je ?": "Vous avez 30 jours,\n\n- en boutique\n- ou en ligne",
        "Est-ce gratuit ?": "Oui, en boutique.",
    }
    assert not report.problems


def pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF with one text line under the other, made by hand: no tool needed."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
        stream = f"BT /F1 12 Tf 72 760 Td {shown}ET"
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
            " /Encoding /WinAnsiEncoding >> >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    starts = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size, start_of_table = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start_of_table}\n%%EOF"
    return out.encode("cp1252")


def test_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "faq.pdf"
    top = "Help of the shop"
    path.write_bytes(
        pdf(
            [
                [top, "1. How long does delivery", "take in France?", "Two days,", "at home."],
                [top, "Can I cancel my order?", "Yes, before it leaves.", "2/4"],
                [top, "RETURNS", "Thirty days to send it back.", "3/4"],
                [],
            ]
        )
    )
    report = read_source(path)
    assert by_question(report) == {
        "How long does delivery take in France?": "Two days, at home.",
        "Can I cancel my order?": "Yes, before it leaves.",
        "RETURNS": "Thirty days to send it back.",
    }
    assert "page 4 has no text" in report.empties[0].what
    assert "repeated" in report.skipped[0].what


def test_broken_files_are_said(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.docx", "c.md"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00 broken")
    reports = list(read_sources(tmp_path))
    assert [bool(report.errors) for report in reports] == [True, True, True]
    assert not any(report.entries for report in reports)
