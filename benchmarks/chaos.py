"""Kill -9 a desk, two workers, PostgreSQL and Chroma at random; nothing may be lost or doubled.

Run: .venv/bin/python -m benchmarks.chaos [--messages 1000] [--kills 100] [--seed 1]
     [--engine sqlite|postgres|both] [--scripted]
Messages appear on a loopback network (benchmarks/square.py) while processes are killed and started
again; a person approves every draft through the service. The network keeps every post that is
made, loses some answers after the post was made, and refuses no second one. The same seed gives
the same victims and the same pauses between them. PostgreSQL and the Chroma server, which the
workers search by meaning with the vectors of a loopback endpoint, are killed once each.
`--scripted`: a pipeline that answers every message alike, so that workers start in a second; it
searches nothing, and there is no Chroma.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.bootstrap import Shift, Workspace, open_workspace
from agent.domain.drafts import NoteKind, text_sha256
from agent.domain.errors import PortevoixError
from agent.domain.ids import ItemId, PersonId
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Decide, DecisionKind, QueueQuery, Reviewer, ReviewStatus
from agent.domain.work import LetterStatus
from agent.settings import load_settings
from agent.testing import ScriptedPipeline
from benchmarks.players import BRAND, Plan, Server, Stage
from benchmarks.square import Square, SquareChannel, serving
from knowledge.embedding import hashed_vector
from knowledge.passages import Language
from tests.chroma_server import running_chroma
from tests.integration.knowledge.embedding_server import EmbeddingServer
from tests.postgres_server import PostgresServer, running_server

ANA = Reviewer(id=PersonId("ana"), name="Ana")
CONFIG = """\
brands = ["{brand}"]

[channels.square]
kind = "sandbox"
brand = "{id}"

[review]
grace_seconds = 0

[work]
dead_after_seconds = 2
post_lease_seconds = 6

[work.pace.square]
at_once = 4
per_minute = 100000
"""
SEARCH = """
[chroma]
url = "{chroma}"

[models.embedder]
base_url = "{embedder}"
model = "letter-groups"
"""


@dataclass
class Result:
    """What was found at the end."""

    items: int
    lost: int
    """Messages without a review item, or whose approved reply is not out."""
    doubled: int
    """Posts beyond one a message."""
    became_unknown: int
    still_unknown: int
    dead_letters: int
    killed: dict[str, int]
    is_chain_intact: bool
    by_words_alone: int
    """Drafts made while the search by meaning was away, each with its note."""
    seconds: float
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or doubled, and every unknown outcome was resolved."""
        wrong = (self.lost, self.doubled, self.still_unknown, self.dead_letters)
        return not any(wrong) and self.is_chain_intact


def run_worker(folder: Path, port: int, *, is_scripted: bool) -> None:
    """Be one worker: the real shift, with the loopback network as its channel."""
    space = open_workspace(load_settings(folder))
    script(space, is_scripted=is_scripted)
    space.channels["square"] = SquareChannel("square", port)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Shift(space, lambda line: None).work(stop, 0.5)
    os._exit(0)


def script(space: Workspace, *, is_scripted: bool) -> None:
    """Answer every message alike, if asked for."""
    if is_scripted:
        space.pipelines = {brand: ScriptedPipeline() for brand in space.packs}  # type: ignore[assignment]


class Person:
    """Approves every draft as it comes, for as long as there are some."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.problems: Counter[str] = Counter()

    def __enter__(self) -> "Person":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _work(self) -> None:
        while not self._stop.wait(0.1):
            try:
                self._approve_all()
            except PortevoixError as error:
                # The database is being killed: a person reloads and goes on.
                self.problems[type(error).__name__] += 1
                time.sleep(0.3)

    def _approve_all(self) -> None:
        for row in self._space.review.queue(QueueQuery(limit=100)).rows:
            self._approve(row.id)
            if self._stop.is_set():
                return

    def _approve(self, item_id: ItemId) -> None:
        item = self._space.review.item(item_id)
        text = item.outcome.draft.public or "Comptez trois jours ouvrés."
        self._space.review.decide(
            Decide(
                item_id=item_id,
                version=item.version,
                kind=DecisionKind.APPROVE,
                by=ANA,
                public=text,
                shown_sha256=text_sha256(text, None),
                override_reason="an exercise",
            )
        )


def run(plan: Plan, url: str | None, server: PostgresServer | None = None) -> Result:
    """Play the plan and count. `url` None: SQLite in the workspace."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers: dict[str, Server] = {"postgres": server} if server else {}
        config = CONFIG.format(brand=BRAND.as_posix(), id=BRAND.name)
        if not plan.is_scripted:
            chroma = stack.enter_context(running_chroma())
            embedder = stack.enter_context(EmbeddingServer(_vectors).running())
            servers["chroma"] = chroma
            config += SEARCH.format(chroma=chroma.url, embedder=embedder.url)
        (folder / "portevoix.toml").write_text(config, "utf-8")
        url = url or f"sqlite:///{folder / 'portevoix.db'}"
        space = open_workspace(load_settings(folder, store={"url": url}))
        stack.callback(space.store.close)
        script(space, is_scripted=plan.is_scripted)
        space.sessions.issue_link(ANA, {EVERY_BRAND: Role.CM})
        lasts = plan.kills * plan.gap
        square = Square(plan.messages, lasts, plan.seed, plan.lost_answers, plan.refusals)
        port = stack.enter_context(serving(square))
        stage = Stage(folder, url, plan, port, servers)
        stack.callback(stage.end)
        return _play(plan, space, square, stage)


