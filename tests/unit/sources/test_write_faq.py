"""Entries written in our Markdown form read back the same; nothing already there is touched."""

from datetime import date
from pathlib import Path

from knowledge.passages import Audience, Language, Passage
from knowledge.sources import write_faq
from knowledge.sources.entries import read_entries

RICH = Passage(
    id="delivery-cost",
    lang=Language.FR,
    question="Combien ça coûte : C# ?",
    answer="Offerte dès 50 € :\n\n- en relais\n- à domicile\n\n**Attention**\n\nHors Corse.",
    aliases=("C'est combien : vraiment ?", "- prix", "yes"),
    audience=Audience.PRIVATE,
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    must_include=("Hors Corse.",),
    next_step="Ouvrez « Mes commandes » : c'est là.",
    link="https://shop.example/a",
    is_commitment=True,
    topic="delivery",
)


def read_back(folder: Path) -> list[Passage]:
    found = []
    for path in sorted(folder.glob("*.md")):
        entries, problems = read_entries(path.read_text(encoding="utf-8"), path.name)
        assert not problems
        found += [entry.model_copy(update={"source": ""}) for entry in entries]
    return found


def test_a_rich_entry_reads_back_the_same(tmp_path: Path) -> None:
    report = write_faq([RICH], tmp_path)
    assert report.files == (tmp_path / "delivery.fr.md",)
    assert read_back(tmp_path) == [RICH]


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    english = RICH.model_copy(update={"lang": Language.EN})
    write_faq([RICH], tmp_path)
    before = (tmp_path / "delivery.fr.md").read_bytes()
    report = write_faq([RICH.model_copy(update={"answer": "Autre."}), english], tmp_path)
    assert [entry.key for entry in report.kept] == ["delivery-cost@fr"]
    assert [entry.key for entry in report.written] == ["delivery-cost@en"]
    assert (tmp_path / "delivery.fr.md").read_bytes() == before


def test_new_entries_are_added_after_what_a_person_wrote(tmp_path: Path) -> None:
    mine = "---\nlang: en\n---\n# Mine\n\n## Mine?\nYes.\n"
    (tmp_path / "delivery.fr.md").write_text(mine, encoding="utf-8")
    write_faq([RICH], tmp_path)
    text = (tmp_path / "delivery.fr.md").read_text(encoding="utf-8")
    assert text.startswith(mine)
    assert [entry.id for entry in read_back(tmp_path)] == ["mine", "delivery-cost"]


def test_headings_and_comments_in_an_answer_cannot_cut_it(tmp_path: Path) -> None:
    sly = RICH.model_copy(
        update={"answer": "## Titre\n\nSuite.<!-- caché -->", "must_include": ("Suite.",)}
    )
    write_faq([sly], tmp_path)
    assert read_back(tmp_path)[0].answer == "**Titre**\n\nSuite."
