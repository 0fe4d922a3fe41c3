"""Write the screenshots of the documentation: two months of a desk's life, page by page.

Run: make screenshots (about three minutes; every file of docs/screenshots is written anew)
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from agent.domain.drafts import text_sha256
from agent.domain.handoffs import HandoffQuery
from agent.domain.ids import ItemId, TeamId
from agent.domain.people import Role
from agent.domain.reviews import Decide, DecisionKind, RejectionReason
from agent.services.escalations import EscalationService
from agent.services.intake import IntakeService
from agent.services.posting import PostingService
from agent.services.review import ReviewService
from agent.testing import FrozenClock, RecordingChannel
from tests.browser import site as sites
from tests.browser.site import AWA, BEN, Site, open_site
from tests.ui import seeds
from tests.ui.conftest import ScriptedDeskPipeline
from tests.ui.sample import SAMPLE
from tests.ui.seeds import BRAND, PACK, Seed, message

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu"]
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAUSE = timedelta(hours=1)
"""What a decision takes, on average."""
DAYS, MESSAGES, LEFT_OPEN = 62, 260, 14
EVERY_STYLE = (("light", "fr"), ("dark", "fr"), ("light", "en"), ("dark", "en"))
OFTEN = (1, 4, 8, 5, 3, 2, 3, 5, 3)
"""How often each message of the sample comes."""


class Past:
    """The team's work of the last two months, at the times it would have happened."""

    def __init__(self, site: Site) -> None:
        store = site.space.store
        self.clock = FrozenClock(datetime.now(UTC) - timedelta(days=DAYS))
        self.pipeline = ScriptedDeskPipeline(site.space.packs[BRAND], SAMPLE)
        flows: dict[Any, Any] = {BRAND: self.pipeline}
        self.intake = IntakeService(store, self.clock, flows)
        self.review = ReviewService(store, self.clock, flows)
        self.posting = PostingService(store, self.clock, {"inbox": RecordingChannel(name="inbox")})
        self.teams = EscalationService(store, self.clock)
        self.site, self.random, self.end = site, Random(4), datetime.now(UTC)

    def live(self) -> None:
        """Let messages come and be decided; the last ones stay open."""
        step = timedelta(days=DAYS) / MESSAGES - PAUSE
        for number in range(MESSAGES):
            wanted = self.clock.now() + step * self.random.uniform(0.4, 1.6)
            soonest = self.clock.now() + timedelta(minutes=3)
            self._wait(wanted if wanted < self.end - timedelta(hours=2) else soonest)
            seed = self.random.choices(SAMPLE, weights=OFTEN)[0]
            seeds.NOW = self.clock.now()
            item = self._receive(replace(seed, name=f"{seed.name}-{number}"))
            if number < MESSAGES - LEFT_OPEN:
                self._decide(item, seed)
                self._answer_teams()

    def _wait(self, until: datetime) -> None:
        self.clock.advance(max(timedelta(), min(until, self.end) - self.clock.now()))

    def _receive(self, seed: Seed) -> ItemId:
        self.pipeline.learn([seed])
        written = self.clock.now() - timedelta(minutes=self.random.randint(1, 40))
        one = message(seed).model_copy(update={"created_at": written})
        self.intake.accept(BRAND, [one], via="inbox")
        self.intake.draft_pending()
        return self.site.item_of(seed)

    def _decide(self, item: ItemId, seed: Seed) -> None:
        who = self.random.choice([AWA, AWA, BEN])
        self._wait(self.clock.now() + timedelta(minutes=self.random.choice([2, 9, 25, 60, 200])))
        self.review.claim(item, who)
        self._wait(self.clock.now() + timedelta(seconds=self.random.randint(8, 140)))
        kind, given = self._choice(item, seed)
        version = self.review.item(item).version
        self.review.decide(Decide(item_id=item, version=version, kind=kind, by=who, **given))
        self._wait(self.clock.now() + timedelta(seconds=30))
        self.posting.post_ready()

    def _choice(self, item: ItemId, seed: Seed) -> tuple[DecisionKind, dict[str, Any]]:
        chance, draft = self.random.random(), self.review.item(item).outcome.draft
        if seed.name == "troll":
            return DecisionKind.MODERATE, {"charter_rule": "insults", "moderation": "hide"}
        if seed.route.value in {"hold", "escalate"} or chance < 0.07:
            note = "La personne attend une réponse sur son dossier."
            return DecisionKind.ESCALATE, {"team": TeamId(seed.team or "care"), "note": note}
        if chance < 0.17:
            return DecisionKind.REJECT, {"reason": self.random.choice(list(RejectionReason)[:4])}
        text = draft.public or "Bonjour, merci pour votre message."
        text += "\nÀ bientôt." if self.random.random() < 0.3 else ""
        seen = text_sha256(text, draft.private)
        texts = {"public": text, "private": draft.private, "shown_sha256": seen}
        return DecisionKind.APPROVE, texts | {"override_reason": "Vérifié avec l'équipe."}

    def _answer_teams(self) -> None:
        if self.random.random() > 0.05:
            return
        for row in self.teams.page(HandoffQuery(brands=(BRAND,))).rows[:2]:
            handoff = row.handoff
            self.teams.finish(handoff.id, handoff.version, BEN, "Réglé par téléphone.")


