"""Every finding of the guide's check is worded in French and English, and neither drifts."""

import importlib
import pkgutil
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from docx import Document
from typer.testing import CliRunner

import agent
import knowledge
from agent.adapters.brand_pack.files import files_of
from agent.adapters.brand_pack.load import pack_of
from agent.bootstrap import limits_for, load_brand
from agent.cli import build
from agent.domain.errors import BrandPackError
from agent.services.lint import Finding, FindingSeverity, lint_pack
from agent.services.lint.words import finding_words
from knowledge.problems import Wording
from knowledge.sources.read import read_source
from ui.desk.leading import notice_of
from ui.locales import Words, catalogue
from ui.views.lead.frame import findings_html

ROOT = Path(__file__).parents[2]
BRAND = ROOT / "knowledge" / "brands" / "template"
DAY = date(2026, 11, 28)
SAID = "lint.say."


def _wordings() -> list[Wording]:
    """Return every member of every closed list of findings, wherever it is written."""
    for package in (knowledge, agent):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".wording"):
                importlib.import_module(module.name)
    return [member for listed in Wording.__subclasses__() for member in listed]


def test_no_code_is_in_two_lists() -> None:
    codes = [one.code for one in _wordings()]
    assert len(codes) > 100
    assert sorted(codes) == sorted(set(codes))


def test_the_catalogue_has_the_findings_there_are_and_no_others() -> None:
    wanted = {f"{SAID}{one.code}.{part}" for one in _wordings() for part in ("what", "mend")}
    for lang in ("fr", "en"):
        assert {key for key in catalogue(lang) if key.startswith(SAID)} == wanted


def test_the_desk_in_english_says_what_the_command_line_says() -> None:
    english = catalogue("en")
    for one in _wordings():
        # The desk sets a number as its language does; the command line has no other way.
        what, mend = (text.replace(":,}", "}") for text in one.texts)
        key = f"{SAID}{one.code}"
        assert (english[f"{key}.what"], english[f"{key}.mend"]) == (what, mend), key


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_desk_can_fill_every_wording(lang: str) -> None:
    for one in _wordings():
        blanks = {
            name: 5 if spec else name.upper()
            for text in one.texts
            for _, name, spec, _ in Formatter().parse(text)
            if name
        }
        found = Finding.of(FindingSeverity.ERROR, "f.md", 1, one.filled(**blanks))
        said = " ".join(finding_words(found, Words(lang)))
        assert not [value for value in blanks.values() if str(value) not in said], one.name
        assert not re.search(r"{\w+}", said), one.name


def test_every_finding_in_the_lists_is_raised_somewhere() -> None:
    packages = [ROOT / name for name in ("agent", "knowledge")]
    code = "\n".join(
        path.read_text("utf-8") for package in packages for path in package.rglob("*.py")
    )
    assert not [one.name for one in _wordings() if not re.search(rf"ing\.{one.name}\b", code)]


def test_lint_has_no_finding_but_those_of_its_list() -> None:
    """A finding built by hand has no code, and no words but English."""
    folder = ROOT / "agent" / "services"
    built = [
        p.name
        for p in folder.rglob("*.py")
        if re.search(r"(?<!class )\bFinding\(\w", p.read_text())
    ]
    assert built == []


_RULE = "{id: ours, kind: existence, level: major, message: m, tokens: [a], good: [b], bad: [a]}"
_TWO_RULES = f"\nrules: [{_RULE}, {_RULE}]"


def _problems(texts: Mapping[str, str]) -> Iterator[Finding]:
    try:
        yield from lint_pack(pack_of(files_of(texts), "the pack"), DAY, limits_for).findings
    except BrandPackError as error:
        for problem in error.problems:
            yield Finding.from_problem(FindingSeverity.ERROR, problem)


@pytest.fixture(scope="module")
def template() -> dict[str, str]:
    """The pack that `portevoix init` writes."""
    files = (path for path in sorted(BRAND.rglob("*")) if path.suffix in {".md", ".yaml"})
    return {path.relative_to(BRAND).as_posix(): path.read_text("utf-8") for path in files}


@pytest.mark.parametrize(
    ("old", "new", "french"),
    [
        ("schema_version: 1\n", "", "`schema_version` manque."),
        ("schema_version: 1", "schema_version: un", "`schema_version` n'est pas un nombre entier."),
        ("schema_version: 1", "schema_version: 2", "`schema_version` doit valoir au plus 1."),
        ("default_language: fr", "default_langage: fr", "Clé inconnue : `default_langage`."),
        ("categories: [complaint", "categories: [plainte", "Il n'y a pas de catégorie `plainte`."),
        ("default_language: fr", "default_language: xx", "pas de celles que nous connaissons"),
        ("within: 9\u00a0h}", "within: 9 heures}", "acknowledge_within` n'est pas une durée"),
        ("\nrules: []", _TWO_RULES, "`ce fichier` : la règle `ours` figure deux fois."),
        ("default_language: fr", "\tdefault_language: fr", "YAML illisible ("),
        ("default_language: fr", "default_language: fr\ndefault_language: fr", "écrite deux fois"),
    ],
)
def test_what_keeps_a_guide_from_loading_is_said_in_french(
    template: dict[str, str], old: str, new: str, french: str
) -> None:
    assert old in template["brand.yaml"]
    texts = {**template, "brand.yaml": template["brand.yaml"].replace(old, new, 1)}
    said = [finding_words(one, Words("fr"))[0] for one in _problems(texts)]
    assert any(french in one.replace("\u00a0", " ") for one in said), said


