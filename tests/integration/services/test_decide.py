"""The decision: what it stores, and all that it refuses."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from agent.domain.channels import ModerationAction, PostStatus
from agent.domain.decisions import Route
from agent.domain.drafts import Candidate, Draft, text_sha256
from agent.domain.errors import (
    AlreadyDecided,
    BlockedByChecks,
    IncompleteDecision,
    NotFound,
    PortevoixError,
    StaleItem,
    TextMismatch,
)
from agent.domain.ids import GuidelineVersion, ItemId, TeamId
from agent.domain.messages import Surface
from agent.domain.redaction import PersonalDataSpan, Redaction
from agent.domain.reviews import Decide, DecisionKind, RejectionReason, ReviewStatus
from agent.testing import FORBIDDEN_WORD, UNSUPPORTED_WORD, ScriptedPipeline
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

DRAFT = "Comptez trois jours."


def outbox_rows(desk: Desk, item_id: ItemId) -> int:
    return len(desk.review.item(item_id).posts)


def test_approving_the_draft_as_it_is(desk: Desk) -> None:
    item_id = desk.one()
    made = desk.approve(item_id)
    item = desk.review.item(item_id)
    assert item.status is ReviewStatus.APPROVED
    assert item.decision == made
    assert (made.kind, made.edit_ratio) == (DecisionKind.APPROVE, 0.0)
    assert made.text_sha256 == text_sha256(DRAFT, None)
    assert (made.by, made.at, made.guideline_version) == (AWA, desk.at(), "a" * 64)
    assert [c.rule for c in made.report.checks] == ["X1.forbidden"]
    assert [(p.surface, p.text, p.status) for p in item.posts] == [
        (Surface.PUBLIC, DRAFT, PostStatus.READY)
    ]


@pytest.mark.parametrize("kind", [DecisionKind.APPROVE, DecisionKind.EDIT])
def test_what_was_changed_is_an_edit_whatever_the_key(desk: Desk, kind: DecisionKind) -> None:
    made = desk.approve(desk.one(), public="Comptez quatre jours.", kind=kind)
    assert made.kind is DecisionKind.EDIT
    assert 0 < made.edit_ratio < 1
    assert desk.approve(desk.one(), kind=kind).kind is DecisionKind.APPROVE


def test_a_candidate_chosen_as_it_is_was_proposed_where_there_is_no_default(desk: Desk) -> None:
    class Unsure(ScriptedPipeline):
        def _draft(self) -> Draft:
            texts = ("Comptez trois jours.", "Trois jours ouvrés.")
            return Draft(
                candidates=tuple(
                    Candidate(passage_id=f"p{n}", score=1.0, public=text)
                    for n, text in enumerate(texts)
                )
            )

    unsure = Desk(desk.store, pipeline=Unsure())
    chosen = unsure.approve(unsure.one(), public="Trois jours ouvrés.")
    assert (chosen.kind, chosen.edit_ratio) == (DecisionKind.APPROVE, 0.0)
    changed = unsure.approve(unsure.one(), public="Trois jours ouvrés !")
    assert changed.kind is DecisionKind.EDIT
    assert 0 < changed.edit_ratio < 0.1


@pytest.mark.parametrize(
    ("kind", "route", "chosen", "expected"),
    [
        (DecisionKind.ESCALATE, Route.ESCALATE, None, "legal"),
        (DecisionKind.ESCALATE, Route.ESCALATE, "care", "care"),
        (DecisionKind.APPROVE, Route.REPLY_AND_ESCALATE, None, "legal"),
        (DecisionKind.APPROVE, Route.REPLY, None, None),
        (DecisionKind.NO_REPLY, Route.ESCALATE, None, None),
    ],
)
def test_the_team_is_the_one_chosen_or_that_of_the_matrix(
    desk: Desk, kind: DecisionKind, route: Route, chosen: str | None, expected: str | None
) -> None:
    one = message()
    usual = desk.pipeline.run(message()).triage
    desk.pipeline.triage[one.id] = usual.model_copy(
        update={"team": TeamId("legal"), "route": route}
    )
    item_id = desk.arrive(one)[0]
    decide = desk.approve if kind is DecisionKind.APPROVE else partial(desk.decide, kind=kind)
    assert decide(item_id, team=chosen).team == expected


def test_both_surfaces_are_two_posts(desk: Desk) -> None:
    item_id = desk.one()
    desk.approve(item_id, public="Nous vous écrivons.", private="Voici le suivi.")
    posts = {post.surface: post.text for post in desk.review.item(item_id).posts}
    assert posts == {Surface.PUBLIC: "Nous vous écrivons.", Surface.PRIVATE: "Voici le suivi."}


DECISIONS = [
    (DecisionKind.REJECT, {"reason": RejectionReason.OUTDATED}, ReviewStatus.REJECTED),
    (DecisionKind.ESCALATE, {"team": TeamId("legal"), "note": "À voir."}, ReviewStatus.ESCALATED),
    (
        DecisionKind.MODERATE,
        {"charter_rule": "insultes", "moderation": ModerationAction.HIDE},
        ReviewStatus.MODERATED,
    ),
    (DecisionKind.NO_REPLY, {}, ReviewStatus.NO_REPLY),
]


@pytest.mark.parametrize(("kind", "given", "status"), DECISIONS, ids=lambda v: str(v)[:12])
def test_other_decisions_let_nothing_out(
    desk: Desk, kind: DecisionKind, given: dict[str, object], status: ReviewStatus
) -> None:
    item_id = desk.one()
    made = desk.decide(item_id, kind, **given, public="Un texte resté à l'écran.")
    item = desk.review.item(item_id)
    assert item.status is status
    assert (made.public, made.private) == (None, None)
    assert item.posts == ()
    assert desk.posting.post_ready().sent == 0
    for name, value in given.items():
        assert getattr(item.decision, name) == value


@pytest.mark.parametrize(
    ("kind", "given", "what"),
    [
        (DecisionKind.REJECT, {}, "why the draft is rejected"),
        (DecisionKind.ESCALATE, {}, "team"),
        (DecisionKind.MODERATE, {"charter_rule": "insultes"}, "what to do"),
        (DecisionKind.MODERATE, {"moderation": ModerationAction.HIDE}, "charter"),
        (DecisionKind.APPROVE, {"public": " \n", "shown_sha256": "x"}, "no text"),
        (DecisionKind.EDIT, {}, "no text"),
    ],
)
def test_an_incomplete_decision_is_refused(
    desk: Desk, kind: DecisionKind, given: dict[str, object], what: str
) -> None:
    item_id = desk.one()
    with pytest.raises(IncompleteDecision, match=what):
        desk.decide(item_id, kind, **given)
    assert desk.review.item(item_id).status is ReviewStatus.PENDING


def test_the_text_on_screen_is_the_text_that_is_stored(desk: Desk) -> None:
    item_id = desk.one()
    for shown in ("", text_sha256(DRAFT, None), text_sha256("Autre.", DRAFT)):
        with pytest.raises(TextMismatch):
            desk.approve(item_id, public="Autre.", shown_sha256=shown)
    assert outbox_rows(desk, item_id) == 0


def test_the_second_to_decide_is_told_who_decided_what(desk: Desk) -> None:
    item_id = desk.one()
    seen_by_ben = desk.review.item(item_id).version
    desk.approve(item_id, by=AWA)
    with pytest.raises(AlreadyDecided, match="already decided by Awa: approve") as caught:
        desk.approve(item_id, by=BEN, version=seen_by_ben)
    assert (caught.value.by, caught.value.decision) == ("Awa", "approve")
    assert outbox_rows(desk, item_id) == 1


def test_a_version_that_is_not_on_disk_any_more_is_refused(desk: Desk) -> None:
    item_id = desk.one()
    version = desk.review.item(item_id).version
    desk.intake.redraft(item_id, BEN)
    with pytest.raises(StaleItem, match="reload"):
        desk.approve(item_id, version=version)
    assert desk.review.item(item_id).status is ReviewStatus.PENDING


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"C'est {FORBIDDEN_WORD}.", ("X1.forbidden",)),
        (f"Cela coûte {UNSUPPORTED_WORD}.", ("grounding",)),
        (f"{FORBIDDEN_WORD} à {UNSUPPORTED_WORD}", ("X1.forbidden", "grounding")),
    ],
)
@pytest.mark.parametrize("surface", ["public", "private"])
def test_blocking_checks_are_named_and_a_reason_overrides_them(
    desk: Desk, text: str, rules: tuple[str, ...], surface: str
) -> None:
    item_id = desk.one()
    texts = {surface: text}
    for reason in ("", "  "):
        with pytest.raises(BlockedByChecks) as caught:
            desk.approve(item_id, **texts, override_reason=reason)  # type: ignore[arg-type]
        assert caught.value.rules == rules
        assert all(rule in str(caught.value) for rule in rules)
    assert desk.review.item(item_id).status is ReviewStatus.PENDING
    made = desk.approve(item_id, **texts, override_reason="Validé par le service.")  # type: ignore[arg-type]
    assert made.override_reason == "Validé par le service."
    assert desk.review.history(item_id)[-1].detail["overridden"] == list(rules)


def test_checks_that_cannot_run_block(desk: Desk) -> None:
    item_id = desk.one()
    desk.pipeline.is_check_broken = True
    with pytest.raises(BlockedByChecks, match="unavailable"):
        desk.approve(item_id)
    desk.approve(item_id, override_reason="Relu à deux.")


def test_other_decisions_need_no_check(desk: Desk) -> None:
    desk.pipeline.is_check_broken = True
    desk.reject(desk.one())


def test_changed_guidelines_void_the_draft(desk: Desk) -> None:
    item_id = desk.one()
    desk.pipeline.change_guidelines("b" * 64)
    with pytest.raises(StaleItem, match="guidelines changed"):
        desk.approve(item_id)
    item = desk.review.item(item_id)
    assert item.status is ReviewStatus.STALE
    assert "guidelines changed" in item.stale_because
    with pytest.raises(StaleItem, match=r"guidelines changed.*redraft"):
        desk.approve(item_id, override_reason="Tant pis.")
    desk.intake.redraft(item_id, AWA)
    desk.approve(item_id)


def test_a_stale_item_can_still_be_rejected(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.mark_stale_for(BRAND, GuidelineVersion("b" * 64))
    desk.reject(item_id)


def test_a_message_changed_meanwhile_voids_the_draft(desk: Desk) -> None:
    original = message(external_id="42")
    item_id = desk.arrive(original)[0]
    version = desk.review.item(item_id).version
    edited = original.model_copy(update={"text": "Autre chose."})
    desk.intake.accept(BRAND, [edited], desk.channel.name)
    with pytest.raises(StaleItem):
        desk.approve(item_id, version=version)
    with pytest.raises(StaleItem, match="customer changed"):
        desk.approve(item_id)


def test_a_cited_passage_that_is_over_voids_the_draft(desk: Desk) -> None:
    day = desk.at().date()
    desk.pipeline.passage = desk.pipeline.passage.model_copy(update={"valid_until": day})
    item_id = desk.one()
    other_id = desk.one()
    desk.approve(other_id)
    desk.clock.advance(timedelta(days=1))
    with pytest.raises(StaleItem, match="delais"):
        desk.approve(item_id)
    assert desk.review.item(item_id).status is ReviewStatus.STALE
    assert date(2026, 11, 21) == day


REDACTED = Redaction(
    text="Je suis [PERSON_1]",
    spans=(PersonalDataSpan(type="PERSON", start=8, end=11, score=1.0),),
    values={"[PERSON_1]": "Zoé"},
)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"public": "Bonjour [PERSON_2]."}, "stands for nothing"),
        ({"private": "Bonjour [EMAIL_1]."}, "stands for nothing"),
        ({"public": "Bonjour [PERSON_1]."}, "never published"),
        ({"public": "Bonjour\x00."}, "control characters"),
    ],
)
def test_what_cannot_be_sent_as_it_stands_is_blocked_for_good(
    desk: Desk, texts: dict[str, str], said: str
) -> None:
    one = message("Je suis Zoé")
    desk.pipeline.redactions[one.id] = REDACTED
    item_id = desk.arrive(one)[0]
    with pytest.raises(BlockedByChecks, match=said):
        desk.approve(item_id, **texts, override_reason="Tant pis.")
    assert outbox_rows(desk, item_id) == 0


def test_private_data_goes_back_into_the_private_reply_only_as_it_leaves(desk: Desk) -> None:
    one = message("Je suis Zoé", external_id="42")
    desk.pipeline.redactions[one.id] = REDACTED
    item_id = desk.arrive(one)[0]
    desk.approve(item_id, private="Bonjour [PERSON_1].")
    assert desk.review.item(item_id).posts[0].text == "Bonjour [PERSON_1]."
    desk.posting.post_ready()
    assert [reply.text for reply in desk.channel.sent.values()] == ["Bonjour Zoé."]


def test_nothing_of_a_refused_decision_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.adapters.store.items import SqlItems

    item_id = desk.one()

    def fail(*_: object) -> None:
        raise PortevoixError("the disk gave way")

    with monkeypatch.context() as patch:
        patch.setattr(SqlItems, "save", fail)
        with pytest.raises(PortevoixError, match="gave way"):
            desk.approve(item_id)
    item = desk.review.item(item_id)
    assert (item.decision, item.posts, item.status) == (None, (), ReviewStatus.PENDING)
    assert len(desk.review.history(item_id)) == 1


def test_an_unknown_item_is_not_found(desk: Desk) -> None:
    command = Decide(item_id=ItemId("none"), version=1, kind=DecisionKind.NO_REPLY, by=AWA)
    with pytest.raises(NotFound):
        desk.review.decide(command)


def test_a_passage_is_over_when_its_day_is_over_where_the_brand_is(desk: Desk) -> None:
    class InParis(ScriptedPipeline):
        def today(self) -> date:
            return desk.at().astimezone(ZoneInfo("Europe/Paris")).date()

    pipeline = InParis()
    last_day = desk.at().date()
    pipeline.passage = pipeline.passage.model_copy(update={"valid_until": last_day})
    there = Desk(desk.store, clock=desk.clock, pipeline=pipeline)
    evening, night = there.one(), there.one()
    desk.clock.advance(timedelta(hours=13))
    there.approve(evening)
    desk.clock.advance(timedelta(hours=1))
    assert desk.at().date() == last_day
    with pytest.raises(StaleItem, match="delais"):
        there.approve(night)
