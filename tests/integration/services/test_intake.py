"""Intake: each message once, one item each, whatever breaks on the way."""

from datetime import timedelta

import pytest

from agent.domain.channels import FetchPage
from agent.domain.decisions import EscalationReason, Route
from agent.domain.errors import AlreadyDecided, ClaimedByOther, ConfigurationError
from agent.domain.ids import BrandId
from agent.domain.messages import InboundMessage, ThreadEntry
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.testing import Fault, RecordingChannel
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

UNREADABLE = ("line 3: not JSON (mend the line)",)


class Stumbling(RecordingChannel):
    """Cannot read one line of its first page, and falls silent after `pages` pages."""

    def __init__(self, pages: int, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self._pages = pages

    def fetch(self, cursor: str | None) -> FetchPage:
        if self._pages == 0:
            self.is_down = True
        self._pages -= 1
        page = super().fetch(cursor)
        return page.model_copy(update={"problems": UNREADABLE if cursor is None else ()})


def test_every_page_is_read_and_read_once(desk: Desk) -> None:
    desk.channel.inbox = [message(f"Message {n}") for n in range(120)]
    first = desk.intake.receive(desk.channel, BRAND)
    again = desk.intake.receive(desk.channel, BRAND)
    desk.channel.inbox.append(message("Un de plus"))
    more = desk.intake.receive(desk.channel, BRAND)
    assert [r.added for r in (first, again, more)] == [120, 0, 1]
    assert desk.intake.draft_pending() == 121


def test_a_channel_that_fails_halfway_keeps_what_was_read_and_goes_on_from_there(
    desk: Desk,
) -> None:
    messages = [message(f"Message {n}") for n in range(25)]
    channel = Stumbling(2, messages=messages, page_size=10)
    report = desk.intake.receive(channel, BRAND)
    assert report.added == 20
    assert report.problems[0] == UNREADABLE[0]
    assert "cannot be reached" in report.problems[1]
    healthy = RecordingChannel(messages=messages, page_size=10)
    assert desk.intake.receive(healthy, BRAND).fetched == 5


def test_a_channel_that_stands_still_is_reported_and_left(desk: Desk) -> None:
    class Endless(RecordingChannel):
        def fetch(self, cursor: str | None) -> FetchPage:
            return FetchPage(messages=(message(),), cursor="7", has_more=True)

    report = desk.intake.receive(Endless(), BRAND)
    assert report.added == 2
    assert "does not move on" in report.problems[0]


def test_the_same_message_is_taken_in_once_a_channel_instance(desk: Desk) -> None:
    one = message(external_id="42")
    same_there = message(external_id="42")
    assert desk.intake.accept(BRAND, [one, one], "instagram").duplicates == 1
    assert desk.intake.accept(BRAND, [same_there], "facebook").added == 1


def test_two_messages_with_one_id_are_a_problem_and_the_rest_goes_on(desk: Desk) -> None:
    one = message(external_id="42")
    other = message(id=one.id, external_id="43")
    report = desk.intake.accept(BRAND, [one, other, message()], "instagram")
    assert report.added == 2
    assert one.id in report.problems[0]


@pytest.mark.parametrize(
    "given", [{"text": "cassé \ud800"}, {"id": "nul\x00"}, {"external_id": "nul\x00"}]
)
def test_a_message_that_cannot_be_stored_is_a_problem_and_the_rest_goes_on(
    desk: Desk, given: dict[str, str]
) -> None:
    report = desk.intake.accept(BRAND, [message(**{"text": "x", **given}), message()], "file")
    assert report.added == 1
    assert len(report.problems) == 1
    assert "cassé" not in report.problems[0]


def test_control_characters_in_a_text_are_kept_in_it_and_not_in_the_list(desk: Desk) -> None:
    item_id = desk.one("Bonjour\x00 à\ttous\u202e !", author="Zo\x00é")
    row = desk.review.queue(QueueQuery()).rows[0]
    assert (row.excerpt, row.author) == ("Bonjour à tous !", "Zo é")
    assert desk.review.item(item_id).outcome.message.text == "Bonjour\x00 à\ttous\u202e !"


def test_our_own_replies_are_not_messages(desk: Desk) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    desk.posting.post_ready()
    remote_id = desk.review.item(item_id).posts[0].remote_id
    echo = message("Comptez trois jours.", external_id=remote_id)
    assert desk.intake.accept(BRAND, [echo], desk.channel.name).own == 1


def test_our_own_reply_is_known_while_its_outcome_is_not(desk: Desk) -> None:
    item_id = desk.one()
    desk.approve(item_id, public="Trois jours, promis juré.")
    desk.channel.faults = [Fault.TIME_OUT_AFTER]
    desk.posting.post_ready()
    echo = message("Trois jours, promis juré.", external_id="remote-9")
    assert desk.intake.accept(BRAND, [echo, message()], desk.channel.name).own == 1


def test_our_own_account_is_not_a_customer(desk: Desk) -> None:
    intake = type(desk.intake)(desk.store, desk.clock, {BRAND: desk.pipeline}, {BRAND: {"@maison"}})
    report = intake.accept(BRAND, [message(author="@maison"), message(author="Zoé")], "file")
    assert (report.own, report.added) == (1, 1)


def test_an_edited_message_makes_its_open_item_stale(desk: Desk) -> None:
    original = message(external_id="42")
    item_id = desk.arrive(original)[0]
    edited = original.model_copy(update={"text": "Finalement, je veux un remboursement."})
    assert desk.intake.accept(BRAND, [edited], desk.channel.name).edited == 1
    item = desk.review.item(item_id)
    assert (item.status, item.version) == (ReviewStatus.STALE, 2)
    assert "customer changed" in item.stale_because
    redrafted = desk.intake.redraft(item_id, AWA)
    assert redrafted.status is ReviewStatus.PENDING
    assert redrafted.outcome.message.text == edited.text


def test_a_longer_thread_makes_an_open_item_stale(desk: Desk) -> None:
    original = message(external_id="42")
    item_id = desk.arrive(original)[0]
    entry = ThreadEntry(author="Zoé", text="Alors ?")
    desk.intake.accept(BRAND, [original.model_copy(update={"thread": (entry,)})], desk.channel.name)
    assert desk.review.item(item_id).status is ReviewStatus.STALE


def test_an_edited_message_leaves_a_decided_item_alone(desk: Desk) -> None:
    original = message(external_id="42")
    item_id = desk.arrive(original)[0]
    desk.reject(item_id)
    edited = original.model_copy(update={"text": "Autre chose."})
    desk.intake.accept(BRAND, [edited], desk.channel.name)
    assert desk.review.item(item_id).status is ReviewStatus.REJECTED


def test_a_crash_of_the_flow_ends_with_a_person(desk: Desk) -> None:
    lost, fine = message("Texte secret"), message()
    desk.pipeline.crashes_on = {lost.id}
    lost_item, fine_item = desk.arrive(lost, fine)
    item = desk.review.item(lost_item)
    assert item.outcome.triage.route is Route.ESCALATE
    assert item.outcome.triage.reason is EscalationReason.STEP_FAILED
    assert (item.outcome.draft.public, item.outcome.redaction.text) == (None, "")
    assert item.outcome.failures[0].kind == "RuntimeError"
    assert desk.review.queue(QueueQuery()).rows[0].id == lost_item
    assert desk.review.item(fine_item).outcome.draft.public


def test_drafting_goes_on_where_an_interruption_left_it(desk: Desk) -> None:
    messages = [message() for _ in range(50)]
    desk.intake.accept(BRAND, messages, "file")

    def interrupt(done: int, total: int) -> None:
        assert total == 50
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.intake.draft_pending(on_progress=interrupt)
    assert desk.intake.draft_pending() == 30
    assert desk.intake.draft_pending() == 0
    assert sorted(desk.pipeline.runs) == sorted(m.id for m in messages)
    assert desk.review.counts().open == 50


def test_two_workers_on_the_same_messages_make_one_item_each(desk: Desk) -> None:
    other = Desk(desk.store)
    messages = [message() for _ in range(5)]
    desk.intake.accept(BRAND, messages, "file")
    made: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        made.append(done)

    run = desk.pipeline.run

    def slow(one: InboundMessage) -> object:
        if not made:
            made.append(other.intake.draft_pending())
        return run(one)

    desk.pipeline.run = slow  # type: ignore[method-assign, assignment]
    assert desk.intake.draft_pending(on_progress=meanwhile) == 0
    assert made[0] == 5
    assert desk.review.counts().open == 5


def test_drafting_stops_at_the_limit_and_takes_the_oldest_first(desk: Desk) -> None:
    messages = [message() for _ in range(3)]
    for one in messages:
        desk.intake.accept(BRAND, [one], "file")
        desk.clock.advance(timedelta(minutes=1))
    assert desk.intake.draft_pending(limit=2) == 2
    assert desk.pipeline.runs == [messages[0].id, messages[1].id]


def test_a_brand_that_is_not_loaded_is_an_error_and_its_messages_wait(desk: Desk) -> None:
    desk.intake.accept(BrandId("autre"), [message()], "file")
    with pytest.raises(ConfigurationError, match="autre"):
        desk.intake.draft_pending(BrandId("autre"))
    assert desk.intake.draft_pending() == 0


def test_a_redraft_is_a_new_draft_of_the_same_item(desk: Desk) -> None:
    item_id = desk.one()
    desk.pipeline.change_guidelines("b" * 64)
    item = desk.intake.redraft(item_id, AWA)
    assert (item.id, item.version) == (item_id, 2)
    assert item.outcome.guideline_version == "b" * 64
    drafts = desk.trail.trail(item_id)["drafts"]
    assert [draft["guideline_version"] for draft in drafts] == ["a" * 64, "b" * 64]


def test_a_redraft_respects_claims_and_decisions(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.claim(item_id, BEN)
    with pytest.raises(ClaimedByOther, match="Ben"):
        desk.intake.redraft(item_id, AWA)
    desk.reject(item_id, BEN)
    with pytest.raises(AlreadyDecided, match="Ben: reject"):
        desk.intake.redraft(item_id, AWA)
