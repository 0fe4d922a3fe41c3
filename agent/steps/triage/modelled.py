"""What a chat model sees in a message: it may add findings and flags, and take none away."""

from typing import Any, NamedTuple

from agent.domain.decisions import Category, Evidence, Finding
from agent.domain.errors import ModelError
from agent.domain.models import ModelRequest, ModelRole, PromptRef
from agent.ports import ChatModel
from prompts.library import PromptLibrary

PROMPT = "triage/classify"
_NAMED = (
    Category.SELF_HARM_THREAT_MINOR,
    Category.INJURY_SAFETY,
    Category.SECURITY_REPORT,
    Category.LEGAL_THREAT,
    Category.DISCRIMINATION_HARASSMENT,
    Category.PRESS,
    Category.GDPR_REQUEST,
    Category.RUMOUR,
    Category.TROLL_HATE,
    Category.SPAM_SCAM,
    Category.WANTS_HUMAN,
    Category.COMPLAINT,
    Category.ORDER_ACCOUNT,
    Category.BOT_QUESTION,
)
"""What a model may add: categories that make people look sooner or more closely."""
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
        """Return what the model sees in the text; nothing where it gives no usable answer.

        The rules and the embedded classifier have looked already, and a person decides anyway: a
        model that fails takes nothing away from either.
        """
        rendered = self._prompts.render(PROMPT, brand_name=self._brand_name, message=redacted_text)
        prompt = rendered.prompt
        request = ModelRequest(
            role=ModelRole.CLASSIFIER,
            brand=self._brand_id,
            prompt=PromptRef(id=prompt.id, version=prompt.version, sha256=prompt.sha256),
            system=rendered.system,
            user=rendered.user,
            answer_schema=SCHEMA,
        )
        try:
            answer = self._model.complete(request)
        except ModelError:
            return Sight()
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


def joined(findings: list[Finding], seen: Sight, order: tuple[Category, ...]) -> list[Finding]:
    """Return `findings` with those of the model that nobody had, most severe first.

    `order` is that of severity.
    """
    known = {finding.category: finding for finding in findings}
    for finding in seen.findings:
        known.setdefault(finding.category, finding)
    return [known[category] for category in order if category in known]
