"""What is past its retention and settled goes, the rest stays, and nothing else ever changes."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.adapters.store import SqlStore, open_store
from agent.adapters.store.engine import transaction
from agent.domain.archives import ArchiveQuery
from agent.domain.brand import Retention
from agent.domain.drafts import Origin
from agent.domain.errors import StoreError
from agent.domain.ids import ItemId, TeamId
from agent.domain.messages import InboundMessage
from agent.domain.models import PromptRef
from agent.domain.outcome import Outcome
from agent.domain.retention import KeptBecause, RetentionClass
from agent.domain.reviews import DecisionKind, QueueQuery, ReviewStatus
from agent.domain.work import DeadLetter, JobKind, LetterStatus
from agent.services.archive import ArchiveService
from agent.services.retention import RetentionService
from agent.testing import Fault, ScriptedPipeline
from tests.desk_kit import AWA, BRAND, Desk, message

RULES = Retention.model_validate(
    {"message": "365 d", "draft": "90 d", "approved_reply": "1095 d", "model_trace": "30 d"}
)
DAY = timedelta(days=1)
SECRET = "Zanzibarov"
"""A word of the customer's that stands nowhere else."""


def retention(desk: Desk) -> RetentionService:
    return RetentionService(desk.store, desk.clock, lambda: {BRAND: RULES})


def told() -> InboundMessage:
    return message(
        f"Où est mon colis {SECRET} ?",
        author="@zoe",
        thread=[{"author": "zoe", "text": f"Avant {SECRET}"}],
        attachments=[{"name": f"{SECRET}.pdf"}],
    )


def posted(desk: Desk, given: InboundMessage | None = None) -> ItemId:
    item_id = desk.arrive(given or told())[0]
    desk.approve(item_id, public="Merci, la pivoine part demain.")
    desk.posting.post_ready()
    return item_id


def emptied(desk: Desk) -> dict[RetentionClass, int]:
    report = retention(desk).purge()
    return {line.kind: line.emptied for line in report.lines if line.emptied}


def execute(store: SqlStore, statement: str) -> None:
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql(statement)


def found(desk: Desk, text: str) -> int:
    archive = ArchiveService(desk.store)
    return len(archive.page(ArchiveQuery(brands=(BRAND,), text=text)).rows)


def test_each_class_goes_on_its_day_and_only_once(store: SqlStore) -> None:
    desk = Desk(store)
    given = told()
    item_id = posted(desk, given)
    before = desk.trail.trail(item_id, with_values=True)
    desk.clock.advance(90 * DAY)
    assert emptied(desk) == {}

    desk.clock.advance(timedelta(seconds=1))
    assert emptied(desk) == {RetentionClass.DRAFT: 1}
    outcome = desk.review.item(item_id).outcome
    assert (outcome.draft.public, outcome.purged.draft_at) == (None, desk.clock.now())
    assert SECRET in outcome.message.text

    desk.clock.advance(275 * DAY)
    assert found(desk, SECRET) == found(desk, "pivoine") == 1
    assert retention(desk).preview().emptied == 1
    assert emptied(desk) == {RetentionClass.MESSAGE: 1}
    after = desk.trail.trail(item_id, with_values=True)
    assert SECRET not in str(after)
    assert "zoe" not in str(after)
    assert "pivoine" in str(after["decisions"])
    assert after["message"]["content_sha256"] == before["message"]["content_sha256"]
    assert after["drafts"][0]["triage"]["category"] == before["drafts"][0]["triage"]["category"]
    assert (found(desk, SECRET), found(desk, "pivoine")) == (0, 1)
    assert desk.review.queue(QueueQuery(statuses=tuple(ReviewStatus), text=SECRET)).rows == ()

    again = desk.intake.accept(
        BRAND, [given.model_copy(update={"text": f"{SECRET}, bis"})], desk.channel.name
    )
    assert again.added == 0

    desk.clock.advance(730 * DAY)
    assert emptied(desk) == {RetentionClass.APPROVED_REPLY: 1}
    item = desk.review.item(item_id)
    assert item.decision is not None
    assert item.decision.purged_at == desk.clock.now()
    assert (item.decision.public, item.posts[0].text, found(desk, "pivoine")) == ("", "", 0)
    assert "pivoine" not in "".join(desk.trail.export(with_values=True))
    assert item.decision.text_sha256 == before["decisions"][0]["text_sha256"]

    head = desk.trail.audit_head()
    assert emptied(desk) == {}
    assert desk.trail.audit_head() == head
    assert desk.trail.verify_audit().is_intact


def test_what_nobody_is_done_with_is_kept_and_said(store: SqlStore) -> None:
    desk = Desk(store)
    desk.one(SECRET)
    claimed, snoozed, escalated, unposted, lost = desk.arrive(*(message(SECRET) for _ in range(5)))
    desk.decide(escalated, DecisionKind.ESCALATE, team=TeamId("care"))
    desk.approve(lost)
    desk.channel.faults = [Fault.TIME_OUT_AFTER]
    desk.posting.post_ready()
    desk.approve(unposted)
    desk.clock.advance(4000 * DAY)
    desk.review.snooze(snoozed, AWA, desk.clock.now() + DAY)
    desk.review.claim(claimed, AWA)
    head = desk.trail.audit_head()
    report = retention(desk).purge()
    kept = next(one.kept for one in report.lines if one.kind is RetentionClass.MESSAGE)
    assert kept == dict.fromkeys(
        (
            KeptBecause.OPEN,
            KeptBecause.CLAIMED,
            KeptBecause.SNOOZED,
            KeptBecause.ESCALATED,
            KeptBecause.POSTING,
            KeptBecause.UNKNOWN,
        ),
        1,
    )
    assert (report.emptied, desk.trail.audit_head()) == (0, head)


