"""Several people and tabs at once, hostile words, languages, live checks, and the sandbox."""

import re

from playwright.sync_api import expect

from agent.domain.people import Role
from tests.browser.conftest import OpenDesk
from tests.browser.site import BEN, Site
from tests.browser.waiting import until
from tests.ui.sample import COMPLAINT, DELIVERY, MARKUP, TROLL


def test_the_second_person_is_told_who_has_the_item(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    awa, ben = desk(), desk(person=BEN)
    awa.open_item(item_id)
    ben.open_item(item_id)
    ben.expect_text("Awa")
    expect(ben.button(f"approve_{item_id}")).to_be_disabled()
    ben.press("a")
    ben.settle()
    assert site.decision(item_id) is None
    awa.press_until("a", lambda: site.decision(item_id) is not None)


def test_of_two_tabs_one_decides_and_the_other_is_told(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    one, other = desk(), desk()
    one.open_item(item_id)
    other.open_item(item_id)
    one.press_until("a", lambda: site.decision(item_id) is not None)
    other.press_until("n", other.page.get_by_text("Already decided: Awa").first.is_visible)
    decision = site.decision(item_id)
    assert decision is not None
    assert decision.kind.value == "approve"


def test_markup_in_a_message_is_shown_as_text(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([MARKUP])
    screen = desk()
    screen.open_item(item_id)
    message = screen.page.locator(".pv-theirs .pv-text")
    expect(message).to_have_text(MARKUP.text)
    assert message.locator("script, img, strong, a").count() == 0
    row = screen.page.locator(f'[data-item="{item_id}"] .pv-excerpt')
    assert row.locator("script, img, strong, a").count() == 0
    author = screen.page.locator(".pv-who b").first
    screen.press_until("v", lambda: author.inner_text() == MARKUP.author)
    assert screen.page.evaluate("document.title") == "Portevoix"


def test_abuse_is_blurred_until_asked(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([TROLL])
    screen = desk()
    screen.open_item(item_id)
    blurred = "getComputedStyle(document.querySelector('.pv-theirs .pv-text')).filter"
    assert "blur" in screen.page.evaluate(blurred)
    screen.button("reveal").click()
    expect(screen.page.locator(".st-key-reveal")).to_have_count(0)
    assert "blur" not in screen.page.evaluate(blurred)


def test_personal_data_shows_only_on_demand(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([COMPLAINT])
    screen = desk()
    screen.open_item(item_id)
    message = screen.page.locator(".pv-theirs .pv-text")
    expect(message).to_contain_text("order no.\u00a01")
    expect(message).not_to_contain_text("MV-48213")
    screen.press_until("v", lambda: "MV-48213" in message.inner_text())


def test_checks_follow_while_writing_without_leaving_the_field(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    counter = screen.page.locator(".pv-counter").first
    before = counter.inner_text()
    screen.press_until("e", lambda: screen.is_focused(screen.editor()))
    screen.page.keyboard.type(" Et une phrase de plus.")
    expect(counter).not_to_have_text(before)
    expect(screen.editor()).to_be_focused()
    screen.page.keyboard.type(" Fin.")
    assert screen.text().endswith(" Et une phrase de plus. Fin.")


def test_the_language_is_switched_and_kept(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    expect(screen.button(f"approve_{item_id}")).to_contain_text("Approve")
    screen.button("language_fr").click()
    expect(screen.button(f"approve_{item_id}")).to_contain_text("Approuver")
    screen.page.reload()
    screen.wait_for_item(item_id)
    expect(screen.button(f"approve_{item_id}")).to_contain_text("Approuver")


def test_a_french_browser_gets_french(site: Site, desk: OpenDesk) -> None:
    screen = desk(locale="fr-FR")
    expect(screen.page.get_by_role("link", name="Archives")).to_be_visible()


def test_filters_live_in_the_url(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([TROLL])
    screen = desk(path="/?category=troll_hate")
    rows = screen.page.locator(".pv-item")
    expect(rows.first).to_contain_text("Troll or hate")
    assert all("Troll or hate" in text for text in rows.all_inner_texts())
    screen.page.locator(".st-key-filter_q input").fill("minables")
    screen.page.locator(".st-key-filter_q input").press("Enter")
    screen.press("Escape")
    expect(screen.page.locator(".st-key-filter_q input")).not_to_be_focused()
    expect(screen.page.locator(".st-key-filter_q input")).to_have_value("minables")
    expect(screen.page).to_have_url(re.compile("q=minables"))
    assert item_id


def test_the_sandbox_round_trip(site: Site, desk: OpenDesk) -> None:
    screen = desk(path="/sandbox", role=Role.CM)
    question = "Bonjour, combien de temps prend la livraison à domicile ?"
    screen.page.locator(".st-key-sandbox_text textarea").fill(question)
    screen.button("send").click()
    square = screen.page.locator(".pv-thread").first
    expect(square).to_contain_text(question)
    expect(square).to_contain_text("waiting for a person's decision")
    page = site.space.review.queue(_sandbox_only())
    item_id = page.rows[0].id
    screen.open_item(item_id, channel="sandbox")
    screen.write("Bonjour, comptez 2 à 3 jours ouvrés à domicile, en France métropolitaine.")
    screen.press_until("Control+Enter", lambda: site.decision(item_id) is not None)
    site.space.posting.post_ready()
    screen.go("/sandbox")
    square = screen.page.locator(".pv-thread").first
    expect(square.locator(".pv-ours")).to_contain_text("comptez 2 à 3 jours ouvrés à domicile")
    screen.go("/archive")
    expect(screen.page.locator(".pv-timeline")).to_contain_text("Decided")


def test_a_reply_to_post_by_hand_is_copied_and_marked(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY], via="letters")
    screen = desk()
    screen.open_item(item_id)
    shown = screen.text()
    screen.press_until("a", lambda: site.decision(item_id) is not None)
    expect(screen.page.locator(".stCode")).to_contain_text(shown.split("\n")[-1])
    site.space.posting.post_ready()
    screen.button("mark_").click()
    until(lambda: site.item(item_id).posts[0].status.value == "sent")


def _sandbox_only():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from agent.domain.reviews import QueueQuery

    return QueueQuery(channel="sandbox")
