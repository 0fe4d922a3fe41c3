"""A new pack from the template, and the schema editors use."""

import json
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from agent.adapters.brand_pack import brand_schema, init_pack, load_pack
from agent.domain.errors import ConfigurationError
from knowledge.sources.yaml_lines import load_yaml

BRANDS = Path(str(resources.files("knowledge"))) / "brands"


@pytest.mark.parametrize(
    ("name", "brand_id"),
    [
        ("Maison Verjolaine", "maison-verjolaine"),
        ('L\'Atelier "Élise" & Cie : été', "l-atelier-elise-cie-ete"),
        ("Back\\slash {braces} #1", "back-slash-braces-1"),
        ("東京", "ma-marque"),
    ],
)
def test_a_new_pack_loads_under_its_name(tmp_path: Path, name: str, brand_id: str) -> None:
    init_pack(tmp_path / "deep" / "pack", name)
    identity = load_pack(tmp_path / "deep" / "pack").policy.brand
    assert (identity.name, identity.id) == (name, brand_id)
    written = (tmp_path / "deep" / "pack" / "brand.yaml").read_text(encoding="utf-8")
    assert "Ma Marque" not in written


def test_an_empty_folder_is_used_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    target.mkdir()
    init_pack(target, "Zoé")
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    with pytest.raises(ConfigurationError, match="not an empty folder"):
        init_pack(target, "Zoé")


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pack").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        init_pack(tmp_path / "pack", "Zoé")
    assert (tmp_path / "pack").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 61])
def test_a_name_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="name"):
        init_pack(tmp_path / "pack", name)
    assert not (tmp_path / "pack").exists()


def test_the_schema_beside_the_brands_is_up_to_date() -> None:
    written = json.loads((BRANDS / "brand.schema.json").read_text(encoding="utf-8"))
    assert written == brand_schema()


@pytest.mark.parametrize("folder", ["template", "verjolaine"])
def test_an_editor_finds_our_own_packs_valid(folder: str) -> None:
    text = (BRANDS / folder / "brand.yaml").read_text(encoding="utf-8")
    found = list(Draft202012Validator(brand_schema()).iter_errors(load_yaml(text).data))
    assert not [error.json_path for error in found]


def test_the_schema_refuses_a_misspelt_key() -> None:
    schema = brand_schema()
    Draft202012Validator.check_schema(schema)
    found = list(Draft202012Validator(schema).iter_errors({"schema_version": 1, "brnd": {}}))
    assert any("brnd" in error.message for error in found)


def test_durations_are_text_in_the_schema() -> None:
    retention = brand_schema()["$defs"]["Retention"]["properties"]["message"]
    validator = Draft202012Validator(retention)
    assert validator.is_valid("365 d")
    assert validator.is_valid(0)
    assert not validator.is_valid("a year")
