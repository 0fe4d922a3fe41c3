"""Decisions to moderate reach the network, or a person."""

from datetime import timedelta

import pytest

from agent.domain.channels import ModerationAction
from agent.domain.errors import StoreError
from agent.domain.ids import DecisionId, ItemId
from agent.domain.records import ModerationRecord
from agent.domain.reviews import DecisionKind
from tests.desk_kit import Desk


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
