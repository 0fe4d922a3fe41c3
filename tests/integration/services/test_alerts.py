"""Alerts and notices: each told once, urgent ones at once, none lost when nobody hears it."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest

from agent.adapters.notify import build_messenger
from agent.adapters.store import open_store
from agent.bootstrap import load_brand
from agent.domain.alerts import LEASE, Alert, AlertKind, Bulletin
from agent.domain.brand import BrandPack
from agent.domain.connections import Security
from agent.domain.decisions import Category, Route, Triage, Urgency
from agent.domain.destinations import (
    AnyDestination,
    DestinationKind,
    EmailDestination,
    SlackDestination,
)
from agent.domain.errors import CredentialsRefused, NoticeFailed
from agent.domain.ids import DecisionId, ItemId, TeamId
from agent.domain.people import EVERY_BRAND
from agent.domain.redaction import Redaction
from agent.domain.reviews import DecisionKind
from agent.domain.work import Direction
from agent.services.alerts import Addressing, NotifyService, WatchService
from agent.services.breakers import BreakerService
from agent.services.escalations import EscalationService
from agent.services.freezing import FreezeService
from knowledge.passages import Language
from tests.acceptance.commands import BRAND as FOLDER
from tests.desk_kit import AWA, BRAND, Desk, message
from tests.loopback import serving
from tests.mail_server import Outgoing, running_outgoing
from tests.slack_standin import HOOK, TOKEN, Slack

SECRET_WORDS = "je suis Zoé Martin, 06 12 34 56 78, et je vais me faire du mal"
CARE = TeamId("care")


@cache
def pack() -> BrandPack:
    return load_brand(FOLDER)


class Boxes:
    """The mailboxes behind the outgoing server."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    def deliver(self, mailbox: str, mail: bytes) -> None:
        self.mails.append((mailbox, mail))


class Kit:
    """A desk, its alarms, and the ends that hear them."""

    def __init__(self, desk: Desk, slack: Slack, address: str) -> None:
        self.desk, self.slack = desk, slack
        self.given: dict[str, AnyDestination] = {
            "hook": SlackDestination.model_validate(
                {"kind": "slack", "webhook_url": address + HOOK, "language": "fr"}
            )
        }
        self.address = address
        self.wire()

    def wire(self, guide: BrandPack | None = None) -> None:
        clock, store = self.desk.clock, self.desk.store
        addressing = Addressing(self.given, {BRAND: guide or pack()}, "https://desk.example.org")
        ways = {name: build_messenger(name, one) for name, one in self.given.items()}
        channels = {self.desk.channel.name: BRAND}
        self.watch = WatchService(store, clock, addressing, channels, timedelta(minutes=2))
        self.notify = NotifyService(store, clock, addressing, ways)

    def round(self) -> int:
        """Look and send, as a worker does; return how many messages left."""
        self.watch.look()
        return sum(self.notify.send(address) for address in self.notify.due())

    def escalate(self, count: int = 1, **triage: object) -> list[ItemId]:
        """Take in messages that the matrix escalates to a team."""
        made = [message(SECRET_WORDS) for _ in range(count)]
        for one in made:
            self.desk.pipeline.triage[one.id] = self.triage(**triage)
        return self.desk.arrive(*made)

    def triage(self, **triage: object) -> Triage:
        """Return what triage says of a complaint that goes to a team."""
        told = {
            "language": Language.FR,
            "language_confidence": 1.0,
            "category": Category.COMPLAINT,
            "urgency": Urgency.HIGH,
            "route": Route.ESCALATE,
            "team": CARE,
            "due_at": self.desk.clock.now() + timedelta(hours=4),
        }
        return Triage.model_validate(told | triage)

    def open(self) -> dict[AlertKind, list[Alert]]:
        with self.desk.store.read() as work:
            found = work.alerts.open()
        return {
            kind: [one for one in found if one.kind is kind] for kind in {a.kind for a in found}
        }


@pytest.fixture(scope="module")
def slack_server() -> Iterator[tuple[Slack, str]]:
    slack = Slack()
    with serving(slack.app()) as address:
        yield slack, address


@pytest.fixture
def both(desk: Desk, slack_server: tuple[Slack, str]) -> Kit:
    """On each engine."""
    slack, address = slack_server
    slack.forget()
    return Kit(desk, slack, address)


@pytest.fixture
def kit(sqlite_url: str, slack_server: tuple[Slack, str]) -> Iterator[Kit]:
    """On SQLite, for what the engine has no part in."""
    slack, address = slack_server
    slack.forget()
    store = open_store(sqlite_url)
    yield Kit(Desk(store), slack, address)
    store.close()


