"""Several at once: only what carries little risk, each by itself, and nothing silent."""

from pathlib import Path

import pytest
import yaml

from agent.domain.brand import BrandPack
from agent.domain.bulk import BulkCommand, BulkKind, BulkRefusal
from agent.domain.checks import CheckSubject, Severity, Verdict
from agent.domain.decisions import Category, Finding, Route, Triage, Urgency
from agent.domain.drafts import Draft
from agent.domain.ids import ItemId
from agent.domain.people import Role
from agent.domain.reviews import DecisionKind, QueueQuery, ReviewStatus
from agent.services.sessions import SessionService
from agent.steps.check import Rubric
from agent.testing import FORBIDDEN_WORD
from knowledge.passages import Language
from tests.desk_kit import AWA, BEN, BRAND, Desk, message


def seen(desk: Desk, kind: BulkKind = BulkKind.APPROVE, **given: object) -> BulkCommand:
    """Return the command of a person who chose all that was offered."""
    found = desk.bulk.candidates(QueueQuery(), kind, AWA)
    chosen = tuple(one.choice for one in found if one.refusal is None)
    return BulkCommand.model_validate({"kind": kind, "by": AWA, "choices": chosen, **given})


def triaged(desk: Desk, **changes: object) -> ItemId:
    one = message()
    usual = desk.pipeline.run(message()).triage.model_dump()
    desk.pipeline.triage[one.id] = Triage.model_validate(usual | changes)
    return desk.arrive(one)[0]


def test_what_was_seen_is_approved_and_the_rest_is_told(desk: Desk) -> None:
    items = desk.arrive(*(message() for _ in range(5)))
    command = seen(desk)
    assert {choice.item_id for choice in command.choices} == set(items)
    kept, mismatched, claimed, decided, changed = items
    desk.review.claim(claimed, BEN)
    desk.reject(decided, BEN)
    desk.review.assign(changed, BEN, BEN)
    choices = tuple(
        choice.model_copy(update={"shown_sha256": "0" * 64})
        if choice.item_id == mismatched
        else choice
        for choice in command.choices
    )
    results = desk.bulk.carry_out(command.model_copy(update={"choices": choices}))
    assert {r.item_id: (r.refusal, r.about) for r in results} == {
        kept: (None, ""),
        mismatched: (BulkRefusal.CHANGED, ""),
        claimed: (BulkRefusal.CLAIMED, "Ben"),
        decided: (BulkRefusal.DECIDED, "Ben"),
        changed: (BulkRefusal.CHANGED, ""),
    }
    assert desk.review.item(kept).decision.kind is DecisionKind.APPROVE  # type: ignore[union-attr]
    assert desk.review.item(mismatched).status is ReviewStatus.PENDING
    assert desk.posting.post_ready().sent == 1


REFUSED = [
    ({"category": Category.PRESS}, BulkRefusal.SENSITIVE),
    (
        {"findings": (Finding(category=Category.INJURY_SAFETY, score=1.0),)},
        BulkRefusal.SENSITIVE,
    ),
    ({"needs_second_approver": True}, BulkRefusal.SECOND_APPROVER),
    ({"category": Category.COMPLAINT}, BulkRefusal.NOT_LOW_RISK),
    ({"urgency": Urgency.HIGH}, BulkRefusal.NOT_LOW_RISK),
    ({"is_toxic": True}, BulkRefusal.NOT_LOW_RISK),
    ({"is_injection": True}, BulkRefusal.NOT_LOW_RISK),
    ({"wants_human": True}, BulkRefusal.NOT_LOW_RISK),
    ({"route": Route.REPLY_AND_ESCALATE}, BulkRefusal.NOT_LOW_RISK),
]


@pytest.mark.parametrize(("changes", "refusal"), REFUSED, ids=lambda v: str(v)[:40])
def test_what_asks_for_eyes_of_its_own_is_never_taken(
    desk: Desk, changes: dict[str, object], refusal: BulkRefusal
) -> None:
    item_id = triaged(desk, **changes)
    (offered,) = desk.bulk.candidates(QueueQuery(), BulkKind.APPROVE, AWA)
    assert offered.refusal is refusal
    command = BulkCommand(kind=BulkKind.APPROVE, by=AWA, choices=(offered.choice,))
    (result,) = desk.bulk.carry_out(command)
    assert result.refusal is refusal
    assert desk.review.item(item_id).status.is_open


