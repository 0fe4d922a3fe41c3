"""Measure the desk itself at 100,000 items: a real browser, then twenty people at once.

Run: .venv/bin/python benchmarks/desk.py [--items 100000] [--engine sqlite|postgres|both]
The browser is Chromium; the twenty people are connections that speak the desk's own protocol, so
that their browsers do not take the machine that serves them. Prints figures, asserts nothing.
"""

import argparse
import http.client
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.bootstrap import Workspace, open_workspace
from agent.domain.decisions import MOST_SEVERE_FIRST, Urgency
from agent.domain.ids import PersonId
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.records import StoredMessage
from agent.domain.reviews import QueueQuery, Reviewer
from agent.settings import load_settings
from benchmarks.approvals import databases, fill
from tests.browser.site import free_port, make_workspace
from tests.ui.sample import APP, DELIVERY, ENGLISH, PASSWORD
from tests.ui.seeds import BRAND, NOW, PACK, outcome, pack
from ui.serving.process import RunningDesk, start_desk

PAGES, DECISIONS = 7, 40
PEOPLE, ROUNDS = 20, 6
THINKING = (10.0, 4.0)
"""Seconds between two actions of one person: a brisk reader, then faster than anyone reads."""
CALM = MOST_SEVERE_FIRST[-8:]
"""The plain drafts of the sample would be blocked, rightly, under any graver category."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def drafted(count: int) -> Iterator[tuple[StoredMessage, Outcome]]:
    """Yield messages of the sample brand as drafted: a spread of deadlines and categories."""
    rng, brand = Random(3), pack()
    seeds = (DELIVERY, PASSWORD, APP, ENGLISH)
    usual = {
        seed.name: outcome(seed, _message(0, seed.text, seed.channel), brand) for seed in seeds
    }
    for number in range(count):
        seed = rng.choice(seeds)
        message = _message(number, seed.text, seed.channel)
        triage = usual[seed.name].triage.model_copy(
            update={
                "category": rng.choice(CALM),
                "urgency": rng.choices(list(Urgency), weights=[20, 60, 18, 2])[0],
                "acknowledge_by": NOW + timedelta(minutes=rng.randrange(-600, 5000)),
            }
        )
        stored = StoredMessage(
            message=message,
            brand_id=BRAND,
            channel_instance="inbox",
            external_id=message.id,
            received_at=NOW,
        )
        yield stored, usual[seed.name].model_copy(update={"message": message, "triage": triage})


def _message(number: int, text: str, channel: str) -> InboundMessage:
    return InboundMessage.model_validate(
        {
            "id": f"m{number}",
            "text": text,
            "brand_id": BRAND,
            "channel": channel,
            "author": f"client{number % 20_000}",
            "external_id": f"m{number}",
            "created_at": NOW - timedelta(minutes=number % 10_000),
        }
    )


@contextmanager
def serving(url: str, folder: Path) -> Iterator[tuple[RunningDesk, Workspace]]:
    """Run a desk on the database at `url`."""
    os.environ["PORTEVOIX_STORE__URL"] = url
    workspace = make_workspace(folder)
    space = open_workspace(load_settings(workspace))
    running = start_desk(workspace, port=free_port())
    try:
        yield running, space
    finally:
        running.stop()
        space.store.close()


def line(label: str, taken: list[float]) -> None:
    """Print the median and the 95th percentile of times in milliseconds."""
    taken = sorted(taken)
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    print(
        f"  {label:<44} median {statistics.median(taken):7.0f} ms   p95 {p95:7.0f} ms"
        f"   (n={len(taken)})"
    )


def sign_in(running: RunningDesk, space: Workspace, name: str) -> str:
    """Return the link that signs a person in."""
    person = Reviewer(id=PersonId(name), name=name.title())
    return running.sign_in_url(space.sessions.issue_link(person, {EVERY_BRAND: Role.CM}))


# One person in a real browser

NEXT_ITEM = """key => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("no other item came within 20 s of the key")), 20000);
  const holder = '[class*="st-key-approve_i"]';
  const buttons = () => [...document.querySelectorAll(
    holder + '[data-stale="false"] button:not(:disabled)')];
  const shown = () => buttons().map((b) => b.closest(holder).className).join();
  const editor = () => document.querySelector(
    '[class*="st-key-text_"][data-stale="false"] textarea');
  const before = shown();
  let start = 0;
  const note = () => { start ||= performance.now(); };
  window.addEventListener("keydown", note, {capture: true, once: true});
  const look = () => {
    const now = shown();
    if (start && now && now !== before && editor()) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  look();
})"""


def measure_browser(running: RunningDesk, space: Workspace) -> None:
    """Print how long pages and decisions take on screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.set_default_timeout(60_000)
        page.goto(sign_in(running, space, "awa"))
        loads, decisions, steps = [], [], []
        for _ in range(PAGES):
            start = time.perf_counter()
            page.goto(running.url)
            page.wait_for_selector('[class*="st-key-approve_i"] button:not(:disabled)')
            loads.append((time.perf_counter() - start) * 1000)
        for taken, key in ((steps, "j"), (decisions, "a")):
            for _ in range(DECISIONS):
                page.wait_for_selector('[data-test-script-state="notRunning"]')
                page.wait_for_timeout(400)
                page.evaluate(f"() => {{ window.__shown = ({NEXT_ITEM})(); }}")
                page.keyboard.press(key)
                taken.append(float(page.evaluate("window.__shown")))
        browser.close()
    line("page, warm, until it can be decided", loads[2:])
    line("next item, key to screen", steps)
    line("approve to next item, key to screen", decisions)


