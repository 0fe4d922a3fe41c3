"""The two languages have the same keys and blanks, and hold every key the code names."""

import ast
import string
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.domain.bulk import BulkKind, BulkRefusal
from agent.domain.channels import CountUnit, ModerationAction, PostStatus
from agent.domain.decisions import Category, EscalationReason, Route, Sentiment, Urgency
from agent.domain.drafts import LedgerStatus, NoteKind
from agent.domain.messages import Surface
from agent.domain.people import Role
from agent.domain.redaction import PersonalDataType
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewStatus
from knowledge.passages import Language
from ui.desk.query import Due, View
from ui.desk.state import Dialog
from ui.locales import LANGUAGES, MissingText, Words, catalogue, french_spaces

ROOT = Path(__file__).parents[2]

ENUMS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("category", Category),
    ("route", Route),
    ("urgency", Urgency),
    ("sentiment", Sentiment),
    ("reason", EscalationReason),
    ("note", NoteKind),
    ("ledger", LedgerStatus),
    ("surface", Surface),
    ("role", Role),
    ("personal", PersonalDataType),
    ("decision", DecisionKind),
    ("toast", DecisionKind),
    ("rejection", RejectionReason),
    ("status", ReviewStatus),
    ("moderation", ModerationAction),
    ("post", PostStatus),
    ("counter", CountUnit),
    ("language", Language),
    ("view", View),
    ("due", Due),
    ("undo", DecisionKind),
    ("bulk.kind", BulkKind),
    ("bulk.refusal", BulkRefusal),
)


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_languages_have_the_same_keys() -> None:
    assert catalogue("fr").keys() == catalogue("en").keys()


def test_a_text_has_the_same_blanks_in_both() -> None:
    french, english = catalogue("fr"), catalogue("en")
    assert not [key for key in french if _blanks(french[key]) != _blanks(english[key])]


@pytest.mark.parametrize(("prefix", "enum"), ENUMS, ids=[prefix for prefix, _ in ENUMS])
def test_every_value_of_a_closed_list_has_its_words(prefix: str, enum: type[StrEnum]) -> None:
    missing = [f"{prefix}.{v.value}" for v in enum if f"{prefix}.{v.value}" not in catalogue("fr")]
    assert not missing


@pytest.mark.parametrize("dialog", sorted(set(Dialog) - {Dialog.BULK}))
def test_every_dialog_has_a_title(dialog: Dialog) -> None:
    assert Words("fr")(f"dialog.{dialog.value}.title")


def _named_keys() -> set[str]:
    """Return every literal key that the desk's code gives to `words(...)`, and every notice's."""
    found: set[str] = set()
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            first = node.args[0]
            if name in {"words", "text"} and isinstance(first, ast.Constant):
                found.add(str(first.value))
            if name == "Notice" and isinstance(first, ast.Constant):
                found |= {f"notice.{first.value}.title", f"notice.{first.value}.mend"}
    return found


def test_every_key_the_code_names_exists() -> None:
    named = _named_keys()
    assert len(named) > 60
    assert sorted(named - set(catalogue("fr"))) == []


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("Vraiment ?", "Vraiment\u202f?"),
        ("Non !", "Non\u202f!"),
        ("un ; deux", "un\u202f; deux"),
        ("Motif :", "Motif\u00a0:"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("50 % de", "50\u00a0% de"),
        ("http://exemple", "http://exemple"),
        ("à 14:05", "à 14:05"),
    ],
)
def test_french_spaces(plain: str, typeset: str) -> None:
    assert french_spaces(plain) == typeset


def test_no_breaking_space_before_a_french_sign() -> None:
    loose = (" ?", " !", " ;", " :", "« ", " »")
    assert not [k for k, text in catalogue("fr").items() if any(sign in text for sign in loose)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_agree(lang: str) -> None:
    words = Words(lang)
    assert words.count("checks.passed", 1) != words.count("checks.passed", 2)
    zero_is_singular = words.count("counter.free", 0).endswith(("caractère", "character"))
    assert zero_is_singular == (lang == "fr")


def test_numbers_durations_and_moments() -> None:
    french, english = Words("fr"), Words("en")
    assert english.number(12345) == "12,345"
    assert french.number(12345) == "12\u202f345"
    assert english.percent(0.071) == "7%"
    assert french.duration(timedelta(minutes=41)) == "41\u00a0min"
    assert english.duration(timedelta(hours=47)) == "47\u00a0h"
    assert french.duration(timedelta(days=3)) == "3\u00a0j"
    now = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
    assert french.moment(now, ZoneInfo("Europe/Paris")) == "21\u00a0nov. 14:05"
    assert english.relative(now - timedelta(hours=2), now) == "2\u00a0h ago"
    assert english.relative(now, now) == "just now"


def test_a_missing_text_names_its_key() -> None:
    with pytest.raises(MissingText, match=r"nowhere\.at\.all"):
        Words("fr")("nowhere.at.all")


def test_an_unknown_language_falls_back_to_french() -> None:
    assert Words("tlh").lang == "fr"