@dataclass(frozen=True)
class Shot:
    """One picture: a page, and what is done on it before it is taken."""

    name: str
    path: str = "/"
    act: Callable[[Page], None] = lambda page: None
    width: int = 1440
    height: int = 900
    styles: tuple[tuple[str, str], ...] = EVERY_STYLE


def press(*keys: str) -> Callable[[Page], None]:
    """Return the pressing of keys, each when the page rests."""

    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)
            settle(page)

    return act


def settle(page: Page) -> None:
    """Wait until the page rests."""
    page.wait_for_timeout(900)
    page.wait_for_selector(IDLE, timeout=60_000)
    page.wait_for_timeout(500)


def try_change(page: Page) -> None:
    """Try the proposal on what came in; once is enough for every picture."""
    page.get_by_text(re.compile("What if|Et si")).first.click()
    settle(page)
    if not page.locator(".st-key-whatif_counts").count():
        page.locator(".st-key-whatif_start button").click()
        page.wait_for_selector(".st-key-whatif_counts", timeout=600_000)


def scroll_item(page: Page) -> None:
    """Show what stands under the texts of the item."""
    page.locator(".st-key-pane_item").evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")


SHOTS = (
    Shot("queue"),
    Shot("item", act=scroll_item),
    Shot("bulk", act=press("b")),
    Shot("sandbox", "/sandbox"),
    Shot("measure", "/measure", height=1400),
    Shot("evals", "/evals", height=1200),
    Shot("what_if", "/guide?proposal={proposal}", act=try_change),
    Shot("queue_1920", width=1920, height=1080, styles=EVERY_STYLE[:1]),
    Shot("queue_1280", width=1280, height=800, styles=EVERY_STYLE[:1]),
    Shot("tablet", width=1024, height=768, styles=EVERY_STYLE[:1]),
    Shot("reject", act=press("x"), styles=EVERY_STYLE[:1]),
    Shot("keys", act=press("?"), styles=EVERY_STYLE[:1]),
    Shot("escalations", "/escalations", styles=EVERY_STYLE[:2]),
    Shot("archive", "/archive", styles=EVERY_STYLE[:1]),
    Shot("suggestions", "/suggestions", styles=EVERY_STYLE[:1]),
    Shot("team", "/people", styles=EVERY_STYLE[:1]),
)


@contextmanager
def lived_in_desk(folder: Path) -> Iterator[tuple[Site, str]]:
    """Run a desk with a past on a copy of the sample brand; yield it and a proposal's id."""
    shutil.copytree(PACK, folder / "brand")
    sites.PACK = folder / "brand"
    site = open_site(folder / "workspace")
    try:
        proposal = propose(site, folder / "brand")
        Past(site).live()
        for name in ("first", "second"):
            run_suite(folder / "workspace" / "evals" / name)
        yield site, proposal
    finally:
        site.running.stop()


def propose(site: Site, brand: Path) -> str:
    """Propose another delivery time and return the proposal's id."""
    name = "faq/delivery.fr.md"
    before = (brand / name).read_text("utf-8")
    changes = {name: before.replace("3 à 5 jours ouvrés", "4 à 6 jours ouvrés")}
    site.link(AWA, Role.ADMIN)
    site.space.adopt_packs()
    note = "Nouveau délai en point relais"
    return site.space.proposals.propose(BRAND, AWA, note, changes).id


def run_suite(out: Path) -> None:
    """Run the whole suite into a folder of the evals page."""
    program = Path(sys.executable).with_name("portevoix")
    subprocess.run([program, "eval", "run", "--out", out], check=False, capture_output=True)


@contextmanager
def signed_in(browser: Browser, site: Site, scheme: str, lang: str) -> Iterator[Page]:
    """Open the desk as an administrator, who sees every page."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale=f"{lang}-{'FR' if lang == 'fr' else 'GB'}",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(site.link(AWA, Role.ADMIN))
    settle(page)
    yield page
    context.close()


def take(page: Page, address: str, shot: Shot, target: Path) -> None:
    """Take one picture, in the few colours that a page has."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.goto(address)
    settle(page)
    shot.act(page)
    settle(page)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> None:
    """Write every picture, or those whose names are given."""
    wanted = set(sys.argv[1:])
    OUT.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        lived_in_desk(Path(folder)) as (site, proposal),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scheme, lang in EVERY_STYLE:
            with signed_in(browser, site, scheme, lang) as page:
                for shot in SHOTS:
                    if (scheme, lang) in shot.styles and (not wanted or shot.name in wanted):
                        path = shot.path.format(proposal=proposal)
                        address = f"{site.url}{path}{'&' if '?' in path else '?'}lang={lang}"
                        take(page, address, shot, OUT / f"{shot.name}_{scheme}_{lang}.png")
        browser.close()


if __name__ == "__main__":
    main()
