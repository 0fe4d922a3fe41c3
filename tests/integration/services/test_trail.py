"""The trail: everything about a reply, without personal data unless asked, and its proof."""

import json

import pytest
import sqlalchemy as sa

from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.triggers import drop_triggers
from agent.domain.base import sha256_of
from agent.domain.drafts import text_sha256
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, ItemId
from agent.domain.messages import ThreadEntry
from agent.domain.redaction import PersonalDataSpan, Redaction
from agent.domain.reports import AuditHead
from agent.services.differences import differences
from tests.desk_kit import AWA, Desk, message


def personal(desk: Desk) -> ItemId:
    one = message(
        "Je suis Zoé", author="@zoe", thread=(ThreadEntry(author="@zoe", text="Zoé ici"),)
    )
    desk.pipeline.redactions[one.id] = Redaction(
        text="Je suis [PERSON_1]",
        spans=(PersonalDataSpan(type="PERSON", start=8, end=11, score=1.0, found_by="cue"),),
        values={"[PERSON_1]": "Zoé"},
    )
    return desk.arrive(one)[0]


def test_what_a_reply_says_again_of_a_person_is_masked_too(desk: Desk) -> None:
    item_id = personal(desk)
    desk.approve(item_id, public="Merci Zoé, comptez trois jours.")
    trail = desk.trail.trail(item_id)
    assert "Zoé" not in json.dumps(trail, ensure_ascii=False)
    assert "Merci [PERSON_1]" in trail["decisions"][0]["public"]
    assert "Merci Zoé" in desk.trail.trail(item_id, with_values=True)["decisions"][0]["public"]


def test_what_the_brand_says_is_never_masked(desk: Desk) -> None:
    desk.pipeline.passage = desk.pipeline.passage.model_copy(
        update={"answer": "Chez Zoé, 3 jours."}
    )
    passage = desk.trail.trail(personal(desk))["drafts"][0]["passages"][0]
    assert passage["answer"] == "Chez Zoé, 3 jours."


def test_a_trail_explains_a_reply(desk: Desk) -> None:
    item_id = personal(desk)
    made = desk.approve(item_id, public="Comptez quatre jours.")
    desk.posting.post_ready()
    trail = desk.trail.trail(item_id)
    draft, decision, post = trail["drafts"][0], trail["decisions"][0], trail["posts"][0]
    assert trail["message"]["redacted_text"] == "Je suis [PERSON_1]"
    assert draft["redaction"]["spans"][0]["type"] == "PERSON"
    assert draft["triage"]["category"] == "faq_question"
    assert draft["guideline_version"] == "a" * 64
    passage = draft["passages"][0]
    assert (passage["key"], passage["is_cited"]) == ("delais@fr", True)
    assert passage["answer"] == "Comptez trois jours."
    assert passage["sha256"] == sha256_of(desk.pipeline.passage.model_dump(mode="json"))
    assert draft["draft"]["public"] == "Comptez trois jours."
    assert decision["id"] == made.id
    assert decision["by"] == {"id": "awa", "name": "Awa"}
    assert decision["at"] == "2026-11-21T09:00:00Z"
    assert decision["text_sha256"] == text_sha256("Comptez quatre jours.", None)
    assert decision["changes"] == {
        "public": [{"removed": "trois", "added": "quatre"}],
        "private": [],
    }
    assert decision["report"]["checks"][0]["rule"] == "X1.forbidden"
    assert (post["status"], post["surface"]) == ("sent", "public")
    assert post["remote_id"]
    assert [entry["action"] for entry in trail["audit"]] == [
        "item.drafted",
        "item.decided",
        "post.sent",
    ]


def test_personal_data_is_in_a_trail_only_when_asked_for(desk: Desk) -> None:
    item_id = personal(desk)
    desk.approve(item_id)
    assert "Zoé" not in json.dumps(desk.trail.trail(item_id), ensure_ascii=False)
    assert "zoe" not in json.dumps(desk.trail.trail(item_id), ensure_ascii=False)
    full = desk.trail.trail(item_id, with_values=True)
    assert full["message"]["text"] == "Je suis Zoé"
    assert full["message"]["author"] == "@zoe"
    assert full["drafts"][0]["redaction"]["values"] == {"[PERSON_1]": "Zoé"}


