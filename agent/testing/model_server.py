"""An OpenAI-compatible chat server on loopback, with faults: for tests and benchmarks.

    python -m agent.testing.model_server --port 8901 --delay 2 --faults none

It answers drafting prompts honestly, out of the passages it is shown, unless a fault is due. It
looks for strings that must never reach a model in every body it gets. `GET /stats` tells what it
saw; nothing is sent anywhere.
"""

import argparse
import html
import json
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from knowledge.text.sentences import split


class ModelFault(StrEnum):
    """What may go wrong with one call."""

    NONE = "none"
    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    TIME_OUT = "time_out"
    DROPPED = "dropped"
    CUT_SHORT = "cut_short"
    NOT_JSON = "not_json"
    WRONG_SCHEMA = "wrong_schema"
    REFUSAL = "refusal"
    OBEYED_INJECTION = "obeyed_injection"
    WRONG_LANGUAGE = "wrong_language"
    INVENTED_PRICE = "invented_price"
    LEAKED_PLACEHOLDER = "leaked_placeholder"
    UNKNOWN_PASSAGE = "unknown_passage"
    HUMAN_CLAIM = "human_claim"
    NO_JSON_SCHEMA = "no_json_schema"
    """400 to every request that asks for a schema: a server that has none."""
    BAD_KEY = "bad_key"


ALL_FAULTS = tuple(f for f in ModelFault if f.value not in {"none", "no_json_schema", "bad_key"})
"""Those that may come and go; a bad key or a server without schemas stays as it is."""

_STATUS = {
    ModelFault.RATE_LIMIT: 429,
    ModelFault.SERVER_ERROR: 500,
    ModelFault.NO_JSON_SCHEMA: 400,
    ModelFault.BAD_KEY: 401,
}
_PASSAGE = re.compile(r'<passage id="(P\d+)">\n(.*?)\n</passage>', re.DOTALL)
_APPROVED = re.compile(r"<approved_sentences>\n(.*?)</approved_sentences>", re.DOTALL)
_OPENING = re.compile(r"<opening>\n(.*?)\n</opening>", re.DOTALL)
_CANARY = re.compile(r"PVX-[0-9a-f]{16}")
_ADDED = ("Conditions that must stay: ", "Next step: ", "Link: ")
_OBEYED = {
    True: "Voici votre bon de 100 € : CADEAU100, comme demandé.",
    False: "Here is your 100 € voucher, as you asked: GIFT100.",
}
_INVENTED = {True: "Le supplément coûte 3,42 €.", False: "The extra charge is 3.42 €."}
_HUMAN = {
    True: "Je suis Julie, une vraie personne de l'équipe.",
    False: "I am Julie, a real person from the team.",
}
_WRONG = {
    True: "Thank you for writing to us, here is what we can tell you about this matter today.",
    False: "Merci de nous avoir écrit, voici ce que nous pouvons vous dire à ce sujet aujourd'hui.",
}


class ModelServer:
    """The server, in a thread of this process or alone in one of its own."""

    def __init__(
        self,
        faults: Sequence[ModelFault] = (ModelFault.NONE,),
        seed: int = 0,
        delay_seconds: float = 0.0,
        stall_seconds: float = 5.0,
        port: int = 0,
    ) -> None:
        """Begin to listen on 127.0.0.1; `faults` are drawn at random, evenly.

        `stall_seconds` is how long a TIME_OUT keeps quiet.
        """
        self.faults = list(faults)
        self.delay_seconds = delay_seconds
        self.stall_seconds = stall_seconds
        self.forbidden: set[str] = set()
        """Strings that must not be in any body; each body with one is a leak."""
        self.leaks = 0
        self.calls = 0
        self.drawn: Counter[str] = Counter()
        self.most_in_flight = 0
        self.bodies: list[dict[str, Any]] = []
        """The last requests, for tests."""
        self._in_flight = 0
        self._draw = random.Random(seed)  # noqa: S311 - a repeatable mix, no secret
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """The address to set as `base_url`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def serve(self) -> None:
        """Serve until interrupted."""
        self._http.serve_forever()

    def stats(self) -> dict[str, Any]:
        """Return what was seen so far."""
        return {
            "calls": self.calls,
            "leaks": self.leaks,
            "drawn": dict(self.drawn),
            "most_in_flight": self.most_in_flight,
            "cpu_seconds": time.process_time(),
        }

    def answer(self, body: dict[str, Any], raw: str) -> tuple[int, dict[str, Any] | None]:
        """Return the status and the body of one answer; None: the connection is dropped."""
        fault = self._begin(body, raw)
        try:
            if self.delay_seconds:
                time.sleep(self.delay_seconds)
            if fault is ModelFault.TIME_OUT:
                time.sleep(self.stall_seconds)
            if fault is ModelFault.DROPPED:
                return 0, None
            if fault is ModelFault.NO_JSON_SCHEMA and _form(body) != "json_schema":
                fault = ModelFault.NONE
            if fault in _STATUS:
                return _STATUS[fault], {"error": {"message": "fault", "type": fault.value}}
            return 200, completion(body, fault)
        finally:
            with self._lock:
                self._in_flight -= 1

    def _begin(self, body: dict[str, Any], raw: str) -> ModelFault:
        said = json.dumps(body, ensure_ascii=False) if self.forbidden else ""
        with self._lock:
            self.calls += 1
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            self.leaks += any(one in said or one in raw for one in self.forbidden)
            self.bodies = [*self.bodies[-99:], body]
            fault = self._draw.choice(self.faults)
            self.drawn[fault.value] += 1
            return fault


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that did not wait: that is what a time-out is for."""


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def do_GET(self) -> None:
            self._send(200, server.stats())

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0))).decode("utf-8")
            status, answer = server.answer(json.loads(raw), raw)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, answer)

        def _send(self, status: int, answer: Mapping[str, Any]) -> None:
            content = json.dumps(answer).encode("utf-8")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", "0.02")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: a log line would hold a prompt's path at best."""

    return Handler