def test_no_text_and_a_blocked_text_are_never_approved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.pipeline, "_draft", lambda: Draft(drafter="none"))
    empty = desk.one()
    monkeypatch.setattr(desk.pipeline, "_draft", lambda: Draft(public=f"C'est {FORBIDDEN_WORD}."))
    blocked = desk.one()
    found = {c.item.id: c for c in desk.bulk.candidates(QueueQuery(), BulkKind.APPROVE, AWA)}
    assert found[empty].refusal is BulkRefusal.NO_DRAFT
    choices = tuple(found[item_id].choice for item_id in (empty, blocked))
    results = desk.bulk.carry_out(BulkCommand(kind=BulkKind.APPROVE, by=AWA, choices=choices))
    assert [r.refusal for r in results] == [BulkRefusal.NO_DRAFT, BulkRefusal.BLOCKED]
    assert desk.posting.post_ready().sent == 0


def test_spam_may_be_closed_but_not_answered_at_once(desk: Desk) -> None:
    spam = triaged(desk, category=Category.SPAM_SCAM)
    assert seen(desk).choices == ()
    (result,) = desk.bulk.carry_out(seen(desk, BulkKind.NO_REPLY))
    assert result.refusal is None
    assert desk.review.item(spam).status is ReviewStatus.NO_REPLY


def test_assigning_gives_items_to_those_who_may_decide(desk: Desk) -> None:
    sessions = SessionService(desk.store, desk.clock)
    sessions.issue_link(AWA, {BRAND: Role.CM})
    sessions.issue_link(BEN, {BRAND: Role.VIEWER})
    items = desk.arrive(message(), message())
    assert desk.review.deciders(BRAND) == (AWA,)
    refused = desk.bulk.carry_out(seen(desk, BulkKind.ASSIGN, to=BEN))
    assert {result.refusal for result in refused} == {BulkRefusal.NOT_ALLOWED}
    sessions.issue_link(BEN, {BRAND: Role.LEAD})
    desk.review.claim(items[0], AWA)
    assert {r.refusal for r in desk.bulk.carry_out(seen(desk, BulkKind.ASSIGN, to=BEN))} == {None}
    given = [desk.review.item(item_id) for item_id in items]
    assert {(item.assignee, item.lease) for item in given} == {(BEN, None)}
    assert desk.review.size(QueueQuery(is_unassigned=True)) == 0
    assert desk.review.size(QueueQuery(assignee=BEN.id), most=1) == 1


def test_a_person_without_the_role_does_nothing(desk: Desk) -> None:
    item_id = desk.one()
    SessionService(desk.store, desk.clock).issue_link(AWA, {BRAND: Role.VIEWER})
    (result,) = desk.bulk.carry_out(seen(desk))
    assert result.refusal is BulkRefusal.NOT_ALLOWED
    assert desk.review.item(item_id).status.is_open


def test_what_grounding_leaves_to_a_person_is_never_approved_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real rubric abstains on a doubtful claim: one may approve it, not among others."""
    text = "Nos forfaits sont sans engagement."
    brand = Path(__file__).parents[3] / "evals" / "data" / "checks" / "brand.yaml"
    rubric = Rubric(BrandPack.model_validate(yaml.safe_load(brand.read_text("utf-8"))))
    asked = CheckSubject(reply=text, lang=Language.FR, passages=(desk.pipeline.passage,))
    report = rubric.check(asked, None)
    (grounding,) = (check for check in report.checks if check.rule.startswith("X3"))
    assert (grounding.verdict, grounding.severity) == (Verdict.ABSTAIN, Severity.MAJOR)
    assert text[grounding.start : grounding.end] == text
    assert not report.blockers
    usual = desk.pipeline.run
    changes = {"draft": Draft(public=text), "public_report": report}
    monkeypatch.setattr(desk.pipeline, "run", lambda one: usual(one).model_copy(update=changes))
    item_id = desk.one()
    (offered,) = desk.bulk.candidates(QueueQuery(), BulkKind.APPROVE, AWA)
    assert offered.refusal is BulkRefusal.BLOCKED
    command = BulkCommand(kind=BulkKind.APPROVE, by=AWA, choices=(offered.choice,))
    (result,) = desk.bulk.carry_out(command)
    assert result.refusal is BulkRefusal.BLOCKED
    assert desk.review.item(item_id).status.is_open
