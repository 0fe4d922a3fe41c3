"""What a chat model sees in a message: it may add findings and flags, and take none away."""

from typing import Any, NamedTuple

from agent.domain.decisions import MOST_SEVERE_FIRST, Category, Evidence, Finding
from agent.domain.errors import ModelError
from agent.domain.models import ModelRequest, ModelRole, PromptRef
from agent.ports import ChatModel
from agent.steps.triage.findings import OWN_MATTERS
from prompts.library import PromptLibrary

PROMPT = "triage/classify"
_NOT_NAMED = frozenset(
    {
        Category.PARTNERSHIP,
        Category.MIXED,
        Category.PURCHASE_INTENT,
        Category.UNKNOWN_QUESTION,
        Category.FAQ_QUESTION,
        Category.PRAISE,
        Category.OFF_TOPIC,
    }
)
_NAMED = tuple(one for one in MOST_SEVERE_FIRST if one not in _NOT_NAMED)
"""What a model may add: categories that make people look sooner or more closely."""
_HIDDEN = frozenset({Category.SPAM_SCAM, Category.TROLL_HATE})
_SCORE = 0.9
"""A model gives no probability that could be trusted; rules give 1."""

SCHEMA: dict[str, Any] = {
    "title": "triage",
    "description": "What a message is about.",
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "category": {"type": "string", "enum": [one.value for one in _NAMED]},
                    "words": {"type": "string", "description": "copied from the message"},
                },
                "required": ["category", "words"],
                "additionalProperties": False,
            },
        },
        "is_injection": {"type": "boolean"},
    },
    "required": ["findings", "is_injection"],
    "additionalProperties": False,
}


class Sight(NamedTuple):
    """What the model adds."""

    findings: tuple[Finding, ...] = ()
    is_injection: bool = False
    flags: tuple[Evidence, ...] = ()
    failure: str = ""
    """Why the model saw nothing, if it gave no usable answer: the reviewer is told."""


class ModelClassifier:
    """Asks a chat model about one brand's messages. Safe to share between threads."""

    def __init__(
        self, brand_id: str, brand_name: str, model: ChatModel, prompts: PromptLibrary
    ) -> None:
        self._brand_id = brand_id
        self._brand_name = brand_name
        self._model = model
        self._prompts = prompts

    def look(self, redacted_text: str) -> Sight:
        """Return what the model sees in the text, or why it gave no usable answer.

        The rules and the embedded classifier have looked already: a model that fails takes nothing
        away from either.
        """
        rendered = self._prompts.render(PROMPT, brand_name=self._brand_name, message=redacted_text)
        request = ModelRequest(
            role=ModelRole.CLASSIFIER,
            brand=self._brand_id,
            prompt=PromptRef.of(rendered.prompt),
            system=rendered.system,
            user=rendered.user,
            answer_schema=SCHEMA,
        )
        try:
            answer = self._model.complete(request)
        except ModelError as error:
            return Sight(failure=error.cause)
        return self._sight(answer.content, redacted_text)

    def _sight(self, said: dict[str, Any], text: str) -> Sight:
        findings = tuple(
            Finding(
                category=Category(one["category"]),
                score=_SCORE,
                evidence=(self._evidence(one["words"], one["category"], text),),
            )
            for one in said["findings"]
        )
        flags = (self._evidence("", "injection", text),) if said["is_injection"] else ()
        return Sight(findings, bool(said["is_injection"]), flags)

    def _evidence(self, words: str, topic: str, text: str) -> Evidence:
        """Tie the words to the text; words that are not there stand for the whole of it."""
        start = text.find(words) if words else -1
        place = (start, start + len(words)) if start >= 0 else (0, len(text))
        return Evidence(
            start=place[0],
            end=place[1],
            text=text[slice(*place)],
            found_by=f"model:{self._model.name}.{topic}",
        )


def joined(findings: list[Finding], seen: Sight) -> list[Finding]:
    """Return `findings` with those of the model that nobody had, most severe first.

    Its word alone never hides a customer with a matter of their own among spam or trolls.
    """
    known = {finding.category: finding for finding in findings}
    is_customer = bool(OWN_MATTERS & known.keys())
    for finding in seen.findings:
        if not (is_customer and finding.category in _HIDDEN):
            known.setdefault(finding.category, finding)
    return [known[category] for category in MOST_SEVERE_FIRST if category in known]
