"""Decisions by key and by click: what is stored is what was on screen."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from agent.domain.decisions import Category
from agent.domain.ids import ItemId
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewStatus
from tests.browser.conftest import OpenDesk
from tests.browser.site import AWA, Site
from tests.browser.waiting import until
from tests.ui.sample import COMPLAINT, DELIVERY, PASSWORD, TROLL

IsDecided = Callable[[ItemId], Callable[[], bool]]
TIMES = 10


@pytest.fixture
def decided(site: Site) -> IsDecided:
    """Return a function that gives, for an item, whether it is decided."""
    return lambda item_id: lambda: site.decision(item_id) is not None


def test_approve_by_key(site: Site, desk: OpenDesk, decided: IsDecided) -> None:
    first, second = site.seed([DELIVERY, DELIVERY])
    screen = desk()
    screen.open_item(first)
    shown = screen.text()
    screen.press_until("a", decided(first))
    decision = site.decision(first)
    assert decision is not None
    assert decision.kind is DecisionKind.APPROVE
    assert decision.public == shown
    assert decision.by == AWA
    expect(screen.button(f"approve_{first}")).to_have_count(0)
    assert site.decision(second) is None


@pytest.mark.parametrize("how", ["key", "click"])
def test_an_edited_text_is_stored_as_shown(
    site: Site, desk: OpenDesk, decided: IsDecided, how: str
) -> None:
    items = site.seed([DELIVERY] * TIMES)
    screen = desk()
    for letter, item_id in zip("abcdefghij", items, strict=True):
        screen.open_item(item_id)
        text = f"Bonjour {letter}, comptez 3 à 5 jours ouvrés en point relais ({how})."
        screen.write(text)
        if how == "key":
            screen.press_until("Control+Enter", decided(item_id))
        else:
            screen.button(f"approve_{item_id}").click()
            until(decided(item_id))
        decision = site.decision(item_id)
        assert decision is not None
        assert (decision.kind, decision.public) == (DecisionKind.EDIT, text)


def test_the_next_item_comes_up_after_a_decision(
    site: Site, desk: OpenDesk, decided: IsDecided
) -> None:
    # A channel of their own: what other tests left in the queue is not the next item.
    first, second = site.seed([replace(PASSWORD, channel="forum")] * 2)
    screen = desk()
    screen.open_item(first, channel="forum", category="faq_question")
    screen.press_until("a", decided(first))
    screen.wait_for_item(second)
    assert screen.item_id == second


def test_keys_are_dead_while_a_dialog_is_open(
    site: Site, desk: OpenDesk, decided: IsDecided
) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    shown = screen.text()
    screen.ask("x")
    for key in ("a", "n", "j", "2", "s", "Control+Enter"):
        screen.press(key)
    screen.settle()
    assert site.decision(item_id) is None
    expect(screen.dialog).to_have_count(1)
    screen.press("Escape")
    expect(screen.dialog).to_have_count(0)
    screen.settle()
    assert screen.text() == shown
    expect(screen.button(f"approve_{item_id}")).to_be_enabled()
    screen.press_until("a", decided(item_id))


def test_a_key_right_after_the_one_that_opens_a_dialog_is_lost(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)

    def both_keys() -> bool:
        screen.press("x")
        screen.press("a")
        with suppress(AssertionError):
            expect(screen.dialog).to_be_visible(timeout=6_000)
        return screen.dialog.is_visible()

    assert any(both_keys() for _ in range(3))
    screen.settle()
    assert site.decision(item_id) is None


def test_a_held_key_decides_once(site: Site, desk: OpenDesk, decided: IsDecided) -> None:
    first, second, third = site.seed([DELIVERY] * 3)
    screen = desk()
    screen.open_item(first)
    for _ in range(12):
        screen.page.keyboard.down("a")
        screen.page.wait_for_timeout(80)
    screen.page.keyboard.up("a")
    until(decided(first))
    screen.settle()
    assert site.decision(second) is None
    assert site.decision(third) is None


def test_letters_typed_in_the_editor_decide_nothing(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    screen.press_until("e", lambda: screen.is_focused(screen.editor()))
    screen.page.keyboard.type(" a n x s m z p w b ? j k 1 2 0")
    assert screen.text().endswith(" a n x s m z p w b ? j k 1 2 0")
    screen.press("Escape")
    expect(screen.editor()).not_to_be_focused()
    screen.settle()
    assert site.decision(item_id) is None
    assert screen.item_id == item_id
    expect(screen.dialog).to_have_count(0)


def test_the_five_candidates_are_one_key_away(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    answers = {p.id: p.answer for p in site.item(item_id).outcome.passages}
    screen = desk()
    screen.open_item(item_id)
    draft = screen.text()
    for key, candidate in enumerate(site.item(item_id).outcome.draft.candidates, start=1):
        first_words = answers[candidate.passage_id].split(".")[0]
        screen.press_until(str(key), lambda words=first_words: words in screen.text())
    screen.press_until("0", lambda: screen.text() == draft)
    assert site.decision(item_id) is None


def test_a_text_that_was_not_read_cannot_be_approved(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    shown = screen.text()
    screen.press("2")
    screen.press("a")
    screen.settle()
    decision = site.decision(item_id)
    assert decision is None or decision.public == shown


def test_escalate_by_key(site: Site, desk: OpenDesk, decided: IsDecided) -> None:
    (item_id,) = site.seed([COMPLAINT])
    screen = desk()
    screen.open_item(item_id)
    screen.ask("s")
    screen.page.locator(".st-key-escalate_note textarea").fill("Colis introuvable depuis dix jours")
    screen.press_until("Control+Enter", decided(item_id))
    decision = site.decision(item_id)
    assert decision is not None
    assert (decision.kind, decision.team) == (DecisionKind.ESCALATE, "care")
    assert decision.note == "Colis introuvable depuis dix jours"


def test_reject_with_a_reason_by_key(site: Site, desk: OpenDesk, decided: IsDecided) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    screen.ask("x")
    screen.dialog.get_by_text("Wrong tone").click()
    expect(screen.button("dialog_confirm")).to_be_enabled()
    screen.press_until("Control+Enter", decided(item_id))
    decision = site.decision(item_id)
    assert decision is not None
    assert (decision.kind, decision.reason) == (DecisionKind.REJECT, RejectionReason.WRONG_TONE)


def test_moderate_by_key_under_a_rule_of_the_charter(
    site: Site, desk: OpenDesk, decided: IsDecided
) -> None:
    (item_id,) = site.seed([TROLL])
    screen = desk()
    screen.open_item(item_id)
    screen.ask("m")
    screen.press_until("Control+Enter", decided(item_id))
    decision = site.decision(item_id)
    assert decision is not None
    assert decision.kind is DecisionKind.MODERATE
    assert decision.charter_rule
    assert Category.TROLL_HATE in site.item(item_id).outcome.triage.categories()


def test_no_reply_and_snooze_by_key(site: Site, desk: OpenDesk, decided: IsDecided) -> None:
    first, second = site.seed([DELIVERY, DELIVERY])
    screen = desk()
    screen.open_item(first)
    screen.press_until("n", decided(first))
    screen.open_item(second)
    screen.ask("p")
    screen.dialog.get_by_text("In an hour").click()
    expect(screen.dialog).to_have_count(0)
    screen.settle()
    assert site.item(second).status is ReviewStatus.SNOOZED
