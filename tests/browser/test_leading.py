"""The brand lead: a change proposed, tried and put in force; evals drilled into; nobody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agent.adapters.brand_pack import init_pack
from agent.bootstrap import Workspace, open_workspace
from agent.domain.errors import NotAllowed
from agent.domain.ids import BrandId, MessageId, PersonId
from agent.domain.messages import InboundMessage
from agent.domain.packs import ProposalStatus
from agent.domain.people import Role
from agent.domain.reviews import Reviewer, ReviewStatus
from agent.settings import load_settings
from tests.browser.conftest import OpenDesk
from tests.browser.screen import Screen
from tests.browser.site import free_port
from tests.browser.waiting import until
from ui.command import start_desk

BRAND = BrandId("maison-test")
LEA = Reviewer(id=PersonId("lea"), name="Léa")
CAM = Reviewer(id=PersonId("cam"), name="Cam")
CASES = """\
defaults: {criterion: grounding, owner: Léa, provenance: synthetic, cluster: shop}
cases:
  - id: maison.grounding.fr.unknown
    message: {text: "Avez-vous un service de taxidermie pour dragons ?", channel: facebook}
    expected: {autofail: none}
"""


@dataclass
class LeadDesk:
    """A desk on a small brand of its own, which its lead may change."""

    url: str
    space: Workspace
    pack: Path
    sign_in: object

    def link(self, person: Reviewer, role: Role) -> str:
        return str(self.sign_in(self.space.sessions.issue_link(person, {BRAND: role})))  # type: ignore[operator]


@pytest.fixture(scope="module")
def lead_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadDesk]:
    folder = tmp_path_factory.mktemp("lead")
    init_pack(folder / "pack", "Maison Test")
    (folder / "pack" / "evals").mkdir(exist_ok=True)
    (folder / "pack" / "evals" / "own.yaml").write_text(CASES, "utf-8")
    workspace = folder / "workspace"
    workspace.mkdir()
    (workspace / "portevoix.toml").write_text(f'brands = ["{folder / "pack"}"]\n', "utf-8")
    space = open_workspace(load_settings(workspace))
    message = InboundMessage(id=MessageId("m1"), text="Bonjour, vous livrez quand ?")
    space.intake.accept(BRAND, [message], via="essai")
    space.intake.draft_pending()
    running = start_desk(workspace, port=free_port())
    yield LeadDesk(running.url, space, folder / "pack", running.sign_in_url)
    running.stop()


@pytest.fixture
def opened(lead_desk: LeadDesk, context: object) -> object:
    """Return a function that signs a person in and opens a page."""

    def open_page(person: Reviewer, role: Role, path: str) -> Screen:
        page = context().new_page()  # type: ignore[operator]
        page.goto(lead_desk.link(person, role))
        page.wait_for_selector('[data-testid="stApp"]')
        screen = Screen(page, lead_desk.url)
        screen.go(path)
        return screen

    return open_page


def test_a_change_is_proposed_tried_and_put_in_force(lead_desk: LeadDesk, opened: OpenDesk) -> None:
    screen = opened(LEA, Role.LEAD, "/guide")
    page, space = screen.page, lead_desk.space
    before = (lead_desk.pack / "brand.yaml").read_text("utf-8")
    screen.button("new_proposal").click()
    name = page.get_by_label("Sector")
    name.fill("Ateliers et bocaux")
    name.press("Tab")
    until(lambda: bool(space.proposals.proposals(BRAND)[0].changes))
    (proposal,) = space.proposals.proposals(BRAND)
    assert "Ateliers et bocaux" in (proposal.changes["brand.yaml"] or "")
    assert (lead_desk.pack / "brand.yaml").read_text("utf-8") == before
    page.get_by_text("What if? · Activate").click()
    expect(page.get_by_text("was not tried as it stands")).to_be_visible()
    page.locator(".st-key-activate button").click()
    expect(page.get_by_text("Activation is blocked")).to_be_visible()
    screen.button("whatif_start").click()
    page.wait_for_selector(".st-key-whatif_counts", timeout=120_000)
    assert space.proposals.proposal(proposal.id).trial is not None
    screen.settle()
    page.locator(".st-key-activate button").click()
    expect(page.get_by_text("Version 2, in force since")).to_be_visible()
    after = (lead_desk.pack / "brand.yaml").read_text("utf-8")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert [line.strip() for line in changed] == ["sector: Ateliers et bocaux"]
    assert space.proposals.proposal(proposal.id).status is ProposalStatus.ACTIVATED
    with space.store.read() as work:
        item_id = work.items.of_message(MessageId("m1"))
    assert item_id is not None
    assert space.review.item(item_id).status is ReviewStatus.STALE
    assert space.packs.refresh(BRAND).policy.brand.sector == "Ateliers et bocaux"


def test_a_form_that_comes_back_writes_nothing_that_nobody_changed(
    lead_desk: LeadDesk, opened: OpenDesk
) -> None:
    screen = opened(LEA, Role.LEAD, "/guide")
    page, space = screen.page, lead_desk.space
    screen.button("new_proposal").click()
    screen.settle()
    toggle = page.get_by_label("“vous” allowed for several people")
    expect(toggle).to_be_checked()
    for tab in ("Texts", "Form", "Changes", "Form"):
        page.get_by_text(tab, exact=True).first.click()
        screen.settle()
    expect(toggle).to_be_checked()
    (proposal,) = [one for one in space.proposals.proposals(BRAND) if one.is_open]
    assert proposal.changes == {}
    toggle.locator("xpath=ancestor::label").click()
    until(lambda: bool(space.proposals.proposal(proposal.id).changes))
    written = space.proposals.proposal(proposal.id).changes["brand.yaml"] or ""
    assert "plural_vous_ok: false" in written


def test_a_run_is_started_and_drilled_into(lead_desk: LeadDesk, opened: OpenDesk) -> None:
    screen = opened(LEA, Role.LEAD, "/evals")
    page = screen.page
    page.locator(".st-key-evals_suite input").click()
    page.get_by_role("option", name="full").click()
    screen.settle()
    screen.button("evals_start").click()
    expect(page.get_by_text("maison.grounding.fr.unknown").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("taxidermie pour dragons").first).to_be_visible()
    expect(page.locator(".pv-table code", has_text="autofail").first).to_be_visible()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CM])
def test_nobody_else_activates_not_even_by_the_direct_url(
    lead_desk: LeadDesk, opened: OpenDesk, role: Role
) -> None:
    proposals, guides = lead_desk.space.proposals, lead_desk.space.guides
    lead_desk.space.sessions.issue_link(LEA, {BRAND: Role.LEAD})
    proposal = proposals.propose(
        BRAND, LEA, "à essayer", {"guidelines/plus.md": "# Plus\n\nOui.\n"}
    )
    screen = opened(CAM, role, f"/guide?proposal={proposal.id}")
    if role is Role.VIEWER:
        screen.expect_text("open")
    for key in ("activate", "whatif_start", "new_proposal", "withdraw", "take_over"):
        expect(screen.page.locator(f".st-key-{key} button")).to_have_count(0)
    if role is Role.CM:
        expect(screen.page.get_by_role("link", name=re.compile("Guide"))).to_have_count(0)
    with pytest.raises(NotAllowed):
        guides.activate(proposal.id, proposal.revision, CAM, "parce que")
    assert guides.versions(BRAND)[0].proposal_id != proposal.id