def test_an_escalation_is_told_once_with_its_facts_and_nobodys_words(both: Kit) -> None:
    item = both.escalate()[0]
    assert [both.round() for _ in range(3)] == [1, 0, 0]
    ((_, text),) = both.slack.posted
    assert f"https://desk.example.org/?item={item}" in text
    for fact in ("Escalade à décider", pack().policy.brand.name, "Service client", "21/11/2026"):
        assert fact in text
    assert not {word for word in ("Zoé", "06 12", "mal") if word in text}
    both.desk.decide(item, DecisionKind.ESCALATE, team=CARE)
    both.desk.clock.advance(timedelta(minutes=2))
    assert both.round() == 1
    assert "Escalade transmise" in both.slack.posted[1][1]
    assert set(both.open()) == {AlertKind.PASSED}
    handoffs = EscalationService(both.desk.store, both.desk.clock)
    handoff = both.open()[AlertKind.PASSED][0].subject
    handoffs.finish(DecisionId(handoff), 1, AWA, "fait")
    both.round()
    assert both.open() == {}


def test_deadlines_near_and_missed_follow_the_brands_clock(kit: Kit) -> None:
    kit.escalate()
    kit.round()
    kit.desk.clock.advance(timedelta(hours=3, minutes=31))
    kit.round()
    assert {AlertKind.PROPOSED, AlertKind.DUE_SOON} == set(kit.open())
    kit.desk.clock.advance(timedelta(minutes=30))
    kit.round()
    assert {AlertKind.PROPOSED, AlertKind.OVERDUE} == set(kit.open())
    assert "Délai dépassé" in kit.slack.posted[-1][1]


def test_a_burst_is_one_digest_and_a_person_in_danger_does_not_wait_in_it(kit: Kit) -> None:
    kit.escalate(60)
    kit.round()
    assert len(kit.slack.posted) == 1
    assert "60 alertes" in kit.slack.posted[0][1]
    assert "et 40 autres" in kit.slack.posted[0][1]
    kit.escalate(3)
    danger = kit.escalate(category=Category.SELF_HARM_THREAT_MINOR, urgency=Urgency.NORMAL)[0]
    kit.round()
    assert len(kit.slack.posted) == 2
    assert danger in kit.slack.posted[1][1]
    assert "Personne en danger" in kit.slack.posted[1][1]
    kit.desk.clock.advance(timedelta(seconds=61))
    kit.round()
    assert "3 alertes" in kit.slack.posted[2][1]
    # Nothing is new: a look that wrote would wait for this writer, and fail.
    with kit.desk.store.write():
        assert kit.watch.look() == 0


def test_what_is_not_urgent_waits_for_the_teams_hours_and_the_rest_does_not(kit: Kit) -> None:
    kit.desk.clock.advance(timedelta(days=1, hours=13))
    later = kit.desk.clock.now() + timedelta(days=3)
    kit.escalate(urgency=Urgency.NORMAL, due_at=later)
    assert kit.round() == 0
    kit.escalate(urgency=Urgency.CRITICAL, due_at=later)
    assert kit.round() == 1
    kit.desk.clock.advance(timedelta(hours=10))
    assert kit.round() == 1


def test_a_worker_killed_before_it_notes_that_a_message_left_repeats_it_once(both: Kit) -> None:
    both.escalate()
    both.watch.look()

    class Killed(BaseException):
        """The process ends here: nothing after it runs."""

    real = build_messenger("hook", both.given["hook"])

    class Killer:
        def deliver(self, bulletin: Bulletin) -> None:
            real.deliver(bulletin)
            raise Killed

    addressing = Addressing(both.given, {BRAND: pack()}, "https://desk.example.org")
    doomed = NotifyService(both.desk.store, both.desk.clock, addressing, {"hook": Killer()})
    with pytest.raises(Killed):
        doomed.send("hook")
    assert both.round() == 0
    both.desk.clock.advance(LEASE + timedelta(seconds=1))
    assert [both.round() for _ in range(3)] == [1, 0, 0]
    assert len(both.slack.posted) == 2


def test_two_workers_at_once_tell_of_each_escalation_once(both: Kit) -> None:
    items = both.escalate(4, category=Category.INJURY_SAFETY)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        both.round()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    both.round()
    told = [text for _, text in both.slack.posted]
    assert [sum(item in text for text in told) for item in items] == [1, 1, 1, 1]


def test_slack_asks_to_wait_and_a_lost_answer_is_tried_a_few_times(kit: Kit) -> None:
    kit.slack.faults.extend(["429"])
    kit.escalate()
    assert kit.round() == 0
    kit.desk.clock.advance(timedelta(seconds=89))
    assert kit.round() == 0
    kit.desk.clock.advance(timedelta(seconds=2))
    assert kit.round() == 1
    kit.slack.faults.extend(["500"] * 9)
    kit.escalate(category=Category.INJURY_SAFETY)
    for _ in range(9):
        kit.round()
        kit.desk.clock.advance(timedelta(minutes=20))
    assert len(kit.slack.posted) == 1 + 3
    assert AlertKind.NOTICE_DEAD in kit.open()


