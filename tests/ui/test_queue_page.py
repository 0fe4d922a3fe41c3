"""The queue page without a browser: what is shown, and what each decision stores."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.domain.people import Role
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewStatus
from agent.testing import FORBIDDEN_WORD, UNSUPPORTED_WORD
from tests.ui.conftest import BEN, Space
from tests.ui.sample import COMPLAINT, DELIVERY, INJURY, MARKUP, PASSWORD, SAMPLE, TROLL

Page = Callable[..., AppTest]


def _html(app: AppTest) -> str:
    bodies = (str(element.proto.body) for element in app.get("html"))
    return "\n".join(body for body in bodies if not body.startswith("<style"))


def _button(app: AppTest, name: str) -> Any:
    return next(b for b in app.button if str(b.key or "").startswith(name))


def _editor(app: AppTest, surface: str = "public") -> Any:
    return next(t for t in app.text_area if str(t.key).startswith(f"text_{surface}"))


def test_the_most_urgent_item_is_open_and_claimed(space: Space, page: Page) -> None:
    items = space.seed(*SAMPLE)
    app = page()
    assert not app.exception
    assert app.query_params["item"] == space.item_of(INJURY)
    assert space.review.item(items[0]).status is ReviewStatus.CLAIMED
    assert "Injury or safety" in _html(app)


def test_an_empty_queue_teaches_what_to_do(space: Space, page: Page) -> None:
    app = page()
    assert not app.exception
    assert "The queue is empty" in _html(app)
    assert "sandbox" in _html(app)


def test_approve_stores_the_draft_on_screen(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    shown = _editor(app).value
    _button(app, "approve_i").click().run()
    decided = space.review.item(item)
    assert decided.decision is not None
    assert decided.decision.kind is DecisionKind.APPROVE
    assert decided.decision.public == shown
    assert "Approved" in app.toast[0].value


def test_an_edit_is_what_is_stored(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    _editor(app).set_value("Bonjour, comptez trois jours.").run()
    _button(app, "approve_edit").click().run()
    decision = space.review.item(item).decision
    assert decision is not None
    assert decision.kind is DecisionKind.EDIT
    assert decision.public == "Bonjour, comptez trois jours."


def test_a_blocking_check_asks_for_a_reason(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    _editor(app).set_value(f"Bonjour, c'est {FORBIDDEN_WORD}.").run()
    _button(app, "approve_i").click().run()
    assert space.review.item(item).status.is_open
    _button(app, "dialog_confirm").click().run()
    assert space.review.item(item).status.is_open
    assert "Write a reason" in _html(app)
    next(t for t in app.text_area if t.key == "override_reason").set_value("Vérifié ce matin")
    _button(app, "dialog_confirm").click().run()
    decision = space.review.item(item).decision
    assert decision is not None
    assert decision.override_reason == "Vérifié ce matin"


def test_recompose_replaces_the_text_and_restore_brings_the_draft_back(
    space: Space, page: Page
) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    draft = _editor(app).value
    _button(app, "candidate_2").click().run()
    second = space.packs
    answer = next(
        p.answer
        for p in second["verjolaine"].passages
        if p.key == "delivery-cost@fr"  # type: ignore[index]
    )
    assert answer in _editor(app).value
    _button(app, "restore").click().run()
    assert _editor(app).value == draft


def test_while_a_dialog_is_open_nothing_behind_it_acts(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    _button(app, "reject").click().run()
    behind = [b for b in app.button if item in str(b.key)]
    assert len(behind) > 8
    assert all(b.disabled for b in behind)
    assert not any(b.proto.shortcut for b in behind)
    assert _editor(app).disabled


def test_reject_needs_a_reason(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    _button(app, "reject").click().run()
    assert _button(app, "dialog_confirm").disabled
    app.radio(key="reject_reason").set_value("wrong_tone").run()
    _button(app, "dialog_confirm").click().run()
    decision = space.review.item(item).decision
    assert decision is not None
    assert decision.reason is RejectionReason.WRONG_TONE


def test_escalation_proposes_the_brands_team(space: Space, page: Page) -> None:
    (item,) = space.seed(COMPLAINT)
    app = page(item)
    _button(app, "escalate").click().run()
    assert app.radio(key="escalate_team").value == "care"
    next(t for t in app.text_area if t.key == "escalate_note").set_value("Colis perdu")
    _button(app, "dialog_confirm").click().run()
    decision = space.review.item(item).decision
    assert decision is not None
    assert (decision.kind, decision.team) == (DecisionKind.ESCALATE, "care")
    assert decision.note == "Colis perdu"


def test_moderation_cites_the_charter(space: Space, page: Page) -> None:
    (item,) = space.seed(TROLL)
    app = page(item)
    _button(app, "moderate").click().run()
    _button(app, "dialog_confirm").click().run()
    decision = space.review.item(item).decision
    assert decision is not None
    assert decision.charter_rule in {"hate", "insults", "threats"}
    assert decision.moderation is not None


def test_no_reply_and_snooze(space: Space, page: Page) -> None:
    first, second = space.seed(DELIVERY, PASSWORD)
    app = page(first)
    _button(app, "no_reply").click().run()
    assert space.review.item(first).status is ReviewStatus.NO_REPLY
    assert app.query_params["item"] == second
    _button(app, "snooze").click().run()
    _button(app, "snooze_hour").click().run()
    assert space.review.item(second).status is ReviewStatus.SNOOZED


def test_abuse_is_blurred_until_asked(space: Space, page: Page) -> None:
    (item,) = space.seed(TROLL)
    app = page(item)
    assert "pv-blur" in _html(app)
    _button(app, "reveal").click().run()
    assert "pv-blur" not in _html(app)


def test_redacted_by_default_and_original_on_demand(space: Space, page: Page) -> None:
    (item,) = space.seed(COMPLAINT)
    app = page(item)
    assert "MV-48213" not in _html(app)
    assert "Claire" not in _html(app).replace("Merci Claire", "")
    _button(app, "original").click().run()
    assert "MV-48213" in _html(app)


def test_markup_in_a_message_is_text(space: Space, page: Page) -> None:
    (item,) = space.seed(MARKUP)
    app = page(item)
    html = _html(app)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html


def test_another_persons_claim_is_shown_and_decides_nothing(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    space.review.claim(item, BEN)
    app = page(item)
    assert "Ben" in _html(app)
    assert _button(app, "approve_i").disabled
    assert not _button(app, "approve_i").proto.shortcut


def test_somebody_was_faster(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    space.review.release(item, space.sessions.who(space.token).person)  # type: ignore[union-attr]
    from tests.ui.deciding import approve_as

    approve_as(space, item, BEN)
    _button(app, "approve_i").click().run()
    assert "Already decided: Ben" in _html(app)


def test_a_stale_item_says_why_and_redrafts(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    from tests.ui.deciding import edit_message

    edit_message(space, DELIVERY, "Bonjour, et pour la Corse ?")
    app = page(item)
    assert "out of date" in _html(app)
    assert _button(app, "approve_i").disabled
    _button(app, "redraft").click().run()
    assert space.review.item(item).status.is_open
    assert not _button(app, "approve_i").disabled


def test_what_was_written_is_kept_while_looking_at_another_item(space: Space, page: Page) -> None:
    first, second = space.seed(DELIVERY, PASSWORD)
    app = page(first)
    _editor(app).set_value("Bonjour, je finis plus tard.").run()
    _button(app, "next").click().run()
    assert app.query_params["item"] == second
    _button(app, "previous").click().run()
    assert _editor(app).value == "Bonjour, je finis plus tard."
    assert space.review.item(second).lease is None


def test_after_a_decision_comes_what_no_colleague_has(space: Space, page: Page) -> None:
    first, second, third = space.seed(COMPLAINT, DELIVERY, PASSWORD)
    space.review.claim(second, BEN)
    app = page(first)
    _button(app, "no_reply").click().run()
    assert app.query_params["item"] == third


def test_a_walk_goes_on_after_the_last_item_of_the_list(space: Space, page: Page) -> None:
    items = space.seed(
        *(replace(DELIVERY, name=f"d{number:02}", due_minutes=100 + number) for number in range(27))
    )
    app = page(items[23])
    for expected in items[24:]:
        _button(app, "next").click().run()
        assert app.query_params["item"] == expected


def test_filters_come_from_the_url(space: Space, page: Page) -> None:
    space.seed(*SAMPLE)
    app = page(category="troll_hate")
    assert app.query_params["item"] == space.item_of(TROLL)
    assert app.query_params["category"] == "troll_hate"


def test_a_viewer_reads_but_does_not_decide(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    space.sign_in(BEN, Role.VIEWER)
    app = page(item)
    assert _button(app, "approve_i").disabled
    assert space.review.item(item).lease is None


def test_a_person_of_another_brand_sees_nothing(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    space.sign_in(BEN, Role.CM, brand="another")
    app = page(item)
    assert not app.exception
    assert DELIVERY.text not in _html(app)
    assert not [b for b in app.button if str(b.key).startswith("approve")]


def test_without_a_session_no_data_is_drawn(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    space.sessions.revoke(space.token)
    app = page(item)
    assert "not signed in" in _html(app)
    assert DELIVERY.text not in _html(app)
    assert not app.text_area


def test_a_session_ended_meanwhile_decides_nothing(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    space.sessions.revoke(space.token)
    _button(app, "approve_i").click().run()
    assert space.review.item(item).status.is_open
    assert "not signed in" in _html(app)


@pytest.mark.parametrize(("lang", "words"), [("fr", "Approuver"), ("en", "Approve")])
def test_both_languages(space: Space, page: Page, lang: str, words: str) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item, lang=lang)
    assert _button(app, "approve_i").label == words


def test_a_placeholder_cannot_be_approved_with_any_reason(space: Space, page: Page) -> None:
    (item,) = space.seed(COMPLAINT)
    app = page(item)
    _editor(app).set_value("Bonjour, votre commande [ORDER_ID_1] est retrouvée.").run()
    _button(app, "approve_i").click().run()
    assert space.review.item(item).status.is_open
    assert "placeholder" in _html(app)


def test_an_unsupported_claim_asks_for_a_reason(space: Space, page: Page) -> None:
    (item,) = space.seed(DELIVERY)
    app = page(item)
    _editor(app).set_value(f"Bonjour, c'est {UNSUPPORTED_WORD} la livraison.").run()
    _button(app, "approve_i").click().run()
    assert space.review.item(item).status.is_open
    assert _button(app, "dialog_confirm")
    assert "no source" in _html(app)


def test_checks_that_crash_block_and_the_page_stands(
    space: Space, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(space.review, "check", broken)
    (item,) = space.seed(DELIVERY)
    app = page(item)
    assert not app.exception
    assert "Checks unavailable" in _html(app)
    _button(app, "approve_i").click().run()
    assert space.review.item(item).status.is_open
    assert _button(app, "dialog_confirm")
