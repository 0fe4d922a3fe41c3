"""Several at once, taken back, approved by two people, and views kept: as people do it."""

import re
from dataclasses import replace

from playwright.sync_api import expect

from agent.domain.people import Role
from agent.domain.reviews import DecisionKind, ReviewStatus
from tests.browser.conftest import OpenDesk
from tests.browser.site import AWA, BEN, Site
from tests.browser.waiting import until
from tests.ui.sample import COMPLAINT, DELIVERY, ENGLISH, PASSWORD

FOR_TWO = replace(DELIVERY, needs_second=True)


def test_bulk_approves_what_was_shown_and_tells_the_rest(site: Site, desk: OpenDesk) -> None:
    first, second, changed = site.seed([ENGLISH, ENGLISH, ENGLISH])
    (alone,) = site.seed([COMPLAINT])
    screen = desk()
    screen.go("/?language=en&channel=x&bulk=approve")
    shown = {item: site.item(item).outcome.draft.public for item in (first, second, changed)}
    boxes = screen.page.locator('[class*="st-key-bulk_row_"]')
    expect(boxes.filter(has_text="How long").first).to_be_visible()
    assert boxes.filter(has_text="Dix jours").count() == 0
    screen.settle()
    for item in (first, second, changed):
        row = screen.page.locator(f".st-key-bulk_row_{item}")
        expect(row).to_contain_text((shown[item] or "").split("\n")[-1])
        row.locator("label").first.click()
        screen.settle()
    screen.button("bulk_do").click()
    expect(screen.dialog).to_contain_text("exactly like this")
    site.link(BEN)
    # Meanwhile a colleague gives one of them to somebody: it is not what was read any more.
    site.space.review.assign(changed, BEN, BEN)
    screen.button("dialog_confirm").click()
    outcome = screen.page.locator(".st-key-bulk_outcome")
    expect(outcome).to_contain_text("2 replies approved")
    expect(outcome).to_contain_text("1 left aside")
    expect(outcome.locator(".pv-bulk-table")).to_contain_text("has changed since it was shown")
    for item in (first, second):
        decision = site.decision(item)
        assert decision is not None
        assert (decision.kind, decision.public) == (DecisionKind.APPROVE, shown[item])
    assert site.decision(changed) is None
    assert site.decision(alone) is None
    screen.button("bulk_take_back").click()
    until(lambda: all(site.item(item).status.is_open for item in (first, second)))


def test_a_decision_is_undone_by_key_with_its_text(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([PASSWORD])
    screen = desk()
    screen.open_item(item_id)
    text = "Bonjour, un lien vous attend dans vos courriels."
    screen.write(text)
    screen.press_until("Control+Enter", lambda: site.decision(item_id) is not None)
    countdown = screen.page.locator(".pv-countdown")
    expect(countdown).to_have_text(re.compile(r"\d+ s"))
    before = countdown.inner_text()
    expect(countdown).not_to_have_text(before)
    screen.press_until("z", lambda: site.item(item_id).status.is_open)
    screen.wait_for_item(item_id)
    assert screen.text() == text
    assert site.item(item_id).posts[0].status.value == "cancelled"
    screen.press_until("n", lambda: site.decision(item_id) is not None)
    screen.press_until("z", lambda: site.item(item_id).status.is_open)


def test_what_has_left_is_not_undone(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([PASSWORD])
    screen = desk()
    screen.open_item(item_id)
    screen.press_until("a", lambda: site.decision(item_id) is not None)
    expect(screen.page.locator(".st-key-undo_bar")).to_be_visible()
    site.space.posting.post_ready()
    screen.button("undo_last").click()
    screen.expect_text("too late to undo")
    assert site.item(item_id).status is ReviewStatus.APPROVED


def test_two_people_approve_the_same_text(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([FOR_TWO])
    awa, ben = desk(), desk(person=BEN)
    awa.open_item(item_id)
    awa.expect_text("Two people must approve this reply")
    text = "Bonjour, comptez 3 à 5 jours ouvrés en point relais."
    awa.write(text)
    awa.press_until("Control+Enter", lambda: site.item(item_id).first_approval is not None)
    assert site.decision(item_id) is None
    awa.open_item(item_id)
    awa.press_until("a", awa.page.get_by_text("You approved this text already").first.is_visible)
    assert site.decision(item_id) is None
    awa.press("j")
    until(lambda: site.item(item_id).lease is None)
    ben.open_item(item_id)
    first = site.item(item_id).first_approval
    assert first is not None
    ben.expect_text("First approval: Awa")
    expect(ben.page.locator(".st-key-notice_second_is_you")).to_contain_text(first.text_sha256[:10])
    assert ben.text() == text
    ben.press_until("a", lambda: site.decision(item_id) is not None)
    decision = site.decision(item_id)
    assert decision is not None
    assert (decision.by, decision.approved_first_by, decision.public) == (BEN, AWA, text)


def test_a_view_is_saved_opened_by_default_and_lives_in_the_url(site: Site, desk: OpenDesk) -> None:
    site.seed([COMPLAINT])
    screen = desk(path="/?category=complaint&due=24h", person=BEN, role=Role.LEAD)
    screen.button("views_open").click()
    screen.page.locator(".st-key-view_name input").fill("Complaints today")
    screen.button("view_save").click()
    expect(screen.button("views_open")).to_contain_text("Complaints today")
    until(lambda: len(site.space.views.of(BEN.id)) == 1)
    screen.settle()
    if not screen.button("view_default").is_visible():
        screen.button("views_open").click()
    screen.button("view_default").click()
    until(lambda: site.space.views.of(BEN.id)[0].is_default)
    again = desk(person=BEN, role=Role.LEAD)
    expect(again.page).to_have_url(re.compile("category=complaint.*due=24h"))
    expect(again.page.locator(".pv-item").first).to_contain_text("Complaint")


def test_the_keys_are_listed_and_dead_behind_their_list(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([PASSWORD])
    screen = desk()
    screen.open_item(item_id)
    screen.press_until("?", screen.page.locator(".pv-sheet").is_visible)
    expect(screen.page.locator(".pv-sheet")).to_contain_text("Undo the last decision")
    for key in ("a", "n", "x", "j", "z", "Control+Enter"):
        screen.press(key)
    screen.settle()
    expect(screen.dialog).to_have_count(1)
    screen.press("Escape")
    expect(screen.page.locator(".pv-sheet")).to_have_count(0)
    assert site.decision(item_id) is None
    assert screen.item_id == item_id
    screen.press_until("b", screen.page.locator(".st-key-bulk_close").is_visible)
    screen.button("bulk_close").click()
    screen.wait_for_item(item_id)
    until(lambda: bool(screen.text()))


def test_assign_by_key(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([PASSWORD])
    site.link(BEN)
    screen = desk()
    screen.open_item(item_id)
    screen.ask("w")
    screen.dialog.get_by_text("Ben").click()
    expect(screen.button("dialog_confirm")).to_be_enabled()
    screen.press_until("Control+Enter", lambda: site.item(item_id).assignee == BEN)
    assert site.item(item_id).lease is None
