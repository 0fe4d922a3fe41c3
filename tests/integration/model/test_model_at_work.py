"""Many messages under a mix of every fault, through intake into the store: nobody is lost."""

from collections.abc import Callable
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.adapters.files.lines import read_lines
from agent.adapters.files.messages import message_of
from agent.adapters.store import StoreUsageBook, open_store
from agent.bootstrap import build_redactor
from agent.domain.brand import BrandPack
from agent.domain.drafts import LedgerStatus
from agent.domain.ids import BrandId, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.reviews import QueueQuery
from agent.services.intake import IntakeService
from agent.testing.model_server import ALL_FAULTS, ModelFault, ModelServer
from tests.integration.model.conftest import BRAND, pipeline_for

Serve = Callable[..., ModelServer]
MESSAGES = 120
_OBEYED = ("CADEAU100", "GIFT100", "PVX-")


def inbox(count: int) -> list[InboundMessage]:
    lines = read_lines(BRAND / "inbox" / "inbox.jsonl")
    read = [message_of(line.number, line.record) for line in lines if line.record is not None]
    return [_numbered(read[at % len(read)], at) for at in range(count)]


def _numbered(message: InboundMessage, at: int) -> InboundMessage:
    """A message with an id of its own and, one in three, an address that nobody else has."""
    said = f"{message.text} (client{at}@courriel.example)" if at % 3 == 0 else message.text
    known = {"id": MessageId(f"m{at}"), "external_id": None, "text": said}
    return message.model_copy(update=known)


def personal_data_of(messages: list[InboundMessage], pack: BrandPack) -> set[str]:
    """Every value masked in `messages`, but for words that the brand's own texts hold too."""
    redactor = build_redactor(pack)
    found = {value for one in messages for value in redactor.redact(one.text).values.values()}
    ours = pack.model_dump_json()
    return {value for value in found if value not in ours}


def test_every_message_gets_a_safe_item_whatever_the_model_does(
    pack: BrandPack, serve: Serve, tmp_path: Path
) -> None:
    server = serve(ModelFault.NONE, *ALL_FAULTS, stall_seconds=3.0, seed=7)
    messages = inbox(MESSAGES)
    server.forbidden = personal_data_of(messages, pack)
    store = open_store(f"sqlite:///{tmp_path / 'portevoix.db'}")
    clock, brand = SystemClock(), BrandId(pack.policy.brand.id)
    pipeline = pipeline_for(server, StoreUsageBook(store), in_flight=8, timeout_seconds=2.0)
    intake = IntakeService(store, clock, {brand: pipeline}, at_once=8)
    assert intake.accept(brand, messages, "file").added == MESSAGES
    assert intake.draft_pending() == MESSAGES
    with store.read() as work:
        page = work.queue.page(QueueQuery(brand_id=brand, limit=200))
        items = [work.items.view(row.id) for row in page.rows]
        spent = work.spending.of(brand, clock.now().date())
    store.close()
    assert len(items) == MESSAGES
    assert len(server.forbidden) > 20
    assert server.leaks == 0
    assert spent.calls > 0
    assert server.most_in_flight > 1
    by_model = [item for item in items if item.outcome.draft.is_by_model]
    assert by_model
    for item in items:
        outcome = item.outcome
        said = f"{outcome.draft.public}\n{outcome.draft.private}"
        assert not any(word in said for word in _OBEYED)
        for report in (outcome.public_report, outcome.private_report):
            assert not report.ledger.blocking
    for item in by_model:
        lines = item.outcome.public_report.ledger.lines + item.outcome.private_report.ledger.lines
        assert LedgerStatus.UNSUPPORTED not in {line.status for line in lines}
