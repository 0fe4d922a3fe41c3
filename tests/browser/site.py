"""A real desk on a temporary workspace, and what the tests need to look behind its screen."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from agent.bootstrap import Workspace, open_workspace
from agent.domain.ids import ItemId, PersonId
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Decision, Reviewer, ReviewItem
from agent.services.intake import IntakeService
from agent.services.posting import PostingService
from agent.settings import load_settings
from tests.ui.sample import DELIVERY
from tests.ui.seeds import BRAND, PACK, Seed, SeededPipeline, message
from ui.command import start_desk

if TYPE_CHECKING:
    from ui.serving.process import RunningDesk

CONFIG = """\
brands = ["{pack}"]

[channels.inbox]
kind = "file"
brand = "verjolaine"
inbox = "inbox.jsonl"

[channels.sandbox]
kind = "sandbox"
brand = "verjolaine"

[channels.letters]
kind = "manual"
brand = "verjolaine"
"""
AWA = Reviewer(id=PersonId("awa"), name="Awa")
BEN = Reviewer(id=PersonId("ben"), name="Ben")
_NUMBERS = count(1)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_workspace(folder: Path, more: str = "") -> Path:
    """Write a workspace with the sample brand and three channels; `more`: settings to add."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "portevoix.toml").write_text(CONFIG.format(pack=PACK.as_posix()) + more, "utf-8")
    (folder / "inbox.jsonl").write_text("", "utf-8")
    return folder


@dataclass(frozen=True)
class Later:
    """A clock that is some seconds ahead."""

    seconds: int

    def now(self) -> datetime:
        """Return the time it will be."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


@dataclass
class Site:
    """A running desk, and the workspace behind it as another process sees it."""

    running: "RunningDesk"
    space: Workspace

    def __post_init__(self) -> None:
        self._pipeline = SeededPipeline(self.space.packs[BRAND], (DELIVERY,))
        self._intake = IntakeService(
            self.space.store,
            self.space.clock,
            {BRAND: self._pipeline},  # type: ignore[dict-item]
        )
        # The tests' poster lives when the grace delay is over: nobody has to wait for it.
        later = Later(self.space.settings.review.grace_seconds)
        self.space.posting = PostingService(self.space.store, later, self.space.channels)

    @property
    def url(self) -> str:
        return self.running.url

    def link(self, person: Reviewer = AWA, role: Role = Role.CM, brand: str = EVERY_BRAND) -> str:
        """Return a one-time sign-in link."""
        return self.running.sign_in_url(self.space.sessions.issue_link(person, {brand: role}))

    def seed(self, seeds: Iterable[Seed], via: str = "inbox") -> list[ItemId]:
        """Add items; each seed gets its own name, so that tests share no item."""
        unique = [replace(seed, name=f"{seed.name}-{next(_NUMBERS)}") for seed in seeds]
        self._pipeline.learn(unique)
        self._intake.accept(BRAND, [message(seed) for seed in unique], via=via)
        self._intake.draft_pending()
        return [self.item_of(seed) for seed in unique]

    def item_of(self, seed: Seed) -> ItemId:
        """Return the item of a seed."""
        with self.space.store.read() as work:
            found = work.items.of_message(seed.id)
        assert found is not None
        return found

    def item(self, item_id: ItemId) -> ReviewItem:
        """Return an item as the database has it now."""
        return self.space.review.item(item_id)

    def decision(self, item_id: ItemId) -> Decision | None:
        """Return what was decided, if anything."""
        return self.item(item_id).decision


def open_site(folder: Path, more: str = "", port: int | None = None) -> Site:
    """Start a desk on a new workspace in `folder`; `more`: settings to add."""
    workspace = make_workspace(folder, more)
    space = open_workspace(load_settings(workspace))
    return Site(start_desk(workspace, port=port or free_port()), space)
