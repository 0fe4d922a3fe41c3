"""Makes a new pack from the commented template, whole or not at all."""

import json
import re
import shutil
import tempfile
from importlib import resources
from pathlib import Path

from agent.adapters.brand_pack.load import load_pack
from agent.adapters.brand_pack.schema import SCHEMA_FILE, brand_schema
from agent.domain.base import nfc
from agent.domain.errors import ConfigurationError
from knowledge.sources.entries import slug

TEMPLATE_NAME = "Ma Marque"
TEMPLATE_ID = "ma-marque"
_MOST_CHARACTERS = 60
_MOST_ID_CHARACTERS = 40


def init_pack(target: Path, brand_name: str) -> None:
    """Write a complete small pack for `brand_name` into the new or empty folder `target`.

    Raises:
        ConfigurationError: the name cannot be used, or the folder is not empty or not writable.
    """
    name = _checked(brand_name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigurationError(f"{target}: not an empty folder; choose a new one")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".init-") as scratch:
            made = Path(scratch) / "pack"
            _write(made, name)
            load_pack(made)
            if target.exists():
                target.rmdir()
            made.rename(target)
    except OSError as error:
        problem = f"{target}: cannot be written: {error.strerror}"
        raise ConfigurationError(f"{problem}; choose another folder") from None


def _checked(brand_name: str) -> str:
    name = nfc(brand_name).strip()
    if not name or len(name) > _MOST_CHARACTERS or not name.isprintable():
        raise ConfigurationError(
            f"the brand's name must have 1 to {_MOST_CHARACTERS} printable characters; "
            "give another with --name"
        )
    return name


def _write(made: Path, name: str) -> None:
    with resources.as_file(resources.files("knowledge") / "brands" / "template") as template:
        shutil.copytree(template, made)
    for path in made.rglob("*"):
        if path.is_file():
            path.write_text(_named(path, name), encoding="utf-8")
    schema = json.dumps(brand_schema(), ensure_ascii=False, indent=1)
    (made / SCHEMA_FILE).write_text(schema + "\n", encoding="utf-8")


def _named(path: Path, name: str) -> str:
    """Return the template's text for this brand; names in YAML stand between double quotes."""
    text = path.read_text(encoding="utf-8").replace(TEMPLATE_ID, _brand_id(name))
    if path.suffix == ".yaml":
        name = json.dumps(name, ensure_ascii=False)[1:-1]
    return text.replace(TEMPLATE_NAME, name)


def _brand_id(name: str) -> str:
    made = slug(name, most=_MOST_ID_CHARACTERS)
    return made if re.fullmatch(r"[a-z0-9][a-z0-9-]+", made) else TEMPLATE_ID