# Twenty people on the desk's own protocol


@dataclass
class Visitor:
    """One person's connection: what they see, and how long each answer took."""

    running: RunningDesk
    cookie: str
    item_id: str
    thinking: float
    taken: list[float] = field(default_factory=list)
    decided: int = 0

    def visit(self, begin: threading.Barrier, number: int) -> None:
        """Open the desk, then approve, or go on where a colleague has the item."""
        from websockets.sync.client import connect

        address = f"ws://{self.running.host}:{self.running.port}/_stcore/stream"
        with connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.running.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            max_size=None,
        ) as socket:
            self._run(socket)
            begin.wait()
            time.sleep(number * self.thinking / PEOPLE)
            for _ in range(ROUNDS):
                start = time.perf_counter()
                self.decided += self._act(socket)
                took = time.perf_counter() - start
                self.taken.append(took * 1000)
                time.sleep(max(0.0, self.thinking - took))

    def _act(self, socket: object) -> int:
        approve = [i for key, i in self._buttons.items() if key.startswith("Approve") and i]
        step = [i for key, i in self._buttons.items() if key.startswith("Next") and i]
        pressed = (approve or step or [""])[0]
        self._run(socket, pressed)
        return len(approve[:1])

    def _run(self, socket: object, pressed: str = "") -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = f"item={self.item_id}&lang=en"
        if pressed:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        socket.send(message.SerializeToString())  # type: ignore[attr-defined]
        self._buttons: dict[str, str] = {}
        while True:
            said = ForwardMsg()
            said.ParseFromString(socket.recv(timeout=60))  # type: ignore[attr-defined]
            kind = said.WhichOneof("type")
            if kind == "delta" and said.delta.new_element.HasField("button"):
                button = said.delta.new_element.button
                self._buttons[button.label] = "" if button.disabled else button.id
            if kind == "page_info_changed":
                self.item_id = _item_of(said.page_info_changed.query_string) or self.item_id
            if kind == "script_finished":
                return


def _item_of(query: str) -> str:
    parts = (part.partition("=") for part in query.lstrip("?").split("&"))
    return next((value for name, _, value in parts if name == "item"), "")


def cookie_of(running: RunningDesk, link: str) -> str:
    """Spend a sign-in link and return the session's cookie."""
    connection = http.client.HTTPConnection(running.host, running.port, timeout=30)
    connection.request("GET", link.removeprefix(running.url))
    cookie = connection.getresponse().headers["set-cookie"].partition(";")[0]
    connection.close()
    return cookie


def measure_crowd(running: RunningDesk, space: Workspace, thinking: float) -> None:
    """Print how long twenty people wait for each answer, each acting every `thinking` seconds."""
    rows = space.review.queue(QueueQuery(limit=200)).rows
    visitors = [
        Visitor(
            running,
            cookie_of(running, sign_in(running, space, f"person{number}")),
            rows[(number * 7) % len(rows)].id,
            thinking,
        )
        for number in range(PEOPLE)
    ]
    begin = threading.Barrier(PEOPLE)
    threads = [
        threading.Thread(target=visitor.visit, args=(begin, number), daemon=True)
        for number, visitor in enumerate(visitors)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    taken = [one for visitor in visitors for one in visitor.taken]
    line(f"{PEOPLE} people, each every {thinking:.0f} s: full answer", taken)
    print(f"  {sum(visitor.decided for visitor in visitors)} approved by them")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    given = parser.parse_args()
    print(f"sample brand {PACK.name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with databases(given.engine) as each, tempfile.TemporaryDirectory() as folder:
        for name, url in each:
            start = time.perf_counter()
            fill(url, given.items, drafted(given.items))
            print(f"{name}: {given.items} items (filled in {time.perf_counter() - start:.0f} s)")
            with serving(url, Path(folder) / name) as (running, space):
                measure_browser(running, space)
                for thinking in THINKING:
                    measure_crowd(running, space, thinking)


if __name__ == "__main__":
    main()
