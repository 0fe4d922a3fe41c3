"""A rejected item as an eval case: frozen, redacted, and saying what must not happen again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from agent.domain.decisions import Route
from agent.domain.drafts import LedgerStatus
from agent.domain.errors import ConfigurationError, IncompleteDecision
from agent.domain.packs import Changes
from agent.domain.redaction import PLACEHOLDER
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewItem
from evals.cases import AutofailWanted, Criterion
from knowledge.sources.yaml_edit import with_data
from knowledge.sources.yaml_lines import YamlError, load_yaml
from knowledge.text import sentences

Span = tuple[int, int]
FILE = "evals/rejected.yaml"
_CRITERIA = {
    RejectionReason.WRONG_TONE: Criterion.TONE,
    RejectionReason.OFF_BRAND: Criterion.BRAND,
    RejectionReason.WRONG_LANGUAGE: Criterion.TONE,
    RejectionReason.PERSONAL_DATA: Criterion.PRIVACY,
    RejectionReason.SHOULD_ESCALATE: Criterion.ESCALATION,
    RejectionReason.SHOULD_NOT_REPLY: Criterion.ESCALATION,
}
_HALFWAY = Route.REPLY_AND_ESCALATE
_ROUTES = {
    RejectionReason.SHOULD_ESCALATE: (_HALFWAY, Route.ESCALATE, Route.HOLD),
    RejectionReason.SHOULD_NOT_REPLY: (Route.NO_REPLY, Route.MODERATE),
}
_SHORTEST = 20
"""Characters: less is a greeting, a signature or a bare word, and may be said elsewhere."""
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
    routes = _ROUTES.get(reason, ())
    present = item.outcome.triage.route
    if reason is RejectionReason.SHOULD_ESCALATE and present in routes:
        # It is escalated as it is: only what goes further would have been right.
        routes = routes[routes.index(present) + 1 :] if present is _HALFWAY else ()
    if routes and present not in routes:
        return {"route_in": [route.value for route in routes]}
    wrong = _wrong(item)
    return {"must_not_say": wrong} if wrong else {"autofail": AutofailWanted.NONE.value}


def _wrong(item: ReviewItem) -> list[str]:
    """Return sentences of the draft that the agent, unmended, says again.

    A greeting or an apology is picked by the message's id, and the case has an id of its own:
    what a passage carries is said again whatever the id, so one such sentence is enough. Where
    nothing is carried, every sentence stands, for some are sure to come back.
    """
    said = tuple(_sentences(item))
    carried = [one for one in said if one.is_carried]
    faulted = [one for one in carried if one.is_faulted]
    kept = faulted or sorted(carried, key=lambda one: -len(one.text))[:1] or said
    return list(dict.fromkeys(one.text for one in kept))


class _Said(NamedTuple):
    text: str
    is_carried: bool
    """Whether a passage carries it."""
    is_faulted: bool
    """Whether a rule fails on words of it."""


def _sentences(item: ReviewItem) -> Iterator[_Said]:
    outcome = item.outcome
    for text, report in (
        (outcome.draft.public, outcome.public_report),
        (outcome.draft.private, outcome.private_report),
    ):
        lines = report.ledger.lines
        carried = [(n.start, n.end) for n in lines if n.status is LedgerStatus.SUPPORTED]
        faults = [(n.start or 0, n.end) for n in report.failures if n.end is not None]
        for one in sentences.split(text or ""):
            shown = _longest_part(outcome.redaction.mask(one.text))
            if len(shown) > _SHORTEST:
                yield _Said(shown, _is_in(one, carried), _is_in(one, faults))


def _is_in(sentence: sentences.Sentence, spans: Iterable[Span]) -> bool:
    return any(start < sentence.end and end > sentence.start for start, end in spans)


def _longest_part(masked: str) -> str:
    """Return the longest part of a sentence without placeholders: what fills them will differ."""
    return max(PLACEHOLDER.sub("\n", masked).splitlines() or [""], key=len).strip()


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