def test_nobody_is_quoted_in_the_audit_trail(desk: Desk) -> None:
    item_id = personal(desk)
    desk.approve(item_id, public="Une réponse reconnaissable.", note="Une note reconnaissable.")
    desk.posting.post_ready()
    entries = json.dumps(desk.trail.trail(item_id)["audit"], ensure_ascii=False)
    assert "Zoé" not in entries
    assert "reconnaissable" not in entries


def test_the_export_has_one_line_an_item_and_of_one_brand(desk: Desk) -> None:
    items = desk.arrive(*(message(f"Message {n}") for n in range(230)))
    lines = [json.loads(line) for line in desk.trail.export()]
    assert [line["item_id"] for line in lines] == sorted(items)
    assert list(desk.trail.export(BrandId("autre"))) == []


def test_an_unknown_item_has_no_trail(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.trail.trail(ItemId("none"))


def test_the_chain_is_whole(desk: Desk) -> None:
    assert desk.trail.verify_audit().is_intact
    desk.approve(desk.one())
    head = desk.trail.audit_head()
    desk.posting.post_ready()
    desk.reject(desk.one())
    verdict = desk.trail.verify_audit(known=head)
    assert verdict.is_intact
    assert verdict.head == desk.trail.audit_head()
    assert verdict.entries == verdict.head.seq > head.seq


def tamper(url: str, statement: str) -> None:
    engine = make_engine(url)
    with transaction(engine, writes=True) as connection:
        drop_triggers(connection)
        connection.execute(sa.text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'ben' WHERE seq = 2",
        "UPDATE audit SET detail = '{}' WHERE seq = 2",
        "UPDATE audit SET at = '2026-11-20 09:00:00' WHERE seq = 2",
        "UPDATE audit SET subject = 'i-other' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 1",
    ],
)
def test_a_changed_chain_is_found(desk: Desk, store_url: str, statement: str) -> None:
    for _ in range(3):
        desk.approve(desk.one())
    tamper(store_url, statement)
    verdict = desk.trail.verify_audit()
    assert not verdict.is_intact
    assert "entry" in verdict.problem


def test_a_cut_chain_is_found_by_a_head_kept_outside(desk: Desk, store_url: str) -> None:
    for _ in range(3):
        desk.approve(desk.one())
    head = desk.trail.audit_head()
    tamper(store_url, f"DELETE FROM audit WHERE seq = {head.seq}")  # noqa: S608
    assert desk.trail.verify_audit().is_intact
    verdict = desk.trail.verify_audit(known=head)
    assert not verdict.is_intact
    assert "kept outside" in verdict.problem


def test_a_head_of_another_chain_is_not_in_this_one(desk: Desk) -> None:
    desk.one()
    other = AuditHead(seq=1, hash="f" * 64)
    assert not desk.trail.verify_audit(known=other).is_intact


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("Bonjour", "Bonjour", []),
        ("", "Bonjour", [{"removed": "", "added": "Bonjour"}]),
        ("Bonjour !", "Bonsoir !", [{"removed": "Bonjour", "added": "Bonsoir"}]),
        ("a b c", "a c", [{"removed": "b ", "added": ""}]),
    ],
)
def test_differences(before: str, after: str, expected: list[dict[str, str]]) -> None:
    assert differences(before, after) == expected


def test_history_is_what_was_done(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.assign(item_id, AWA, AWA)
    desk.approve(item_id)
    desk.posting.cancel(item_id, AWA)
    entries = desk.review.history(item_id)
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("pipeline", "item.drafted"),
        ("awa", "item.assigned"),
        ("awa", "item.decided"),
        ("awa", "post.cancelled"),
        ("posting", "item.reopened"),
    ]