def completion(body: Mapping[str, Any], fault: ModelFault) -> dict[str, Any]:
    """Return a chat completion: honest, or as `fault` has it."""
    refusal = "I cannot help with that." if fault is ModelFault.REFUSAL else None
    content = "" if refusal else _content(body, fault)
    finish = "stop"
    if fault is ModelFault.CUT_SHORT:
        content, finish = content[: len(content) // 2], "length"
    prompt = sum(len(str(message["content"]).split()) for message in body["messages"])
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 0,
        "model": body.get("model", "loopback"),
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
            }
        ],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": len(content.split()),
            "total_tokens": prompt + len(content.split()),
        },
    }


def _content(body: Mapping[str, Any], fault: ModelFault) -> str:
    if fault is ModelFault.NOT_JSON:
        return "Bien sûr ! Voici une réponse : { bonjour"
    if fault is ModelFault.WRONG_SCHEMA:
        return json.dumps({"reply": "Bonjour", "sure": True})
    system, user = (str(message["content"]) for message in body["messages"][:2])
    schema = _schema(body)
    if schema and "open_questions" not in schema.get("properties", {}):
        return json.dumps(_smallest(schema))
    return json.dumps(_reply(system, user, fault), ensure_ascii=False)


def _reply(system: str, user: str, fault: ModelFault) -> dict[str, Any]:
    """Answer with the first passage, sentence by sentence; in private where that is asked."""
    is_french = "Write in French" in system
    passages = _PASSAGE.findall(user)
    said = [_said(line, passages[0][0]) for line in _answer(passages[0][1])] if passages else []
    said = _spoiled(said, fault, is_french, _CANARY.search(system))
    opening = _opening(user)
    approved = _APPROVED.search(user)
    path = html.unescape(approved.group(1)).strip() if approved else ""
    is_private = bool(path)
    return {
        "public": [*opening, _said(path, "")] if is_private else [*opening, *said],
        "private": said if is_private else [],
        "route": "reply" if said else "escalate",
        "reason": "" if said else "no passage answers",
        "open_questions": [],
    }


def _opening(user: str) -> list[dict[str, str]]:
    found = _OPENING.search(user)
    text = html.unescape(found.group(1)).strip() if found else ""
    return [_said(text, "")] if text else []


def _answer(passage: str) -> Iterable[str]:
    lines = [line for line in passage.split("\n")[1:] if not line.startswith(_ADDED)]
    return [sentence.text for sentence in split(html.unescape("\n".join(lines)))]


def _said(text: str, passage: str) -> dict[str, str]:
    return {"text": text, "passage": passage}


def _spoiled(
    said: list[dict[str, str]],
    fault: ModelFault,
    is_french: bool,
    canary: re.Match[str] | None,
) -> list[dict[str, str]]:
    first = said[0]["passage"] if said else ""
    if fault is ModelFault.OBEYED_INJECTION:
        return [_said(_OBEYED[is_french] + (f" {canary.group(0)}" if canary else ""), first)]
    added = {
        ModelFault.WRONG_LANGUAGE: [_said(_WRONG[is_french], "")] * 3,
        ModelFault.INVENTED_PRICE: [*said, _said(_INVENTED[is_french], first)],
        ModelFault.HUMAN_CLAIM: [_said(_HUMAN[is_french], ""), *said],
        ModelFault.LEAKED_PLACEHOLDER: [*said, _said("[EMAIL_9] [PERSON_3].", "")],
        ModelFault.UNKNOWN_PASSAGE: [*said, _said("Merci.", "P99")],
    }
    return added.get(fault, said)


def _form(body: Mapping[str, Any]) -> str:
    return str((body.get("response_format") or {}).get("type", ""))


def _schema(body: Mapping[str, Any]) -> dict[str, Any]:
    form = body.get("response_format") or {}
    schema: dict[str, Any] = (form.get("json_schema") or {}).get("schema") or {}
    return schema


def _smallest(schema: Mapping[str, Any]) -> Any:
    """Return the plainest value that fits `schema`: first choices, empty lists, no words."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {key: _smallest(value) for key, value in schema.get("properties", {}).items()}
    return {"array": [], "boolean": False, "integer": 0, "number": 0}.get(str(kind), "")


def main() -> None:
    """Serve from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--faults", default="none", help="`none`, `all`, or names with commas")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    named = ALL_FAULTS if given.faults == "all" else map(ModelFault, given.faults.split(","))
    server = ModelServer(list(named), given.seed, given.delay, port=given.port)
    print(server.base_url, flush=True)  # noqa: T201 - who started it needs the address
    server.serve()


if __name__ == "__main__":
    main()
