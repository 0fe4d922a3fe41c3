"""A rejected item as an eval case: frozen, redacted, and saying what must not happen again."""

import re
from collections.abc import Mapping
from typing import Any

from agent.domain.decisions import Route
from agent.domain.errors import ConfigurationError, IncompleteDecision
from agent.domain.packs import Changes
from agent.domain.redaction import PLACEHOLDER
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewItem
from evals.cases import AutofailWanted, Criterion
from knowledge.sources.yaml_edit import with_data
from knowledge.sources.yaml_lines import YamlError, load_yaml

FILE = "evals/rejected.yaml"
_CRITERIA = {
    RejectionReason.WRONG_TONE: Criterion.TONE,
    RejectionReason.OFF_BRAND: Criterion.BRAND,
    RejectionReason.WRONG_LANGUAGE: Criterion.TONE,
    RejectionReason.PERSONAL_DATA: Criterion.PRIVACY,
    RejectionReason.SHOULD_ESCALATE: Criterion.ESCALATION,
    RejectionReason.SHOULD_NOT_REPLY: Criterion.ESCALATION,
}
_START = (
    "# Cases made at the desk from rejected drafts: say in `expected` what is right.\ncases: []\n"
)


def case_of(item: ReviewItem, owner: str) -> dict[str, Any]:
    """Return the case of a rejected item.

    What it expects follows from the reason; a person sharpens it. Names and numbers are replaced
    by what they are: the case must not hold them, and the agent is to behave the same without.

    Raises:
        IncompleteDecision: the item was not rejected.
    """
    decision, outcome = item.decision, item.outcome
    if decision is None or decision.kind is not DecisionKind.REJECT or decision.reason is None:
        raise IncompleteDecision("only a rejected draft becomes a case: reject it with a reason")
    criterion = _CRITERIA.get(decision.reason, Criterion.GROUNDING)
    case: dict[str, Any] = {
        "id": f"{_part(item.brand_id)}.{criterion.value}.desk.{_part(item.id)[:12]}",
        "cluster": outcome.triage.category.value,
        "criterion": criterion.value,
        "owner": owner,
        "provenance": "real-anonymised",
        "at": item.received_at.replace(microsecond=0).isoformat(),
        "message": {
            "text": _plain(outcome.redaction.text),
            "channel": outcome.message.channel,
            "surface": outcome.message.surface.value,
        },
        "expected": _expected(item, decision.reason),
    }
    return case


def _part(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _expected(item: ReviewItem, reason: RejectionReason) -> dict[str, Any]:
    outcome = item.outcome
    if reason is RejectionReason.SHOULD_ESCALATE:
        return {
            "route_in": [Route.ESCALATE.value, Route.REPLY_AND_ESCALATE.value, Route.HOLD.value]
        }
    if reason is RejectionReason.SHOULD_NOT_REPLY:
        return {"route_in": [Route.NO_REPLY.value, Route.MODERATE.value]}
    if reason is RejectionReason.WRONG_LANGUAGE:
        return {"language": outcome.triage.language.value}
    said = outcome.redaction.mask(outcome.draft.public or outcome.draft.private or "")
    wrong = next((part for part in map(str.strip, said.splitlines()) if len(part) > 20), said)
    return {"must_not_say": [_plain(wrong)]} if wrong else {"autofail": AutofailWanted.NONE.value}


def _plain(text: str) -> str:
    return PLACEHOLDER.sub("…", text).strip()


def added(texts: Mapping[str, str], case: Mapping[str, Any]) -> Changes:
    """Return the change of the brand's own cases that adds `case`; one that is there is renewed.

    Raises:
        ConfigurationError: the file of cases cannot be changed as it is written.
    """
    text = texts.get(FILE, _START)
    try:
        data = load_yaml(text).data or {"cases": []}
        kept = [one for one in data.get("cases") or () if one.get("id") != case["id"]]
        return {FILE: with_data(text, {**data, "cases": [*kept, dict(case)]})}
    except (YamlError, AttributeError, TypeError) as error:
        raise ConfigurationError(f"{FILE}: {error}; mend the file first") from None
