"""A community manager clears fifty mixed messages by keyboard alone; what it costs is told."""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import expect

from agent.domain.ids import ItemId
from agent.domain.reviews import DecisionKind
from tests.browser.conftest import OpenDesk
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.ui.sample import APP, COMPLAINT, DELIVERY, ENGLISH, MARKUP, PASSWORD, PRIVATE, TROLL
from tests.ui.seeds import Seed

FIFTY = 50
NETWORK = "reddit"
"""No other test of this desk has messages from there: the list is these fifty."""
ON_A_CHOICE = "document.activeElement?.matches('[role=dialog] input[type=radio]') ?? false"
Act = Callable[[Screen, Callable[[], bool]], None]


def approve(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.press_until("a", is_done)


def edit(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.press_until("e", lambda: screen.is_focused(screen.editor()))
    screen.page.keyboard.type(" Bonne journée.")
    screen.press_until("Control+Enter", is_done)


def choose(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.press_until("1", lambda: bool(screen.text()))
    screen.press_until("a", is_done)


def no_reply(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.press_until("n", is_done)


def hand_over(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.ask("s")
    screen.press_until("Control+Enter", is_done)


def moderate(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.ask("m")
    screen.press_until("Control+Enter", is_done)


def reject(screen: Screen, is_done: Callable[[], bool]) -> None:
    screen.ask("x")
    for _ in range(6):
        if screen.page.evaluate(ON_A_CHOICE):
            break
        screen.press("Tab")
    screen.press("Space")
    expect(screen.button("dialog_confirm")).to_be_enabled()
    screen.press_until("Control+Enter", is_done)


DAY: tuple[tuple[Seed, Act, DecisionKind], ...] = (
    (DELIVERY, approve, DecisionKind.APPROVE),
    (PASSWORD, edit, DecisionKind.EDIT),
    (ENGLISH, approve, DecisionKind.APPROVE),
    (COMPLAINT, hand_over, DecisionKind.ESCALATE),
    (APP, approve, DecisionKind.APPROVE),
    # The agent had proposed no text at all: what the person made of a source is theirs.
    (MARKUP, choose, DecisionKind.EDIT),
    (TROLL, moderate, DecisionKind.MODERATE),
    (PRIVATE, no_reply, DecisionKind.NO_REPLY),
    (DELIVERY, approve, DecisionKind.APPROVE),
    (PASSWORD, reject, DecisionKind.REJECT),
)


def test_fifty_messages_by_keyboard_alone(
    site: Site, desk: OpenDesk, record_property: Callable[[str, object], None]
) -> None:
    day = [DAY[number % len(DAY)] for number in range(FIFTY)]
    made = site.seed([replace(seed, channel=NETWORK) for seed, _, _ in day])
    acts = {item: (act, kind) for item, (_, act, kind) in zip(made, day, strict=True)}
    screen = desk(path=f"/?channel={NETWORK}")
    spent: list[float] = []
    for _ in range(FIFTY):
        item = ItemId(screen.item_id)
        act, kind = acts.pop(item)
        screen.wait_for_item(item)
        shown = screen.editor().input_value() if act is approve else None
        start = time.perf_counter()
        act(screen, lambda item=item: site.decision(item) is not None)  # type: ignore[misc]
        screen.page.wait_for_function("id => !location.href.includes(id)", arg=item)
        spent.append(time.perf_counter() - start)
        decision = site.decision(item)
        assert decision is not None
        assert decision.kind is kind
        assert shown in {None, decision.public}
    assert not acts
    screen.expect_text("Nothing with these filters")
    median = round(statistics.median(spent) * 1000)
    record_property("median_milliseconds_a_message", median)
    sys.stderr.write(f"\nfifty messages by keyboard alone: median {median} ms a message\n")
