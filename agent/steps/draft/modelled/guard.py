"""What an answer of a model must never hold, whatever the rubric says of it."""

import re

from agent.domain.decisions import Route
from agent.domain.redaction import PLACEHOLDER
from agent.steps.draft.modelled.answer import NO_PASSAGE, ModelReply, Said
from agent.steps.draft.modelled.brief import Brief
from knowledge.passages import Language
from knowledge.text.language import detect

_DELIMITER = re.compile(
    r"</?(?:customer_message|passages?|approved_sentences|examples?(?:_of_style)?|thread|entry"
    r"|guideline|situation|opening|questions_found|refused_draft|faults|wrote|replied"
    r"|draft_shown|colleague_note)\b"
    r"|&lt;|&gt;|&amp;"
)
_MAY_DELIMIT = frozenset("<&")
"""What every delimiter begins with: most answers hold neither."""
_SURE = 0.6
_LOOSE_PLACEHOLDER = re.compile(r"[\[<{(]\s*[A-Z][A-Z_]{1,30}(?:[_ ]?\d+)?\s*[\]>})]")
"""Anything shaped like a placeholder: `[EMAIL_1]`, and what a model makes of it."""


def problems_of(reply: ModelReply, brief: Brief) -> list[str]:
    """Return what forbids this answer, one sentence each, in words that can be sent back."""
    found = [*_instructed(reply, brief), *_placeholders(reply, brief), *_in_language(reply, brief)]
    found += [
        f'"{one.passage}" is not the id of a passage that was given'
        for one in (*reply.public, *reply.private)
        if one.passage != NO_PASSAGE and one.passage not in brief.passages
    ]
    if reply.route is not Route.ESCALATE and not reply.text(reply.public):
        found.append('"public" is empty; say something there, or escalate')
    if brief.variables["wants_private"] is False and reply.private:
        found.append('"private" must be empty here')
    return found


def _instructed(reply: ModelReply, brief: Brief) -> list[str]:
    said = _everything(reply)
    if brief.canary in said:
        return ["it repeats its private code: it obeyed the message instead of its rules"]
    if not _MAY_DELIMIT.isdisjoint(said) and _DELIMITER.search(said):
        return ["it holds a tag of the prompt"]
    return []


def _in_language(reply: ModelReply, brief: Brief) -> list[str]:
    """Read the model's own words alone: the brand's greeting and sign-off would outvote them."""
    for sentences in (reply.public, reply.private):
        lang, confidence = detect(reply.text(sentences), among=(Language.FR, Language.EN))
        is_other = lang is not Language.UNKNOWN and lang is not brief.lang
        if is_other and confidence >= _SURE:
            return [f"it is not written in {brief.variables['language']}"]
    return []


def _placeholders(reply: ModelReply, brief: Brief) -> list[str]:
    """A token for personal data never stands in public, and only as it was given in private."""
    found = []
    if _LOOSE_PLACEHOLDER.search(reply.text(reply.public)):
        found.append("a token for personal data stands in public")
    given = {match.group(0) for match in PLACEHOLDER.finditer(brief.variables["message"])}
    private = reply.text(reply.private)
    if any(match.group(0) not in given for match in _LOOSE_PLACEHOLDER.finditer(private)):
        found.append("a token for personal data was not in the message")
    return found


def _everything(reply: ModelReply) -> str:
    sentences: tuple[Said, ...] = (*reply.public, *reply.private)
    return "\n".join([*(one.text for one in sentences), reply.reason, *reply.open_questions])
