"""A pack loads whole, or every problem is named with its file and line."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path

import pytest

from agent.adapters.brand_pack import load_pack
from agent.domain.brand import StatementKind
from agent.domain.brand.escalation import Weekday
from agent.domain.decisions import Category
from agent.domain.errors import BrandPackError
from agent.domain.ids import TeamId
from knowledge.passages import Audience, Language

Files = dict[str, str]
WritePack = Callable[[Mapping[str, str | bytes]], Path]


def problems_of(pack: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(BrandPackError) as caught:
        load_pack(pack)
    for problem in caught.value.problems:
        assert problem.mend
        assert str(problem) in str(caught.value)
    return [(found.file, found.line, found.what) for found in caught.value.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_tiny_pack_loads_whole(files: Files, write_pack: WritePack) -> None:
    pack = load_pack(write_pack(files))
    french, english = pack.passages
    assert (french.key, english.key) == ("delivery-time@fr", "delivery-time@en")
    assert french.answer == "Sous 3 jours ouvrés en France métropolitaine."
    assert french.must_include == ("en France métropolitaine",)
    assert french.aliases == ("Délai de livraison",)
    assert french.is_commitment
    assert french.audience is Audience.PUBLIC
    assert french.topic == "delivery"
    assert french.source == f"faq/delivery.md:{line_of(files['faq/delivery.md'], '## Quand')}"
    assert english.question == "When will it arrive?"
    statement = pack.statement("hold", Language.FR, date(2026, 11, 20))
    assert statement is not None
    assert (statement.text, statement.kind) == ("Nous vérifions.", StatementKind.HOLDING)
    assert pack.exemplars[0].source == "exemplars.yaml:1"
    assert pack.guidelines[0].name == "voice"
    assert not pack.load_warnings
    assert pack.policy.escalation.rule_for(Category.PRAISE) is not None


def test_hours_are_times_and_not_base_sixty_numbers(files: Files, write_pack: WritePack) -> None:
    team = load_pack(write_pack(files)).policy.escalation.team(TeamId("lead"))
    assert team is not None
    assert team.hours[Weekday.MON].closes == time(18, 30)


def test_the_lines_of_brand_yaml_are_kept(files: Files, write_pack: WritePack) -> None:
    lines = load_pack(write_pack(files)).lines
    assert lines["brand.id"] == line_of(files["brand.yaml"], "id: petit-pot")
    assert lines["escalation.teams[1]"] == line_of(files["brand.yaml"], "{id: lead")


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "expected"),
    [
        ("brand.yaml", "name: Petit Pot", "nmae: Petit Pot", "nmae", "unknown key `brand.nmae`"),
        ("brand.yaml", "id: petit-pot", "id: 12", "id: 12", "`brand.id` is not text"),
        (
            "brand.yaml",
            "register: vous",
            "register: on",
            "fr: {reg",
            "`languages.fr.register` is not",
        ),
        (
            "brand.yaml",
            "draft: 90 d",
            "draft: 90",
            "retention",
            "`retention.draft`: not a duration",
        ),
        (
            "brand.yaml",
            "{category: press,",
            "{category: pres,",
            "pres,",
            "category` is not a value",
        ),
        ("brand.yaml", "category: press,", "category: praise,", "routes", "`press` has no route"),
        ("brand.yaml", "backup: lead", "backup: boss", "backup: boss", "there is no team `boss`"),
        ("brand.yaml", "closes: 18:30", "closes: 08:00", "{id: lead", "closes before it opens"),
        ("brand.yaml", "rules: []", "rules: [", "retention", "bad YAML"),
        ("brand.yaml", "schema_version: 1", "schema_version: 2", "schema", "`schema_version`"),
        (
            "brand.yaml",
            "  en: {}\n",
            "  en: {}\n  en: {}\n",
            "  en: {}\ntransp",
            "`en` is written twice",
        ),
        ("faq/delivery.md", "link: https", "link: http", "link:", "`link` has a form"),
        (
            "faq/delivery.md",
            "commitment: true",
            "comitment: true",
            "comit",
            "unknown key `comitment`",
        ),
        (
            "faq/delivery.md",
            "[en France métropolitaine]",
            "[en Corse]",
            "must_include",
            "not in the",
        ),
        ("faq/delivery.md", "Within 3 working days.", "", "## When", "has no answer"),
        ("faq/delivery.md", "lang: en", "lang: fr", "## When", "is there twice in fr"),
        ("faq/delivery.md", "[Délai de livraison]", "[Délai", "must_inc", "bad YAML"),
        ("faq/delivery.md", "lang: en\n---", "lang: en", "---\nid: del", "block is not closed"),
        ("faq/delivery.md", "lang: en", "valid_until: demain", "valid_until", "is not a date"),
        ("statements/holding.md", "approver: Ada", "", "## Attente", "`approver` is missing"),
        ("statements/holding.md", "kind: holding", "kind: wait", "kind: wait", "`kind` is not a"),
        ("statements/holding.md", "Nous vérifions.", "", "## Attente", "statement has no text"),
        ("exemplars.yaml", "why: court", "why: [court]", "- {id", "`why` is not text"),
    ],
)
def test_a_problem_names_its_file_and_line(
    files: Files, write_pack: WritePack, file: str, old: str, new: str, at: str, expected: str
) -> None:
    assert old in files[file]
    files[file] = files[file].replace(old, new)
    found = problems_of(write_pack(files))
    expected_line = line_of(files[file], at)
    matching = [line for name, line, what in found if name == file and expected in what]
    assert matching, found
    assert abs((matching[0] or 0) - expected_line) <= (1 if "YAML" in expected else 0), found


def test_a_statement_may_have_a_file_of_its_own(files: Files, write_pack: WritePack) -> None:
    files["statements/alone.md"] = (
        "---\nid: alone\nlang: en\nkind: help\napprover: Ada\n---\n# Help\n\nWe are\nhere.\n"
    )
    pack = load_pack(write_pack(files))
    found = next(statement for statement in pack.statements if statement.id == "alone")
    assert (found.text, found.source) == ("We are here.", "statements/alone.md:1")


def test_all_problems_come_together(files: Files, write_pack: WritePack) -> None:
    files["brand.yaml"] = files["brand.yaml"].replace("name: Petit Pot", "nmae: Petit Pot")
    files["faq/delivery.md"] = files["faq/delivery.md"].replace("lang: fr", "lang: de")
    files["exemplars.yaml"] = "id: e1"
    found = {name for name, _, _ in problems_of(write_pack(files))}
    assert found == {"brand.yaml", "faq/delivery.md", "exemplars.yaml"}


def test_an_unknown_key_is_given_the_nearest_known_one(files: Files, write_pack: WritePack) -> None:
    files["brand.yaml"] = files["brand.yaml"].replace("register: vous", "registre: vous")
    with pytest.raises(BrandPackError, match="did you mean `register`"):
        load_pack(write_pack(files))


def test_two_bytes_of_another_encoding_name_the_line(files: Files, write_pack: WritePack) -> None:
    latin = "## Été ?\n".encode("latin-1")
    pack = write_pack({**files, "faq/summer.md": b"---\nlang: fr\n---\n" + latin})
    assert ("faq/summer.md", 4, "not UTF-8") in problems_of(pack)


def test_an_empty_faq_loads_with_a_warning(files: Files, write_pack: WritePack) -> None:
    del files["faq/delivery.md"]
    pack = load_pack(write_pack(files))
    assert pack.passages == ()
    assert "no entry" in pack.load_warnings[0].what


def test_an_expired_statement_loads(files: Files, write_pack: WritePack) -> None:
    files["statements/holding.md"] = files["statements/holding.md"].replace("2027", "2020")
    assert load_pack(write_pack(files)).statements[0].is_in_force(date(2026, 11, 20)) is False


def test_a_link_that_leaves_the_pack_is_refused(files: Files, write_pack: WritePack) -> None:
    pack = write_pack(files)
    secret = pack.parent / "secret.md"
    secret.write_text("## a\nb", encoding="utf-8")
    (pack / "faq" / "linked.md").symlink_to(secret)
    assert problems_of(pack) == [("faq/linked.md", None, "a link that leaves the pack")]


def test_a_linked_folder_is_refused(files: Files, write_pack: WritePack) -> None:
    pack = write_pack(files)
    outside = pack.parent / "outside"
    shutil.move(pack / "statements", outside)
    (pack / "statements").symlink_to(outside)
    assert ("statements", None, "a link that leaves the pack") in problems_of(pack)


def test_a_file_that_is_not_read_is_said(files: Files, write_pack: WritePack) -> None:
    pack = load_pack(write_pack({**files, "faq/old.docx": b"x", "faq/.DS_Store": b"x"}))
    assert [warning.file for warning in pack.load_warnings] == ["faq/old.docx"]


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_no_folder_no_pack(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    found = problems_of(tmp_path / name)
    assert found[0][2] == "not a folder"


def test_a_folder_without_policy(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == [("brand.yaml", None, "there is no brand.yaml here")]


def test_windows_files_read_the_same(files: Files, write_pack: WritePack) -> None:
    windows = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in files.items()
    }
    pack = load_pack(write_pack(windows))
    assert pack.passages[0].answer == "Sous 3 jours ouvrés en France métropolitaine."


def test_the_version_follows_the_pack_and_nothing_else(files: Files, write_pack: WritePack) -> None:
    first = load_pack(write_pack(files)).version
    write_pack(
        {"inbox/inbox.jsonl": "{}", "evals/own.yaml": "x", "README.md": "x", "faq/n.txt": ""}
    )
    same = load_pack(write_pack(files)).version
    files["guidelines/voice.md"] += "Précise.\n"
    changed = load_pack(write_pack(files)).version
    assert first == same
    assert changed != first
    assert len(first) == 64


def test_renaming_a_file_changes_the_version(files: Files, write_pack: WritePack) -> None:
    pack = write_pack(files)
    first = load_pack(pack).version
    (pack / "faq" / "delivery.md").rename(pack / "faq" / "shipping.md")
    assert load_pack(pack).version != first
