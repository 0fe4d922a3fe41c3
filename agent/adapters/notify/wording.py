"""What a notification says, in French and English: facts and a link, and nobody's words."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from agent.domain.alerts import Bulletin, Line, Weight
from knowledge.passages import Language

_SHOWN = 20
"""Lines of a digest; the desk has the rest. What is urgent is always shown in full."""
_NARROW, _NO_BREAK = "\u202f", "\u00a0"


@cache
def _texts(language: Language) -> Mapping[str, Any]:
    path = files("agent.adapters.notify") / "texts" / f"{language.value}.yaml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def title(bulletin: Bulletin) -> str:
    """Return one line that says what happened."""
    texts = _texts(bulletin.language)
    if bulletin.is_test:
        return _spaced(texts["test"]["title"], bulletin.language)
    brands = sorted({line.brand for line in bulletin.lines if line.brand})
    brand, count = ", ".join(brands), len(bulletin.lines)
    if count > 1:
        form, what = ("digest" if brand else "many"), ""
    else:
        form, what = ("one" if brand else "none"), texts["kind"][bulletin.lines[0].alert.kind.value]
    said = texts["title"][form].format(what=what, n=count, brand=brand)
    return _spaced(said, bulletin.language)


def body(bulletin: Bulletin) -> str:
    """Return the message below its title, as plain text."""
    texts = _texts(bulletin.language)
    if bulletin.is_test:
        return f"{texts['test']['body']}\n{bulletin.desk_url}/"
    lines = bulletin.lines
    shown = [
        line
        for number, line in enumerate(lines)
        if number < _SHOWN or line.alert.weight is Weight.URGENT
    ]
    write = _paragraph if len(lines) == 1 else _in_short
    parts = [write(line, texts) for line in shown]
    if len(shown) < len(lines):
        url = f"{bulletin.desk_url}/"
        parts.append(texts["more"].format(n=len(lines) - len(shown), url=url))
    return _spaced("\n\n".join(parts), bulletin.language)


def _paragraph(line: Line, texts: Mapping[str, Any]) -> str:
    said = [f"{texts['field'][name]}{texts['colon']}{value}" for name, value in _facts(line, texts)]
    if line.text:
        said += ["", f"{texts['field']['text']}{texts['colon'].rstrip()}", line.text]
    return "\n".join([*said, "", f"{texts['field']['open']}{texts['colon']}{line.link}"])


def _in_short(line: Line, texts: Mapping[str, Any]) -> str:
    facts = [value for name, value in _facts(line, texts) if name != "urgency"]
    said = [" · ".join([f"• {texts['kind'][line.alert.kind.value]}", *facts])]
    return "\n".join([*said, *([line.text] if line.text else []), line.link])


def _facts(line: Line, texts: Mapping[str, Any]) -> list[tuple[str, str]]:
    alert = line.alert
    about = "" if alert.item_id else alert.subject
    due = _moment(alert.due_at, line, texts) if alert.due_at else ""
    facts = {
        "brand": line.brand,
        "category": texts["category"][alert.category.value] if alert.category else "",
        "urgency": texts["urgency"][alert.urgency.value] if alert.urgency else "",
        "team": line.team,
        "due": due,
        "subject": about,
        "detail": alert.detail,
    }
    return [(name, value) for name, value in facts.items() if value]


def _moment(at: datetime, line: Line, texts: Mapping[str, Any]) -> str:
    return at.astimezone(line.time_zone).strftime(texts["moment"])


def _spaced(text: str, language: Language) -> str:
    """French has a no-break space before « : » and its like."""
    if language is not Language.FR:
        return text
    for sign in "?!;":
        text = text.replace(f" {sign}", f"{_NARROW}{sign}")
    return text.replace(" : ", f"{_NO_BREAK}: ").replace(" :\n", f"{_NO_BREAK}:\n")
