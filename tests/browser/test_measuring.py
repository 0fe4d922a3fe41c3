"""Archive, escalations and measure in a real browser: found, handed back, counted, kept apart."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from agent.domain.handoffs import HandoffQuery, HandoffRow
from agent.domain.ids import ItemId, TeamId
from agent.domain.measures import MeasureQuery
from agent.domain.people import Role
from agent.domain.reviews import Decide, DecisionKind, ReviewStatus
from tests.browser.conftest import OpenDesk
from tests.browser.site import AWA, BEN, Site
from tests.browser.waiting import until
from tests.ui.deciding import approve_as
from tests.ui.sample import COMPLAINT, DELIVERY, MARKUP
from tests.ui.seeds import BRAND
from ui.locales import Words
from ui.reporting.tiles import tiles_of

NOTE = "Remboursé ce matin, dites-le au client."


def escalate(site: Site) -> HandoffRow:
    (item_id,) = site.seed([COMPLAINT])
    decide(site, item_id, DecisionKind.ESCALATE, team=TeamId("care"), note="Un dossier à suivre")
    rows = site.space.escalations.page(HandoffQuery(brands=(BRAND,), limit=200)).rows
    return next(row for row in rows if row.item.id == item_id)


def decide(site: Site, item_id: ItemId, kind: DecisionKind, **given: object) -> None:
    command = {"item_id": item_id, "version": site.item(item_id).version, "kind": kind, "by": AWA}
    site.space.review.decide(Decide.model_validate(command | given))


def test_the_archive_finds_a_reply_by_a_word_and_shows_its_whole_trail(
    site: Site, desk: OpenDesk
) -> None:
    (found,) = site.seed([MARKUP])
    (other,) = site.seed([DELIVERY])
    decide(site, found, DecisionKind.NO_REPLY, note="Un essai de script")
    decide(site, other, DecisionKind.NO_REPLY)
    screen = desk("/archive", person=BEN, role=Role.VIEWER)
    box = screen.page.locator(".st-key-archive_q input")
    box.fill("TISANES végan")
    box.press("Enter")
    expect(screen.page.locator(f'[data-item="{found}"]')).to_be_visible()
    expect(screen.page.locator(f'[data-item="{other}"]')).to_have_count(0)
    screen.page.locator(f'[data-item="{found}"]').click()
    expect(screen.page).to_have_url(re.compile(f"item={found}"))
    shared = screen.page.url
    screen.page.goto(shared)
    screen.settle()
    trail = screen.page.locator(".pv-trail")
    expect(trail).to_contain_text(site.space.packs[BRAND].version)
    expect(trail).to_contain_text("allergens-vegan")
    expect(screen.page.get_by_text("Record intact")).to_be_visible()
    # The hostile message is words on this page too.
    assert "pwned" not in screen.page.title()
    with screen.page.expect_download() as download:
        screen.button("download_trail").click()
    assert download.value.suggested_filename == f"{found}.json"


def test_an_escalation_handed_back_is_in_the_queue_with_its_note(
    site: Site, desk: OpenDesk
) -> None:
    row = escalate(site)
    handoff, item_id = row.handoff, row.item.id
    screen = desk(f"/escalations?handoff={handoff.id}", person=BEN)
    expect(screen.page.get_by_text("Un dossier à suivre")).to_be_visible()
    screen.button(f"hand_back_{handoff.id}").click()
    expect(screen.page.get_by_text("write a note, then hand")).to_be_visible()
    assert site.item(item_id).status is ReviewStatus.ESCALATED
    note = screen.page.locator(f'[class*="st-key-handoff_note_{handoff.id}"] textarea')
    note.fill(NOTE)
    # Straight from the field to the button: what was typed last counts.
    screen.button(f"hand_back_{handoff.id}").click()
    until(lambda: site.item(item_id).status is ReviewStatus.PENDING)
    returned = site.item(item_id).hand_back
    assert returned is not None
    assert (returned.note, returned.by) == (NOTE, "Ben")
    screen.open_item(item_id)
    expect(screen.page.get_by_text(NOTE)).to_be_visible()
    assert screen.text("public")


def test_two_people_on_one_escalation_one_acts_and_the_other_is_told(
    site: Site, desk: OpenDesk
) -> None:
    handoff = escalate(site).handoff
    screen = desk(f"/escalations?handoff={handoff.id}", person=BEN)
    expect(screen.button(f"done_{handoff.id}")).to_be_visible()
    site.space.escalations.take(handoff.id, handoff.version, AWA)
    screen.button(f"done_{handoff.id}_{handoff.version}").click()
    expect(screen.page.get_by_text("somebody changed this escalation")).to_be_visible()
    (now,) = (h for h in _handoffs(site, handoff.item_id) if h.handoff.id == handoff.id)
    assert now.handoff.owner == AWA


def _handoffs(site: Site, item_id: ItemId) -> list[HandoffRow]:
    rows = site.space.escalations.page(HandoffQuery(brands=(BRAND,), limit=200)).rows
    return [row for row in rows if row.item.id == item_id]


def test_the_measure_page_shows_the_services_figures_in_both_languages(
    site: Site, desk: OpenDesk
) -> None:
    for item_id in site.seed([DELIVERY, DELIVERY]):
        approve_as(site.space, item_id, AWA)  # type: ignore[arg-type]
    screen = desk("/measure?days=7&lang=en", role=Role.LEAD)
    for lang in ("en", "fr"):
        if lang != "en":
            screen.go(f"/measure?days=7&lang={lang}")
        expect(screen.page.locator("canvas, svg.marks").first).to_be_visible()
        last = site.space.measuring.today(BRAND)
        first = last - timedelta(days=6)
        query = MeasureQuery(brands=(BRAND,), first=first, last=last)
        report = site.space.measuring.report(query)
        shown = {
            str(node.get_attribute("data-tile")): node.inner_text()
            for node in screen.page.locator("[data-tile]").all()
        }
        assert shown == {tile.key: tile.value for tile in tiles_of(report, Words(lang))}
        assert report.totals.received >= 2
    with screen.page.expect_download() as download:
        screen.button("export_csv").click()
    written = download.value.path().read_text("utf-8-sig")
    assert written.count("\n") == report.totals.received + 1
    assert not [name for name in ("Awa", "awa", "Ben", "Camille") if name in written]


def test_a_person_of_another_brand_sees_nothing_on_these_pages(site: Site, desk: OpenDesk) -> None:
    row = escalate(site)
    words = COMPLAINT.text[:25]
    screen = desk("/archive", person=BEN, brand="another")
    for path in (
        f"/archive?item={row.item.id}&brand={BRAND}&q=jours",
        f"/escalations?handoff={row.handoff.id}&team=care",
        f"/measure?brand={BRAND}&days=90",
    ):
        screen.go(path)
        expect(screen.page.locator("[data-item]")).to_have_count(0)
        expect(screen.page.locator("[data-tile]")).to_have_count(0)
        content = screen.page.content()
        assert words not in content
        assert "care" not in screen.page.locator(".stMain").inner_text().lower().split()
    screen.go(f"/archive?item={row.item.id}")
    expect(screen.page.get_by_text("no role")).to_be_visible()


def test_a_viewer_reads_and_does_not_act(site: Site, desk: OpenDesk) -> None:
    handoff = escalate(site).handoff
    screen = desk(f"/escalations?handoff={handoff.id}", person=BEN, role=Role.VIEWER)
    expect(screen.page.get_by_text("You may read, not act")).to_be_visible()
    expect(screen.page.locator(f'[class*="st-key-done_{handoff.id}"]')).to_have_count(0)
