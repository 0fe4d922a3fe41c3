"""One row or object of a table as an entry: which column is which, in French or English."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from knowledge.sources.gathering import Gathering, RawEntry

_COLUMNS = {
    "question": "question questions title titre intitule q libelle demande",
    "answer": "answer answers reponse reponses response a r text texte contenu content body corps",
    "id": "id identifiant ref reference code cle key slug",
    "lang": "lang language langue locale",
    "aliases": "aliases alias variantes synonymes autres_questions variants paraphrases",
    "topic": "topic category categorie theme thematique rubrique section",
    "audience": "audience visibilite",
    "valid_from": "valid_from valable_du date_debut date_de_debut debut start start_date",
    "valid_until": "valid_until valable_jusqu_au date_fin date_de_fin fin end end_date expires",
    "must_include": "must_include conditions condition mentions",
    "next_step": "next_step etape_suivante suite",
    "link": "link url lien page",
    "commitment": "commitment is_commitment engagement",
}
_NAMES = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_LISTS = ("aliases", "must_include")
_TRUE = frozenset({"true", "vrai", "oui", "yes", "1", "x"})
_PRIVATE = frozenset({"private", "prive", "privee", "interne", "internal"})
_SEPARATOR = re.compile(r"\s*[|\n]\s*")
_LANGUAGES = ("fr", "en")


def column_of(name: object) -> tuple[str, str] | None:
    """Return the field a column holds and its language suffix (`question_fr`), or None."""
    folded = _folded(str(name))
    if folded in _NAMES:
        return _NAMES[folded], ""
    stem, _, suffix = folded.rpartition("_")
    if suffix in _LANGUAGES and stem in _NAMES:
        return _NAMES[stem], suffix
    return None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def unread_columns(names: list[str]) -> list[str]:
    """Return the columns that no field takes."""
    return [name for name in names if name.strip() and column_of(name) is None]


def has_question(names: list[str]) -> bool:
    """Whether the columns name a question."""
    return any((found := column_of(name)) and found[0] == "question" for name in names)


def add_record(gathering: Gathering, record: Mapping[str, Any], line: int) -> None:
    """Add a row as one entry, or as one for each language its columns are written in."""
    common: dict[str, Any] = {}
    by_language: dict[str, dict[str, Any]] = {}
    for name, value in record.items():
        found = column_of(name)
        if found is None or value in (None, "", []):
            continue
        field, language = found
        place = by_language.setdefault(language, {}) if language else common
        place.setdefault(field, value)
    if not by_language:
        gathering.add(_raw(common, line))
    for language, fields in by_language.items():
        gathering.add(_raw({**common, "lang": language, **fields}, line))


def _raw(fields: dict[str, Any], line: int) -> RawEntry:
    metadata = {key: value for key, value in fields.items() if key not in {"question", "answer"}}
    for key in _LISTS:
        if key in metadata:
            metadata[key] = _listed(metadata[key])
    if "commitment" in metadata:
        metadata["commitment"] = _folded(str(metadata["commitment"])) in _TRUE
    if "audience" in metadata:
        is_private = _folded(str(metadata["audience"])) in _PRIVATE
        metadata["audience"] = "private" if is_private else "public"
    if "topic" in metadata:
        metadata["topic"] = _folded(str(metadata["topic"])).replace("_", "-")
    for key in ("valid_from", "valid_until"):
        if key in metadata:
            metadata[key] = _date(str(metadata[key]))
    if not str(metadata.get("link", "https://")).startswith("https://"):
        del metadata["link"]
    return RawEntry(_said(fields.get("question")), _said(fields.get("answer")), line, metadata)


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _listed(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(item) for item in value if str(item).strip()]
    return [item for item in _SEPARATOR.split(str(value)) if item.strip()]


def _date(text: str) -> str:
    """Return `31/12/2026` or `2026-12-31 00:00:00` as `2026-12-31`; anything else as it is."""
    if found := re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return text.strip().split("T")[0].split(" ")[0]
