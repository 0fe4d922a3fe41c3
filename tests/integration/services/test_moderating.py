"""Decisions to moderate reach the network, or a person."""

from datetime import timedelta
from typing import Any

import pytest

from agent.domain.channels import ModerationAction
from agent.domain.errors import ChannelError, StoreError
from agent.domain.ids import DecisionId, ItemId
from agent.domain.people import EVERY_BRAND
from agent.domain.records import ModerationRecord
from agent.domain.reports import ModerationReport
from agent.domain.reviews import DecisionKind
from agent.domain.work import BREAKER_LIMIT, BREAKER_PAUSE, Direction, Freeze
from agent.ports import UnitOfWork
from agent.services.breakers import BreakerService
from agent.services.freezing import FreezeService
from tests.desk_kit import BEN, BRAND, Desk


def moderated(desk: Desk) -> ItemId:
    item_id = desk.one(external_id="42")
    desk.decide(
        item_id,
        DecisionKind.MODERATE,
        charter_rule="insultes",
        moderation=ModerationAction.HIDE,
    )
    return item_id


def test_it_is_carried_out_once(desk: Desk) -> None:
    item_id = moderated(desk)
    assert desk.posting.moderate_ready().done == 1
    assert desk.posting.moderate_ready().done == 0
    assert desk.channel.moderated == [("42", ModerationAction.HIDE)]
    assert desk.review.history(item_id)[-1].action == "moderation.done"
    assert desk.trail.trail(item_id)["moderation"][0]["status"] == "done"


def test_a_network_that_is_down_is_tried_again_and_then_a_person_does_it(desk: Desk) -> None:
    moderated(desk)
    desk.channel.is_down = True
    reports = []
    for _ in range(4):
        reports.append(desk.posting.moderate_ready())
        desk.clock.advance(timedelta(minutes=1))
    assert [(r.postponed, r.by_hand) for r in reports] == [(1, 0), (1, 0), (0, 1), (0, 0)]
    assert "do it on the network by hand" in reports[2].problems[0]


def test_a_network_that_comes_back_is_told(desk: Desk) -> None:
    moderated(desk)
    desk.channel.is_down = True
    assert desk.posting.moderate_ready().postponed == 1
    desk.channel.is_down = False
    assert desk.posting.moderate_ready().done == 0
    desk.clock.advance(timedelta(minutes=1))
    assert desk.posting.moderate_ready().done == 1


def test_a_decision_under_way_when_the_process_died_is_carried_out_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderated(desk)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(desk.channel, "moderate", die)
        with pytest.raises(KeyboardInterrupt):
            desk.posting.moderate_ready()
    assert desk.posting.moderate_ready().done == 0
    desk.clock.advance(timedelta(minutes=2))
    assert desk.posting.moderate_ready().done == 1


@pytest.mark.parametrize("scope", [BRAND, EVERY_BRAND])
def test_a_freeze_holds_it_back_and_it_is_done_after(desk: Desk, scope: str) -> None:
    item_id = moderated(desk)
    freezing = FreezeService(desk.store, desk.clock)
    freezing.freeze(scope, BEN)
    assert desk.posting.moderations_due(10) == ()
    assert desk.posting.moderate_ready() == ModerationReport()
    decision = desk.review.item(item_id).decision
    assert decision
    assert desk.posting.moderate_ready(decision.id) == ModerationReport()
    assert desk.channel.moderated == []
    freezing.unfreeze(scope, BEN)
    assert len(desk.posting.moderations_due(10)) == 1
    assert desk.posting.moderate_ready().done == 1


def test_a_freeze_between_taking_and_asking_holds_it_back_untried(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = moderated(desk)
    freezing = FreezeService(desk.store, desk.clock)
    begin = BreakerService.begin

    def freezes(self: BreakerService, work: UnitOfWork, *given: Any) -> bool:
        work.freezes.put(Freeze(is_on=True, by=BEN, at=desk.at()))
        return begin(self, work, *given)

    monkeypatch.setattr(BreakerService, "begin", freezes)
    assert desk.posting.moderate_ready().postponed == 1
    assert desk.channel.moderated == []
    freezing.unfreeze(EVERY_BRAND, BEN)
    assert desk.trail.trail(item_id)["moderation"][0]["attempts"] == 0


def test_a_channel_that_is_left_alone_is_not_asked_and_a_trial_brings_it_back(desk: Desk) -> None:
    moderated(desk)
    breakers = BreakerService(desk.store, desk.clock)
    for _ in range(BREAKER_LIMIT):
        breakers.failed(desk.channel.name, Direction.WRITE, ChannelError("down"))
    desk.channel.is_down = True
    assert desk.posting.moderations_due(10) == ()
    assert desk.posting.moderate_ready() == ModerationReport()
    desk.clock.advance(BREAKER_PAUSE)
    assert desk.posting.moderate_ready().postponed == 1
    desk.clock.advance(BREAKER_PAUSE)
    assert desk.posting.moderate_ready() == ModerationReport()
    desk.channel.is_down = False
    desk.clock.advance(BREAKER_PAUSE)
    assert desk.posting.moderate_ready().done == 1
    assert not breakers.has_tripped(desk.channel.name)


def test_what_a_network_cannot_do_does_not_stop_the_replies(desk: Desk) -> None:
    desk.channel.is_down = True
    for number in range(BREAKER_LIMIT):
        item_id = desk.one(external_id=str(number))
        kind, hide = DecisionKind.MODERATE, ModerationAction.HIDE
        desk.decide(item_id, kind, charter_rule="insultes", moderation=hide)
    assert desk.posting.moderate_ready().postponed == BREAKER_LIMIT
    desk.channel.is_down = False
    desk.approve(desk.one())
    assert desk.posting.post_ready().sent == 1


@pytest.mark.parametrize("kind", [DecisionKind.NO_REPLY, None])
def test_nothing_is_moderated_without_a_decision_to(desk: Desk, kind: DecisionKind | None) -> None:
    item_id = desk.one()
    decision_id = desk.decide(item_id, kind).id if kind else DecisionId("none")
    record = ModerationRecord(
        decision_id=decision_id,
        item_id=item_id,
        channel_instance="recording",
        action=ModerationAction.REMOVE,
        not_before=desk.at(),
        updated_at=desk.at(),
    )
    with pytest.raises(StoreError, match="without a person's decision"):
        _add(desk, record)


def _add(desk: Desk, record: ModerationRecord) -> None:
    with desk.store.write() as work:
        work.moderation.add(record)