def test_what_work_is_not_done_with_is_kept_too(store: SqlStore) -> None:
    desk = Desk(store)
    moderated, given_up = desk.arrive(*(message(SECRET, external_id=f"x{n}") for n in range(2)))
    desk.decide(moderated, DecisionKind.MODERATE, charter_rule="insult", moderation="hide")
    desk.reject(given_up)
    with store.write() as work:
        at = {"died_at": desk.at(), "updated_at": desk.at(), "brand_id": BRAND}
        letter = DeadLetter(kind=JobKind.MODERATE, subject="d1", item_id=given_up, **at)
        work.letters.put(letter)
    desk.intake.accept(BRAND, [message(SECRET)], desk.channel.name)
    desk.clock.advance(4000 * DAY)
    report = retention(desk).purge()
    kept = next(one.kept for one in report.lines if one.kind is RetentionClass.MESSAGE)
    reasons = (KeptBecause.UNDRAFTED, KeptBecause.MODERATING, KeptBecause.DEAD_LETTER)
    assert kept == dict.fromkeys(reasons, 1)
    with store.write() as work:
        work.letters.put(letter.model_copy(update={"status": LetterStatus.CLOSED}))
    assert emptied(desk)[RetentionClass.MESSAGE] == 1


class Modelled(ScriptedPipeline):
    """A flow whose drafts a model wrote, with the model's own words beside them."""

    def run(self, message: InboundMessage) -> Outcome:
        outcome = super().run(message)
        origin = Origin(
            prompt=PromptRef(id="draft/reply", version="1.0.0", sha256="0" * 64),
            model="m",
            reason=f"La cliente cherche {SECRET}.",
            open_questions=(f"Où est {SECRET} ?",),
        )
        draft = outcome.draft.model_copy(update={"origin": origin})
        return outcome.model_copy(update={"draft": draft})


def test_what_a_model_said_beside_its_draft_goes_first(store: SqlStore) -> None:
    desk = Desk(store, pipeline=Modelled())
    item_id = posted(desk, message("Où est mon colis ?"))
    untraced = Desk(store, clock=desk.clock)
    posted(untraced, message("Et le mien ?"))
    assert SECRET in str(desk.trail.trail(item_id, with_values=True))
    desk.clock.advance(31 * DAY)
    assert emptied(desk) == {RetentionClass.MODEL_TRACE: 1}
    outcome = desk.review.item(item_id).outcome
    assert outcome.draft.public
    assert outcome.draft.origin is not None
    assert outcome.draft.origin.model == "m"
    assert outcome.purged.trace_at == desk.clock.now()
    assert SECRET not in str(desk.trail.trail(item_id, with_values=True))
    assert emptied(desk) == {}


EMPTY = (
    "UPDATE decisions SET public_text = '', detail = portevoix_kept_detail(detail),"
    " purged_at = (SELECT MAX(p.at) FROM purges p)"
)


def test_the_database_lets_texts_go_and_nothing_else(store: SqlStore) -> None:
    desk = Desk(store)
    posted(desk)
    desk.clock.advance(1000 * DAY)
    posted(desk)
    desk.decide(desk.one(), DecisionKind.ESCALATE, team=TeamId("care"), note="À vous")
    young = "a text is removed by a purge"
    with pytest.raises(StoreError, match="a decision is never changed"):
        execute(store, "UPDATE decisions SET public_text = ''")
    with pytest.raises(StoreError, match=young):
        execute(store, EMPTY.replace("(SELECT MAX(p.at) FROM purges p)", "at"))
    desk.clock.advance(95 * DAY + timedelta(seconds=1))
    assert emptied(desk)[RetentionClass.APPROVED_REPLY] == 1
    for change, refusal in (
        (EMPTY + " WHERE purged_at IS NULL", young),
        (EMPTY + ", reason = 'other' WHERE purged_at IS NULL", "never changed"),
        (EMPTY.replace("= ''", "= 'autre'") + " WHERE purged_at IS NULL", "never changed"),
        ("UPDATE handoffs SET note = '', version = version + 1", "never takes this step"),
        (EMPTY.replace("_kept_detail(detail)", "_kept_detail('{}')"), "never changed"),
        ("UPDATE decisions SET public_text = 'Merci' WHERE purged_at IS NOT NULL", "never changed"),
        ("UPDATE decisions SET purged_at = NULL WHERE purged_at IS NOT NULL", "never changed"),
        ("UPDATE items SET status = 'rejected' WHERE purged_at IS NOT NULL", "removed is as it is"),
        ("UPDATE purges SET cutoff_at = at", "a purge is never changed"),
        ("DELETE FROM purges", "a purge is never deleted"),
    ):
        with pytest.raises(StoreError, match=refusal):
            execute(store, change)
    assert desk.trail.verify_audit().is_intact


def test_the_files_of_sqlite_do_not_keep_the_words(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    desk = Desk(store)
    for _ in range(8):
        posted(desk)
    place = Path(str(store._engine.url.database))
    files = [one for one in place.parent.iterdir() if one.name.startswith(place.name)]
    wanted = [SECRET.encode(), SECRET.lower().encode()]
    assert any(word in one.read_bytes() for one in files for word in wanted)
    desk.clock.advance(366 * DAY)
    assert emptied(desk)[RetentionClass.MESSAGE] == 8
    assert not any(word in one.read_bytes() for one in files for word in wanted if one.exists())
    store.close()