@pytest.fixture
def broken(template: dict[str, str], tmp_path: Path) -> Path:
    """A pack that does not load."""
    shutil.copytree(BRAND, tmp_path / "pack")
    policy = template["brand.yaml"].replace("default_language: fr", "default_langage: fr")
    (tmp_path / "pack" / "brand.yaml").write_text(policy, "utf-8")
    return tmp_path / "pack"


def test_the_command_line_speaks_french_when_asked(broken: Path) -> None:
    whole = CliRunner().invoke(build(), ["lint", str(BRAND), "--lang", "fr"])
    assert whole.stdout.splitlines()[-1].startswith("Erreurs\u00a0: 0. Avertissements")
    unloaded = CliRunner().invoke(build(), ["lint", str(broken), "--lang", "fr"])
    assert unloaded.exit_code == BrandPackError.exit_code
    assert "Clé inconnue\u00a0: `default_langage`." in unloaded.stderr
    english = CliRunner().invoke(build(), ["lint", str(broken)])
    assert "unknown key `default_langage`" in str(english.exception)


def test_the_notice_of_a_guide_that_does_not_load_is_in_the_reader_s_language(
    broken: Path,
) -> None:
    with pytest.raises(BrandPackError) as refused:
        load_brand(broken)
    notice = notice_of(refused.value)
    assert (notice.kind, "Clé inconnue" in notice.about) == ("pack_invalid", True)
    assert "unknown key" not in notice.about


def test_a_text_that_fails_a_rule_is_told_by_the_rule_in_french(template: dict[str, str]) -> None:
    said = "Merci à toi, ton message nous fait plaisir."
    text = template["exemplars.yaml"]
    broken = re.sub(r"(?m)^  reply: .*$", f"  reply: {said}", text, count=1)
    assert broken != text
    found = [
        one
        for one in _problems({**template, "exemplars.yaml": broken})
        if one.code == "exemplar_fails" and dict(one.values)["rule"].startswith("T1.")
    ]
    french, english = (finding_words(found[0], Words(lang)) for lang in ("fr", "en"))
    assert "Tutoiement ou vouvoiement (« toi »). Gardez partout" in french[0].replace("\u00a0", " ")
    assert french[1].startswith("Reformulez-la")
    assert english == (found[0].what, found[0].mend)


def test_values_are_set_as_the_language_does() -> None:
    listed = [one for one in _wordings() if one.name in {"STATEMENT_ENDED", "FILE_LARGE"}]
    values = {"statement": "x@fr", "day": DAY, "size": 6_000_000, "most": 5_000_000}
    ended, large = sorted(
        (Finding.of(FindingSeverity.WARNING, "f.md", 3, one.filled(**values)) for one in listed),
        key=lambda one: one.code != "statement_ended",
    )
    french, english = Words("fr"), Words("en")
    assert "a pris fin le 28\u00a0nov. 2026" in finding_words(ended, french)[0]
    assert "ended on 2026-11-28" in ended.what
    assert finding_words(large, french)[0].startswith("6\u202f000\u202f000 octets\u202f;")
    assert finding_words(large, english)[0] == large.what
    assert "<code>x@fr</code>" in findings_html([ended], french)


def test_a_part_of_a_document_is_counted_in_its_own_unit(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Bonjour.")
    document.add_heading("Quand livrez-vous ?", 2)
    document.save(str(tmp_path / "faq.docx"))
    (problem,) = read_source(tmp_path / "faq.docx").empties
    assert problem.what == "paragraph 3: a question without answer"
    french, english = (finding_words(problem, Words(lang)) for lang in ("fr", "en"))
    assert french == ("Paragraphe 3\u00a0: une question sans réponse.", "Écrivez sa réponse.")
    assert english == (problem.what, problem.mend)


def test_words_without_a_code_are_shown_as_they_are() -> None:
    bare = Finding(severity=FindingSeverity.ERROR, file="f.md", what="odd <b>", mend="do it")
    assert finding_words(bare, Words("fr")) == ("odd <b>", "do it")
    assert "odd &lt;b&gt;" in findings_html([bare], Words("fr"))
