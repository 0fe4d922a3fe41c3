"""Finds the approved statement the brand wants for a matter: in force, in the language, fitting."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from agent.domain.brand import BrandPack, Statement, StatementKind
from agent.domain.decisions import Category, Triage
from knowledge.passages import Language
from knowledge.text.normalise import match_key
from knowledge.text.tokens import words

_NEVER_STATED = frozenset({Category.PRESS, Category.DISCRIMINATION_HARASSMENT})
"""A person writes these from the first word (rubric section 2.6: no draft)."""
_MARKS_OF_TOPIC = {
    "self_harm": ("suicid", "self_harm", "self-harm"),
    "threat": ("threat", "violence"),
    "minor": ("minor", "child"),
}
"""What the ids of the rules that found a danger hold, by the topic of the help text."""
_SHORT_WORD = 3


def statement_for(
    pack: BrandPack,
    triage: Triage,
    text: str,
    day: date,
    may_say: Callable[[Statement], bool],
) -> Statement | None:
    """Return the first approved statement for this matter that `may_say` accepts, or None.

    For a rumour, the fact that meets it; for a danger to somebody, the help text of that danger;
    then the statements the brand's route rule names, most fitting first.
    """
    if triage.category in _NEVER_STATED:
        return None
    for statement in _in_order(pack, triage, text, day):
        if statement is not None and may_say(statement):
            return statement
    return None


def _in_order(pack: BrandPack, triage: Triage, text: str, day: date) -> Iterable[Statement | None]:
    lang, category = triage.language, triage.category
    named = rule_statements(pack, category, lang, day)
    if category is Category.RUMOUR:
        yield from _facts(pack, lang, text, day)
        # A fact is for one rumour; another one would not meet it.
        yield from (statement for statement in named if statement.kind is not StatementKind.FACT)
        return
    helps = [
        pack.statement(statement_id, lang, day)
        for topic in _topics(pack, triage)
        for statement_id in pack.policy.safety.help_statements[topic]
    ]
    is_person_first = category is Category.SELF_HARM_THREAT_MINOR
    yield from [*helps, *named] if is_person_first else [*named, *helps]


def rule_statements(
    pack: BrandPack, category: Category, lang: Language, day: date
) -> tuple[Statement, ...]:
    """Return the statements in force that the brand's route rule names for `category`."""
    rule = pack.policy.escalation.rule_for(category)
    named = rule.statements if rule else ()
    found = (pack.statement(statement_id, lang, day) for statement_id in named)
    return tuple(statement for statement in found if statement is not None)


def _topics(pack: BrandPack, triage: Triage) -> list[str]:
    """Return the help topics of the danger found; the wrong help text does harm: none is guessed.

    A danger to oneself comes first, whatever else was found.
    """
    known = pack.policy.safety.help_statements
    if triage.category is not Category.SELF_HARM_THREAT_MINOR:
        is_injury = triage.category is Category.INJURY_SAFETY
        return ["injury"] if is_injury and "injury" in known else []
    found_by = " ".join(
        evidence.found_by.replace(triage.category.value, "")
        for finding in triage.findings
        if finding.category is triage.category
        for evidence in finding.evidence
    )
    found = [
        topic for topic, marks in _MARKS_OF_TOPIC.items() if any(mark in found_by for mark in marks)
    ]
    leading = found[:1] if "self_harm" in found else found * (len(found) == 1)
    return [topic for topic in leading if topic in known]


def _facts(pack: BrandPack, lang: Language, text: str, day: date) -> Iterable[Statement]:
    """Yield the facts whose topic the message names and that show their source."""
    said = {_singular(match_key(word.text)) for word in words(text)}
    for statement in pack.statements:
        is_fact = statement.kind is StatementKind.FACT and statement.lang is lang
        if not is_fact or not statement.is_in_force(day) or "https://" not in statement.text:
            continue
        if any(_names(topic, said) for topic in statement.topics):
            yield statement


def _names(topic: str, said: set[str]) -> bool:
    """Whether every word of the topic is in the message: « lyon-ferme », "palm oil"."""
    wanted = re.split(r"[\s_-]+", match_key(topic).strip())
    return all(_singular(word) in said for word in wanted if word)


def _singular(key: str) -> str:
    """Drop the endings of number and gender: « rachetées » is « racheté »."""
    return key.rstrip("s").rstrip("e") if len(key) > _SHORT_WORD else key
