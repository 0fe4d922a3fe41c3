"""The logs: what happened, by ids; of what a customer wrote, of names and of secrets, nothing."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
import sqlalchemy as sa

from agent.adapters import logs
from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore
from agent.domain.messages import InboundMessage
from agent.domain.work import JobKind
from agent.ports.journal import NAME, Happened, note
from agent.testing import Fault
from tests.desk_kit import Desk, message
from tests.integration.work.crew_kit import Crew

PRIVATE = (
    "Jeanne Perrache",
    "jeanne.perrache@exemple.fr",
    "FR7630006000011234567890189",
    "06 12 34 56 78",
    "sk-secret-4242",
)
TEXT = "Je suis {}, {}, IBAN {}, tél. {}, clé {}".format(*PRIVATE)
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


class Records(logging.Handler):
    """Every record of every logger, as any handler sees it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logs as JSON of everything down to debug, and this process's logging put back after."""
    before = (logging.getLogRecordFactory(), sys.excepthook, threading.excepthook)
    root, ours = logging.getLogger(), logging.getLogger(NAME)
    levels = (root.level, ours.level)
    stream = io.StringIO()
    monkeypatch.setattr(logs, "_handler", None)
    logs.set_up_logs("test", "json", "debug", stream)
    root.setLevel(logging.NOTSET)
    yield stream
    root.removeHandler(logs.handler_in_use() or logging.NullHandler())
    logging.captureWarnings(capture=False)
    logging.setLogRecordFactory(before[0])
    sys.excepthook, threading.excepthook = before[1], before[2]
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    logging.getLogger("dbos").handlers.clear()


@pytest.fixture
def records(lines: io.StringIO) -> Iterator[Records]:
    handler = Records()
    roots = [logging.getLogger(), logging.getLogger("dbos")]
    for logger in roots:
        logger.addHandler(handler)
    yield handler
    for logger in roots:
        logger.removeHandler(handler)


def written(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def private(n: int, **given: object) -> InboundMessage:
    return message(f"{TEXT} {n}", id=f"m{n}", external_id=f"x{n}", author=PRIVATE[0], **given)


def everything_goes_wrong(desk: Desk, url: str) -> None:
    """Draft, crash, approve, send, lose, refuse and give up, through the real engine."""
    drafts: list[str] = []

    def breaks(kind: JobKind, subject: str) -> None:
        if kind is JobKind.DRAFT and subject == "m0":
            drafts.append(subject)
            raise ValueError(f"cannot read {TEXT}")

    run = desk.pipeline.run

    def crashes(message: InboundMessage) -> object:
        if message.id == "m1":
            raise RuntimeError(TEXT)
        return run(message)

    desk.pipeline.run = crashes  # type: ignore[method-assign, assignment]
    desk.channel.inbox = [private(n) for n in range(8)]
    with Crew(desk, url) as crew:
        crew.before = breaks
        crew.until(lambda: sum(desk.review.counts().by_status.values()) == 8)
        assert len(drafts) == 3
        desk.channel.faults = [
            Fault.TIME_OUT_AFTER,
            Fault.CRASH_AFTER,
            Fault.REFUSED_FOR_GOOD,
            Fault.REFUSED_FOR_NOW,
        ]
        for n in range(2, 8):
            desk.approve(desk.item_of(f"m{n}"), public=f"Réponse à {TEXT}", override_reason="ok")  # type: ignore[arg-type]
        crew.until(lambda: len(desk.channel.sent) >= 4)
        desk.channel.is_down = True
        desk.posting.resolve_unknown()
        crew.foreman.round(every=0.0)
        desk.channel.is_down = False


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def libraries_speak(store_url: str) -> None:
    """Let libraries log what they log of such text, at their most talkative."""
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.handle_request, daemon=True).start()
    httpx.get(f"http://127.0.0.1:{server.server_port}/{PRIVATE[4]}", params={"q": TEXT})
    server.server_close()
    engine = sa.create_engine(store_url, echo="debug")
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT :text"), {"text": TEXT}).all()
    engine.dispose()
    from streamlit.logger import get_logger

    # A server that ran in this process before may keep its records to itself, or make none.
    logging.getLogger("uvicorn").propagate = True
    logging.getLogger("uvicorn.error").propagate = True
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)
    for name in ("streamlit.script", "chromadb.telemetry", "uvicorn.error", "asyncio"):
        logger = get_logger(name) if name.startswith("streamlit") else logging.getLogger(name)
        try:
            raise LookupError(TEXT)
        except LookupError as error:
            logger.exception(f"it failed: {TEXT}" if "uvicorn" not in name else error)
            logger.warning("for %s", TEXT)
    warnings.warn(TEXT, stacklevel=1)


def fails_in_a_thread() -> None:
    def fall() -> None:
        raise OSError(TEXT)

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()


@on_sqlite
def test_no_record_of_any_logger_holds_personal_data_or_a_secret(
    store: SqlStore, store_url: str, lines: io.StringIO, records: Records
) -> None:
    desk = Desk(store, clock=SystemClock())  # type: ignore[arg-type]
    everything_goes_wrong(desk, store_url)
    libraries_speak(store_url)
    fails_in_a_thread()
    logs.take_over()
    logging.getLogger("streamlit.script").error(TEXT)
    told = lines.getvalue() + "".join(
        repr(record.__dict__) + record.getMessage() for record in records.kept
    )
    assert [word for word in PRIVATE if word in told] == []
    entries = written(lines)
    seen = {entry["event"] for entry in entries}
    assert seen >= {
        Happened.MESSAGE_DRAFTED,
        Happened.CHANNEL_READ,
        Happened.DECIDED,
        Happened.POST,
        Happened.JOB_DONE,
        Happened.JOB_FAILED,
        Happened.JOB_GIVEN_UP,
        Happened.CHANNEL_FAILED,
        Happened.PROCESS_FAILED,
        Happened.LIBRARY,
    }
    outcomes = {entry["outcome"] for entry in entries if entry["event"] == Happened.POST}
    assert outcomes >= {"sent", "unknown", "returned", "postponed"}
    libraries = {record.name.partition(".")[0] for record in records.kept}
    assert libraries >= {"httpx", "sqlalchemy", "streamlit", "chromadb", "uvicorn", "asyncio"}
    assert {entry["level"] for entry in entries if "logger" in entry} == {"warning", "error"}
    crashed = next(one for one in entries if one.get("message") == "m1")
    assert (crashed["outcome"], crashed["level"]) == ("crashed", "warning")


def test_an_id_that_may_be_more_than_one_is_told_by_its_hash(lines: io.StringIO) -> None:
    note(Happened.MESSAGE_DRAFTED, message=PRIVATE[1], item="i-1", rules=("T1", PRIVATE[0]))
    logs.set_up_logs("test", "text", "warning", lines)
    note(Happened.DECIDED, item="i-2")
    note(Happened.POST, logging.WARNING, post="p-1", attempt=2)
    first, second = lines.getvalue().splitlines()
    entry = json.loads(first)
    assert entry["message"].startswith("sha256:")
    assert entry["rules"][0] == "T1"
    assert entry["rules"][1].startswith("sha256:")
    assert entry["at"].endswith("Z")
    assert (entry["event"], entry["item"], entry["process"]) == ("message.drafted", "i-1", "test")
    assert " warning post.attempted process=test " in second
    assert second.endswith("post=p-1 attempt=2")