def _vectors(texts: Sequence[str]) -> list[list[float]]:
    """Vectors of letter groups: a stand-in for an embedding model that needs no weights."""
    return [hashed_vector(text, Language.FR) for text in texts]


def _play(plan: Plan, space: Workspace, square: Square, stage: Stage) -> Result:
    started = time.monotonic()
    stage.start_all()
    with Person(space) as person:
        for pause, victim in plan.schedule(stage.victims):
            time.sleep(pause)
            stage.kill(victim)
        _wait(lambda: _is_done(space, plan), 300 + plan.messages * 0.8)
    result = _count(space, square, plan, stage.killed)
    result.seconds = time.monotonic() - started
    result.problems = [f"{name} x{count}" for name, count in person.problems.items()]
    return result


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.3)


def _is_done(space: Workspace, plan: Plan) -> bool:
    try:
        return (
            _posts(space)["sent"] >= plan.messages
            and _posts(space).total() == _posts(space)["sent"]
        )
    except PortevoixError:
        return False


def _posts(space: Workspace) -> Counter[str]:
    """Posts by status, from every item there is."""
    return Counter(post.status.value for item in _items(space) for post in item)


def _items(space: Workspace) -> Iterator[tuple[object, ...]]:
    query = QueueQuery(limit=200, statuses=tuple(ReviewStatus))
    with space.store.read() as work:
        while True:
            page = work.queue.page(query)
            for row in page.rows:
                yield work.outbox.posts(row.id)
            if page.next is None:
                return
            query = query.model_copy(update={"after": page.next})


def _count(space: Workspace, square: Square, plan: Plan, killed: Counter[str]) -> Result:
    items = sum(space.review.counts().by_status.values())
    posts = _posts(space)
    made = Counter(parent for parent, _ in square.posts)
    with space.store.read() as work:
        unknown = sum(entry.action == "post.unknown" for entry in work.audit.entries())
        dead = work.letters.count(LetterStatus.DEAD)
    return Result(
        items=items,
        lost=plan.messages - min(items, len(made), posts["sent"]),
        doubled=sum(count - 1 for count in made.values()),
        became_unknown=unknown,
        still_unknown=posts["unknown"] + posts["sending"],
        dead_letters=dead,
        killed=dict(killed),
        is_chain_intact=space.trail.verify_audit().is_intact,
        by_words_alone=_by_words_alone(space),
        seconds=0.0,
    )


def _by_words_alone(space: Workspace) -> int:
    ids = []
    with space.store.read() as work:
        query: QueueQuery | None = QueueQuery(limit=200, statuses=tuple(ReviewStatus))
        while query is not None:
            page = work.queue.page(query)
            ids += [row.id for row in page.rows]
            query = query.model_copy(update={"after": page.next}) if page.next else None
    drafts = (space.review.item(one).outcome.draft for one in ids)
    return sum(NoteKind.WORDS_ALONE in {note.kind for note in one.notes} for one in drafts)


@contextmanager
def databases(engine: str) -> Iterator[Iterator[tuple[str, str | None, PostgresServer | None]]]:
    """Give the engines asked for, PostgreSQL as a throwaway server that waits for the disk."""
    if engine == "sqlite":
        yield iter([("sqlite", None, None)])
        return
    with running_server(is_durable=True) as server:
        postgres = ("postgres", server.url(server.create()), server)
        yield iter([("sqlite", None, None), postgres] if engine == "both" else [postgres])


def main() -> None:
    """Run the benchmark; exit 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=3.0)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--scripted", action="store_true")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        run_worker(given.worker, given.port, is_scripted=given.scripted)
    plan = Plan(given.messages, given.kills, given.seed, given.gap, is_scripted=given.scripted)
    is_clean = True
    with databases(given.engine) as each:
        for name, url, server in each:
            result = run(plan, url, server)
            is_clean = is_clean and result.is_clean
            print(
                f"{name}: {plan.messages} messages, {sum(result.killed.values())} kills"
                f" {result.killed}, seed {plan.seed}: {result.items} items, {result.lost} lost,"
                f" {result.doubled} posted twice; {result.became_unknown} outcomes became unknown,"
                f" {result.still_unknown} still are; {result.dead_letters} dead letters; audit"
                f" chain {'intact' if result.is_chain_intact else 'BROKEN'};"
                f" {result.by_words_alone} drafts by words alone;"
                f" {result.seconds:.0f} s; seen by the person: {result.problems or 'nothing'}"
            )
    sys.exit(not is_clean)


if __name__ == "__main__":
    main()
