"""The rubric on any reply: one input line to one verdict line."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.adapters.files.messages import message_of
from agent.bootstrap import limits_for, load_brand
from agent.cli.records import checks_of, claims_of
from agent.domain.checks import CheckSubject
from agent.domain.errors import InputLineError
from agent.domain.messages import Surface
from agent.steps.check import Rubric
from knowledge.passages import Audience, Language, Passage
from knowledge.text.language import detect

_OVERRIDES = ("register", "competitors", "products")


class ReplyChecker:
    """Checks replies against one pack, with the overrides a line may carry."""

    def __init__(self, brand: Path, now: datetime) -> None:
        self._rubric = Rubric(load_brand(brand))
        self._now = now

    def check(self, number: int, record: dict[str, Any]) -> dict[str, Any]:
        """Return the verdict line of one input line.

        Raises:
            InputLineError: a field does not fit.
        """
        subject = self._subject(number, record)
        rubric = self._rubric_for(number, record)
        report = rubric.check(subject, limits_for(subject.channel))
        return {
            "id": str(record["id"]),
            "checks": checks_of(report),
            "claims": claims_of(report.ledger),
        }

    def _rubric_for(self, number: int, record: dict[str, Any]) -> Rubric:
        given = {key: record[key] for key in _OVERRIDES if record.get(key) is not None}
        if record.get("brand"):
            given["brand_name"] = record["brand"]
        for key in ("competitors", "products"):
            if key in given:
                given[key] = _names(number, key, given[key])
        if not given:
            return self._rubric
        try:
            return self._rubric.with_overrides(**given)
        except (ValueError, TypeError):
            problem = f"{', '.join(sorted(given))}: not usable"
            raise InputLineError(number, problem, 'register is "tu", "vous" or "mirror"') from None

    def _subject(self, number: int, record: dict[str, Any]) -> CheckSubject:
        message = record.get("message") or ""
        if not isinstance(message, str):
            raise InputLineError(number, "`message` is not text", "write it as text")
        inbound = message_of(number, {**record, "text": message})
        lang = inbound.lang or _language_of(message, record["reply"])
        try:
            return CheckSubject(
                reply=record["reply"],
                message=message,
                surface=inbound.surface,
                channel=inbound.channel,
                lang=lang,
                thread=inbound.thread,
                author=inbound.author,
                passages=_passages(number, record.get("passages"), lang, inbound.surface),
                now=self._now,
            )
        except ValidationError as error:
            raise InputLineError(number, error.errors()[0]["msg"], "see --help") from None


def _names(number: int, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputLineError(number, f"`{key}` is not a list of texts", '["…", "…"]')
    return tuple(value)


def _language_of(message: str, reply: str) -> Language:
    found, _ = detect(message)
    return found if found is not Language.UNKNOWN else detect(reply)[0]


def _passages(
    number: int, value: object, lang: Language, surface: Surface
) -> tuple[Passage, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InputLineError(number, "`passages` is not a list of objects", '[{"id","text"}]')
    audience = Audience.PRIVATE if surface is Surface.PRIVATE else Audience.PUBLIC
    return tuple(
        Passage(
            id=str(entry.get("id", index)),
            lang=lang,
            question=str(entry.get("question", "")),
            answer=str(entry.get("text", "")),
            audience=audience,
        )
        for index, entry in enumerate(value)
    )
