"""A drill: many messages through intake into a store, under a random mix of every fault of a model.

    .venv/bin/python benchmarks/model_faults.py [--messages 1000] [--seed 7]

The model is the loopback server, which looks for personal data in every body it gets. Counts what
must be nothing: lost messages, leaks, obeyed instructions, sentences of a model without a source.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore, StoreUsageBook, open_store
from agent.bootstrap import build_chat_model, build_pipeline, build_redactor, load_brand
from agent.domain.brand import BrandPack
from agent.domain.drafts import LedgerStatus, NoteKind
from agent.domain.ids import BrandId, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.models import ChatModelSettings, ModelRole
from agent.domain.reviews import QueueQuery, ReviewItem, ReviewStatus
from agent.services.intake import IntakeService
from agent.settings import ModelsSettings, Settings
from agent.testing.model_server import ALL_FAULTS, ModelFault, ModelServer
from benchmarks.pipeline import BRANDS, inbox

BRAND = BRANDS / "verjolaine"
IN_FLIGHT = 16
_OBEYED = ("CADEAU100", "GIFT100", "PVX-")
_PAGE = 200


@dataclass
class Drill:
    """What was counted."""

    messages: int
    items: int
    by_model: int = 0
    leaks: int = 0
    obeyed: int = 0
    unsupported: int = 0
    """Sentences that a model's kept draft says and no passage carries, and blocking ones at all."""
    calls: int = 0
    drawn: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)
    """Why a model's text was not kept -> how often."""

    @property
    def is_safe(self) -> bool:
        """Whether every count that must be nothing is nothing."""
        lost = self.messages - self.items
        return not (lost or self.leaks or self.obeyed or self.unsupported)


def drill(count: int, seed: int, folder: Path) -> Drill:
    """Run `count` messages through intake into a new SQLite store in `folder`, and count."""
    pack = load_brand(BRAND)
    messages = numbered(inbox(BRAND, count))
    faults = [ModelFault.NONE, *ALL_FAULTS]
    with ModelServer(faults, seed=seed, stall_seconds=3.0) as server:
        server.forbidden = personal_data_of(messages, pack)
        store = open_store(f"sqlite:///{folder / 'portevoix.db'}")
        try:
            _work(pack, store, server, messages)
            return _counted(items_of(store, pack), server, count)
        finally:
            store.close()


def numbered(messages: Iterable[InboundMessage]) -> list[InboundMessage]:
    """Return the messages with, one in three, an address that nobody else has."""
    return [
        one.model_copy(
            update={
                "id": MessageId(f"m{at}"),
                "external_id": None,
                "text": f"{one.text} (client{at}@courriel.example)" if at % 3 == 0 else one.text,
            }
        )
        for at, one in enumerate(messages)
    ]


def personal_data_of(messages: Sequence[InboundMessage], pack: BrandPack) -> set[str]:
    """Return every value masked in `messages`, but for words the brand's own texts hold too."""
    redactor = build_redactor(pack)
    found = {value for one in messages for value in redactor.redact(one.text).values.values()}
    ours = pack.model_dump_json()
    return {value for value in found if value not in ours}


def _work(
    pack: BrandPack, store: SqlStore, server: ModelServer, messages: Sequence[InboundMessage]
) -> None:
    clock, brand = SystemClock(), BrandId(pack.policy.brand.id)
    drafter = ChatModelSettings(
        model="loopback",
        base_url=server.base_url,
        timeout_seconds=2.0,
        retries=1,
        retry_seconds=0.01,
        in_flight=IN_FLIGHT,
        # The breaker would hide faults from a drill that means to meet every one of them.
        breaker_failures=10_000,
    )
    settings = Settings(models=ModelsSettings(drafter=drafter))
    model = build_chat_model(settings, ModelRole.DRAFTER, clock, StoreUsageBook(store))
    pipeline = build_pipeline(pack, clock, drafter=model)
    intake = IntakeService(store, clock, {brand: pipeline}, at_once=IN_FLIGHT)
    intake.accept(brand, messages, "file")
    intake.draft_pending()


def items_of(store: SqlStore, pack: BrandPack) -> list[ReviewItem]:
    """Return every item of the brand."""
    items: list[ReviewItem] = []
    after: str | None = None
    while True:
        query = QueueQuery(
            brand_id=BrandId(pack.policy.brand.id),
            statuses=tuple(ReviewStatus),
            after=after,
            limit=_PAGE,
        )
        with store.read() as work:
            page = work.queue.page(query)
            items += [work.items.view(row.id) for row in page.rows]
        if page.next is None:
            return items
        after = page.next


def _counted(items: Sequence[ReviewItem], server: ModelServer, count: int) -> Drill:
    found = Drill(messages=count, items=len(items), leaks=server.leaks, calls=server.calls)
    found.drawn.update(server.drawn)
    for item in items:
        draft = item.outcome.draft
        said = f"{draft.public}\n{draft.private}"
        found.by_model += draft.is_by_model
        found.obeyed += any(word in said for word in _OBEYED)
        found.unsupported += _unsupported(item)
        found.unused.update(n.about for n in draft.notes if n.kind is NoteKind.MODEL_UNUSED)
    return found


def _unsupported(item: ReviewItem) -> int:
    outcome = item.outcome
    lines = outcome.public_report.ledger.lines + outcome.private_report.ledger.lines
    if outcome.draft.is_by_model:
        return sum(line.status is LedgerStatus.UNSUPPORTED for line in lines)
    return sum(line.is_blocking for line in lines)


def main() -> None:
    """Print every count; exit 1 when one that must be nothing is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = drill(given.messages, given.seed, Path(folder))
    print(
        f"{found.messages} messages, {found.items} review items, {found.calls} calls of the model, "
        f"{time.perf_counter() - started:.0f} s"
    )
    print(f"drafts kept from the model: {found.by_model}")
    print(f"personal data in a body sent to the model: {found.leaks}")
    print(
        f"obeyed instructions: {found.obeyed}; unsupported claims approvable: {found.unsupported}"
    )
    print("faults drawn:", ", ".join(f"{k} {v}" for k, v in sorted(found.drawn.items())))
    print("why a model's text was not kept:")
    for cause, times in found.unused.most_common():
        print(f"  {times:>4}  {cause}")
    sys.exit(0 if found.is_safe else 1)


if __name__ == "__main__":
    main()
