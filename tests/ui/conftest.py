"""A desk for AppTest: real services on a real database, seeded outcomes, no server."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from agent.adapters.passwords import Argon2Hasher
from agent.bootstrap import build_redactor
from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport
from agent.domain.drafts import Draft
from agent.domain.ids import BrandId, ItemId, PersonId
from agent.domain.outcome import Outcome
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Reviewer
from agent.services.accounts import AccountService
from agent.services.alerts import Addressing, WatchService
from agent.services.archive import ArchiveService
from agent.services.bulk import BulkService
from agent.services.escalations import EscalationService
from agent.services.freezing import FreezeService
from agent.services.history import HistoryService
from agent.services.intake import IntakeService
from agent.services.measuring import MeasuringService
from agent.services.people import PeopleService
from agent.services.posting import PostingService
from agent.services.review import ReviewService
from agent.services.rewriting import RewritingService
from agent.services.saved_replies import SavedReplyService
from agent.services.sessions import SessionService
from agent.services.trail import TrailService
from agent.services.views import ViewService
from agent.services.work import LetterService
from agent.settings import DeskSettings, SignInSettings
from agent.testing import FrozenClock, RecordingChannel, ScriptedPipeline
from tests.ui.sample import DELIVERY, SAMPLE
from tests.ui.seeds import BRAND, NOW, Seed, SeededPipeline, greeted, message, pack

APP = Path(__file__).parents[2] / "ui" / "app.py"
AWA = Reviewer(id=PersonId("awa"), name="Awa")
BEN = Reviewer(id=PersonId("ben"), name="Ben")


class ScriptedDeskPipeline(SeededPipeline):
    """Seeded drafts, and checks that fail on the words `agent.testing` names."""

    def check(
        self, outcome: Outcome, public: str | None, private: str | None
    ) -> tuple[CheckReport, CheckReport]:
        return ScriptedPipeline().check(outcome, public, private)

    def recompose(self, outcome: Outcome, passage_id: str) -> Draft:
        passage = next(p for p in outcome.passages if p.id == passage_id)
        return Draft(public=greeted(passage.answer, passage.lang))


@dataclass
class Space:
    """A workspace as the pages see it."""

    store: "object"
    packs: dict[BrandId, BrandPack]
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    channel: RecordingChannel = field(default_factory=RecordingChannel)

    def __post_init__(self) -> None:
        brand = self.packs[BRAND]
        self.pipeline = ScriptedDeskPipeline(brand, (DELIVERY, *SAMPLE))
        flows = {BRAND: self.pipeline}
        self.channels = {self.channel.name: self.channel}
        self.settings = SimpleNamespace(
            channels={},
            sign_in=SignInSettings(),
            desk=DeskSettings(),
            workspace=Path(),
            models=SimpleNamespace(drafter=None),
        )
        self.intake = IntakeService(self.store, self.clock, flows)  # type: ignore[arg-type]
        self.review = ReviewService(self.store, self.clock, flows)  # type: ignore[arg-type]
        self.freezing = FreezeService(self.store, self.clock, is_role_required=True)  # type: ignore[arg-type]
        self.bulk = BulkService(self.review, self.clock)
        self.views = ViewService(self.store, self.clock)  # type: ignore[arg-type]
        self.posting = PostingService(self.store, self.clock, self.channels)  # type: ignore[arg-type]
        self.letters = LetterService(self.store, self.clock, self.intake, self.posting)  # type: ignore[arg-type]
        told = Addressing({}, self.packs, "https://desk.example.org")
        self.watch = WatchService(
            self.store,  # type: ignore[arg-type]
            self.clock,
            told,
            {self.channel.name: BRAND},
            timedelta(minutes=2),
        )
        self.rewriting = RewritingService(self.store, self.clock, flows)  # type: ignore[arg-type]
        self.saved_replies = SavedReplyService(
            self.store,  # type: ignore[arg-type]
            self.clock,
            lambda _brand: build_redactor(brand),
        )
        self.sessions = SessionService(self.store, self.clock)  # type: ignore[arg-type]
        self.trail = TrailService(self.store)  # type: ignore[arg-type]
        hasher = Argon2Hasher(1, 8, 1)
        self.accounts = AccountService(self.store, self.clock, hasher, self.sessions)  # type: ignore[arg-type]
        self.people = PeopleService(self.store, self.clock, self.accounts)  # type: ignore[arg-type]
        self.federation = None
        self.history = HistoryService(self.store)  # type: ignore[arg-type]
        self.archive = ArchiveService(self.store)  # type: ignore[arg-type]
        self.escalations = EscalationService(self.store, self.clock)  # type: ignore[arg-type]
        zones = {b: ZoneInfo(p.policy.brand.time_zone) for b, p in self.packs.items()}
        self.measuring = MeasuringService(self.store, self.clock, zones)  # type: ignore[arg-type]
        self.token = ""

    def sandbox(self) -> None:
        """No sandbox here."""

    def sign_in(
        self, person: Reviewer = AWA, role: Role = Role.CM, brand: str = EVERY_BRAND
    ) -> None:
        """Open a session; the pages find it as the browser's cookie would give it."""
        self.token = self.sessions.redeem(self.sessions.issue_link(person, {brand: role}))

    def seed(self, *seeds: Seed) -> list[ItemId]:
        """Take seeds in and return their items, in the same order."""
        self.pipeline.learn(seeds)
        self.intake.accept(BRAND, [message(seed) for seed in seeds], via=self.channel.name)
        self.intake.draft_pending()
        return [self.item_of(seed) for seed in seeds]

    def item_of(self, seed: Seed) -> ItemId:
        """Return the item of a seed."""
        with self.store.read() as work:  # type: ignore[attr-defined]
            found: ItemId = work.items.of_message(seed.id)
        return found


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put `__main__` back: AppTest leaves the desk's script there, and processes would run it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture
def space(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Space]:
    """A signed-in workspace without items; the pages open it instead of one on disk."""
    from agent.adapters.store import open_store

    store = open_store(sqlite_url)
    opened = Space(store, {BRAND: pack()})
    monkeypatch.setattr("ui.desk.workspace._open", lambda _folder: opened)
    monkeypatch.setattr("ui.desk.session.session_token", lambda: opened.token)
    opened.sign_in()
    yield opened
    store.close()


@pytest.fixture
def page(space: Space) -> Callable[..., AppTest]:
    """Return a function that opens the desk, at an item if one is given."""

    def open_page(item: ItemId | None = None, lang: str = "en", **query: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=30)
        app.query_params["lang"] = lang
        if item is not None:
            app.query_params["item"] = item
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_page
