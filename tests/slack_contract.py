"""Hold our Slack request and the stand-in's answers to Slack's own document.

`python -m tests.slack_contract FILE`, with slack_web_openapi_v2.json of slackapi/slack-api-specs.
Slack's document of incoming webhooks is prose: what is checked of them is in docs/notifications.md.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from agent.adapters.notify import build_messenger
from agent.domain.alerts import Alert, AlertKind, Bulletin, Line
from agent.domain.destinations import SlackDestination
from knowledge.passages import Language
from tests.loopback import serving
from tests.slack_standin import TOKEN, Slack

_TYPES = {"string": str, "boolean": bool}


def problems(document: dict[str, Any]) -> list[str]:
    """Return every difference between what we do and what the document says."""
    method = document["paths"]["/chat.postMessage"]["post"]
    slack = Slack()
    with serving(slack.app()) as address:
        _send(address)
        refusal = _refusal(address)
    ((_, sent),) = slack.requests[:1]
    found = _differences(sent, method["parameters"])
    if "application/json" not in method["consumes"]:
        found.append("a JSON body is not among what the method consumes")
    known = method["responses"]["default"]["schema"]["properties"]["error"]["enum"]
    if refusal not in known:
        found.append(f"the stand-in's error {refusal} is none of the document's")
    return found


def _differences(sent: dict[str, Any], parameters: list[dict[str, Any]]) -> list[str]:
    fields = {one["name"]: one for one in parameters if one["in"] == "formData"}
    needed = {name for name, one in fields.items() if one.get("required")}
    found = [f"{name} is missing" for name in needed - sent.keys()]
    for name, value in sent.items():
        if name not in fields:
            found.append(f"{name} is no parameter")
        elif not isinstance(value, _TYPES[fields[name]["type"]]):
            found.append(f"{name} is no {fields[name]['type']}")
    return found


def _send(address: str) -> None:
    now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    alert = Alert(kind=AlertKind.PASSED, subject="1", raised_at=now)
    bulletin = Bulletin(
        key="1",
        language=Language.FR,
        lines=(Line(alert=alert),),
        at=now,
        desk_url="https://desk.example.org",
    )
    given = {"kind": "slack", "bot_token": TOKEN, "channel": "#alerts"}
    given["base_url"] = f"{address}/api"
    build_messenger("bot", SlackDestination.model_validate(given)).deliver(bulletin)


def _refusal(address: str) -> str:
    answer = httpx.post(
        f"{address}/api/chat.postMessage",
        json={"channel": "#nowhere", "text": "x"},
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    return str(answer.json()["error"])


if __name__ == "__main__":
    differences = problems(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    print("\n".join(differences) or "as the document says")  # noqa: T201
    sys.exit(bool(differences))