def test_a_revoked_webhook_is_an_alert_and_stops_neither_drafts_nor_posts(kit: Kit) -> None:
    kit.slack.is_revoked = True
    item = kit.escalate()[0]
    kit.round()
    kit.round()
    (dead,) = kit.open()[AlertKind.NOTICE_DEAD]
    assert (dead.subject, "404" in dead.detail) == ("hook", True)
    assert HOOK not in dead.detail
    assert dead in kit.watch.seen([BRAND])
    kit.desk.approve(item)
    kit.desk.posting.post_ready()
    assert len(kit.desk.channel.sent) == 1
    other = kit.escalate()[0]
    assert kit.round() == 0
    kit.slack.is_revoked = False
    assert kit.notify.revive() == 1
    assert kit.round() == 1
    assert other in kit.slack.posted[0][1]
    assert AlertKind.NOTICE_DEAD not in kit.open()


def test_a_bot_and_a_mail_server_reach_each_persons_own_address(kit: Kit) -> None:
    boxes, slack, desk = Boxes(), kit.slack, kit.desk
    with running_outgoing(boxes) as outgoing:  # type: ignore[arg-type]
        kit.given = {"bot": _bot(kit.address), "mail": _mail(outgoing)}
        kit.wire()
        kit.notify.test("bot")
        with pytest.raises(NoticeFailed, match="channel_not_found"):
            kit.notify.test("bot:#nowhere")
        outgoing.faults.append("later")
        kit.escalate()
        kit.round()
        assert [channel for channel, _ in slack.posted] == ["#alerts", "#alerts"]
        assert [to for to, _ in boxes.mails] == ["b@maison.example"]
        desk.clock.advance(timedelta(minutes=1))
        kit.round()
    assert [to for to, _ in boxes.mails] == ["b@maison.example", "a@maison.example"]
    assert b"Auto-Submitted: auto-generated" in boxes.mails[0][1]
    assert b"Escalation to decide" in boxes.mails[0][1]


def test_a_team_is_told_where_its_guide_says_and_in_its_language(kit: Kit) -> None:
    care = pack().policy.escalation.team(CARE)
    assert care is not None
    changes = {"notify": ("bot:#produits", "gone"), "language": Language.EN}
    teams = (care.model_copy(update=changes),)
    policy = pack().policy
    escalation = policy.escalation.model_copy(update={"teams": teams})
    guide = pack().model_copy(
        update={"policy": policy.model_copy(update={"escalation": escalation})}
    )
    bot = _bot(kit.address).model_copy(update={"is_default": False})
    kit.given = {"bot": bot.model_copy(update={"with_text": True})}
    kit.wire(guide)
    item = message(SECRET_WORDS)
    redacted = Redaction(text="je suis [PERSON_1], et je vais mal")
    kit.desk.pipeline.redactions[item.id] = redacted
    kit.desk.pipeline.triage[item.id] = kit.triage()
    kit.desk.arrive(item)
    kit.round()
    ((channel, text),) = kit.slack.posted
    assert (channel, "Escalation to decide" in text) == ("#produits", True)
    assert "[PERSON_1]" in text
    assert "Zoé" not in text


def _bot(address: str) -> SlackDestination:
    return SlackDestination.model_validate(
        {
            "kind": DestinationKind.SLACK,
            "bot_token": TOKEN,
            "channel": "#alerts",
            "base_url": f"{address}/api",
        }
    )


def _mail(outgoing: Outgoing) -> EmailDestination:
    return EmailDestination(
        kind=DestinationKind.EMAIL,
        to=("a@maison.example", "b@maison.example"),
        sender="desk@maison.example",
        smtp_host="127.0.0.1",
        smtp_port=outgoing.port,
        smtp_security=Security.NONE,
        language=Language.EN,
        brands=(BRAND,),
    )


def test_channels_freezes_and_refused_credentials_come_and_go(both: Kit) -> None:
    desk = both.desk
    breakers = BreakerService(desk.store, desk.clock)
    name = desk.channel.name
    for _ in range(5):
        breakers.failed(name, Direction.READ, CredentialsRefused("renew them"))
    FreezeService(desk.store, desk.clock).freeze(EVERY_BRAND, AWA, "Zoé a téléphoné")
    both.round()
    assert set(both.open()) == {
        AlertKind.CHANNEL_OPEN,
        AlertKind.CHANNEL_REFUSED,
        AlertKind.FROZEN,
    }
    assert "Zoé" not in both.slack.posted[0][1]
    desk.clock.advance(timedelta(hours=1))
    both.round()
    assert AlertKind.CHANNEL_DOWN in both.open()
    breakers.worked(name, Direction.READ)
    FreezeService(desk.store, desk.clock).unfreeze(EVERY_BRAND, AWA)
    both.round()
    assert both.open() == {}
    for _ in range(5):
        breakers.failed(name, Direction.READ, CredentialsRefused("renew them"))
    desk.clock.advance(timedelta(minutes=2))
    before = len(both.slack.posted)
    both.round()
    assert len(both.slack.posted) == before + 1
    assert {alert.times for alerts in both.open().values() for alert in alerts} == {2}
    breakers.worked(name, Direction.READ)
    both.round()
    desk.clock.advance(timedelta(days=91))
    long_ago = desk.clock.now() - timedelta(days=90)
    for was_there in (True, False):
        with desk.store.read() as work:
            assert work.alerts.has_resolved(long_ago) is was_there
        both.round()
