"""What the form of a pack holds: the fields of each section, in the order people think of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from agent.domain.brand.escalation import RouteRule, Team
from agent.domain.brand.identity import Inclusive, Register, VoicePair
from agent.domain.brand.lexicon import Banned, Competitor, CompetitorPolicy, Preferred, Product
from agent.domain.brand.policies import CharterRule, Placement
from ui.desk.pack_form import Path


class Kind(StrEnum):
    TEXT = "text"
    AREA = "area"
    LINES = "lines"
    """Several texts, one a line."""
    NUMBER = "number"
    TOGGLE = "toggle"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One value; `label` is a locale key under `pack.`."""

    path: Path
    kind: Kind
    label: str
    lang: str = ""
    options: tuple[str, ...] = ()
    is_on: bool = False
    """What a toggle says where the pack says nothing."""


@dataclass(frozen=True)
class Grid:
    """A list of records; columns are fields of `model`, what else a record holds stays."""

    path: Path
    label: str
    model: type[BaseModel]
    columns: tuple[str, ...]


Part = Field | Grid | str


def _text(*path: str | int, kind: Kind = Kind.TEXT, label: str = "") -> Field:
    return Field(path, kind, label or _named(path))


def _choice(options: type[StrEnum], *path: str | int, label: str = "", lang: str = "") -> Field:
    known = tuple(one.value for one in options)
    return Field(path, Kind.CHOICE, label or _named(path), lang, known)


def _named(path: Path) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str))


def _languages(data: dict[str, Any]) -> list[str]:
    found = data.get("languages")
    return [str(lang) for lang in found] if isinstance(found, dict) else []


def _each(data: dict[str, Any], *path: str, kind: Kind = Kind.LINES) -> Iterator[Field]:
    for lang in _languages(data):
        yield Field((*path, lang), kind, _named(path), lang)


def _identity(data: dict[str, Any]) -> Iterator[Part]:
    yield _text("brand", "name")
    yield _text("brand", "also_known_as", kind=Kind.LINES)
    yield _text("brand", "sector")
    yield _text("brand", "description", kind=Kind.AREA)
    yield _text("brand", "website")
    yield _text("brand", "time_zone")
    yield _text("brand", "editorial_owner", "name")
    yield _text("brand", "editorial_owner", "email")
    for lang in _languages(data):
        at = ("languages", lang)
        if lang == "fr":
            yield _choice(Register, *at, "register", label="languages.register", lang=lang)
            yield _choice(Inclusive, *at, "inclusive", label="languages.inclusive", lang=lang)
            yield Field(
                (*at, "plural_vous_ok"), Kind.TOGGLE, "languages.plural_vous_ok", lang, is_on=True
            )
        yield Field((*at, "max_sentence_words"), Kind.NUMBER, "languages.max_sentence_words", lang)


def _voice(data: dict[str, Any]) -> Iterator[Part]:
    for index, one in enumerate(_list(data, "voice")):
        at = ("voice", index)
        yield str(one.get("name", "")) if isinstance(one, dict) else ""
        yield _text(*at, "meaning", kind=Kind.AREA)
        yield _text(*at, "do", kind=Kind.LINES)
        yield _text(*at, "dont", kind=Kind.LINES)
        yield Grid((*at, "pairs"), "voice.pairs", VoicePair, ("lang", "bad", "good"))


def _lexicon(_data: dict[str, Any]) -> Iterator[Part]:
    at = "lexicon"
    swaps = ("avoid", "use", "lang", "reason", "good", "bad")
    yield Grid((at, "preferred"), "lexicon.preferred", Preferred, swaps)
    banned = ("term", "pattern", "lang", "severity", "exceptions", "reason", "good", "bad")
    yield Grid((at, "banned"), "lexicon.banned", Banned, banned)
    yield Grid((at, "products"), "lexicon.products", Product, ("canonical", "wrong"))
    yield Grid((at, "competitors"), "lexicon.competitors", Competitor, ("name", "aliases"))
    yield _choice(CompetitorPolicy, at, "competitor_policy")
    for name in ("acronyms", "hashtags_allowed", "handles_allowed", "link_allowlist"):
        yield _text(at, name, kind=Kind.LINES)


def _mechanics(data: dict[str, Any]) -> Iterator[Part]:
    yield from _each(data, "mechanics", "greetings")
    yield from _each(data, "mechanics", "sign_offs")
    for name in ("is_greeting_required", "is_sign_off_required"):
        yield _text("mechanics", name, kind=Kind.TOGGLE)
    yield _text("mechanics", "emoji", "max", kind=Kind.NUMBER)
    for name in ("exclamation_max", "questions_max", "hashtags_max"):
        yield _text("mechanics", name, kind=Kind.NUMBER)


def _transparency(data: dict[str, Any]) -> Iterator[Part]:
    yield _choice(Placement, "transparency", "disclosure_placement")
    for name in (
        "disclosure_texts",
        "bot_question_answers",
        "unknown_texts",
        "partial_unknown_texts",
        "ad_labels",
        "correction_markers",
    ):
        yield from _each(data, "transparency", name)


def _escalation(_data: dict[str, Any]) -> Iterator[Part]:
    teams = ("id", "name", "contact", "backup", "time_zone", "holidays")
    yield Grid(("escalation", "teams"), "escalation.teams", Team, teams)
    routes = ("category", "route", "team", "backup", "acknowledge_within", "own_within", "clock")
    more = (*routes, "statements", "second_approver")
    yield Grid(("escalation", "routes"), "escalation.routes", RouteRule, more)


def _channels(data: dict[str, Any]) -> Iterator[Part]:
    channels = data.get("channels")
    for name in channels if isinstance(channels, dict) else {}:
        at = ("channels", str(name))
        yield str(name)
        yield Field((*at, "account"), Kind.TEXT, "channels.account")
        for limit in ("max_characters", "hashtags_max", "emoji_max"):
            yield Field((*at, limit), Kind.NUMBER, f"channels.{limit}")
        for lang in _languages(data):
            yield Field((*at, "private_paths", lang), Kind.LINES, "channels.private_paths", lang)


def _moderation(data: dict[str, Any]) -> Iterator[Part]:
    rules = ("id", "action", "reason_code", "categories")
    yield Grid(("moderation", "rules"), "moderation.rules", CharterRule, rules)
    for index, rule in enumerate(_list(data.get("moderation") or {}, "rules")):
        yield str(rule.get("id", "")) if isinstance(rule, dict) else ""
        for lang in _languages(data):
            at = ("moderation", "rules", index, "text", lang)
            yield Field(at, Kind.AREA, "moderation.text", lang)
    yield from _each(data, "moderation", "statement_of_reasons", kind=Kind.AREA)
    yield _text("moderation", "appeal_contact")


def _list(data: dict[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []


SECTIONS: dict[str, Callable[[dict[str, Any]], Iterator[Part]]] = {
    "identity": _identity,
    "voice": _voice,
    "lexicon": _lexicon,
    "mechanics": _mechanics,
    "transparency": _transparency,
    "escalation": _escalation,
    "channels": _channels,
    "moderation": _moderation,
}
