"""A database with items in every state, and all that is kept beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agent.adapters.clock import SystemClock
from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.copying import our_tables
from agent.adapters.store.engine import make_engine
from agent.bootstrap.backups import BareSettings, Restored, restore_backup
from agent.domain.channels import ModerationAction
from agent.domain.decisions import Category, Triage
from agent.domain.ids import BrandId, ItemId, PersonId, TeamId
from agent.domain.people import Role
from agent.domain.redaction import Redaction
from agent.domain.reviews import DecisionKind, Reviewer
from agent.domain.work import DeadLetter, Direction, Freeze, JobKind
from agent.ports import Store
from agent.services.breakers import BreakerService
from agent.services.freezing import FreezeService
from agent.services.graveyard import bury
from agent.services.trail import TrailService
from agent.services.undoing import Undoing
from agent.settings import load_settings
from agent.testing import Fault
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

EVE = Reviewer(id=PersonId("console:eve"), name="Eve")
TOML = """brands = ["packs/maison"]
[desk]
language = "en"
[channels.shop]
kind = "webhook"
brand = "maison"
post_url = "https://shop.example.org/hook"
secret = "0123456789abcdef0123456789abcdef"
"""
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Busy:
    """A desk, and those of its items that tests speak of by name."""

    desk: Desk
    items: dict[str, ItemId]


def fill(desk: Desk) -> dict[str, ItemId]:
    """Bring items into every state there is; return those that tests speak of by name."""
    named = {"sent": desk.one("Déjà répondu à Zoé ; 30 € en trop ?")}
    desk.approve(named["sent"])
    desk.posting.post_ready()
    named |= _on_their_way(desk)
    _aside(desk)
    _decided(desk)
    _beside(desk)
    return named


def _on_their_way(desk: Desk) -> dict[str, ItemId]:
    named = {"unknown": desk.one("Perdu en route")}
    desk.channel.faults.append(Fault.TIME_OUT_AFTER)
    desk.approve(named["unknown"])
    desk.posting.post_ready()
    named["returned"] = desk.one("Fil fermé")
    desk.channel.faults.append(Fault.REFUSED_FOR_GOOD)
    desk.approve(named["returned"])
    desk.posting.post_ready()
    named["sending"] = desk.one("En cours d'envoi")
    desk.approve(named["sending"])
    with desk.store.write() as work:
        work.outbox.take_ready([desk.channel.name], desk.at(), desk.at() + timedelta(minutes=2))
    named["ready"] = desk.one("Prêt à partir")
    desk.approve(named["ready"], by=BEN)
    named["cancelled"] = desk.one("Repris")
    desk.approve(named["cancelled"])
    desk.posting.cancel(named["cancelled"], AWA)
    return named


def _aside(desk: Desk) -> None:
    desk.one("En attente — « à lire » 😀\n\tdeux lignes")
    # A network whose clock is far ahead.
    desk.review.claim(desk.one("Pris", created_at=desk.at() + timedelta(days=9000)), AWA)
    desk.review.snooze(desk.one("Plus tard"), AWA, desk.at() + timedelta(hours=3))
    desk.review.assign(desk.one("Pour Ben"), AWA, BEN)
    private = message("Mon adresse : zoe@example.org")
    desk.pipeline.redactions[private.id] = Redaction(
        text="Mon adresse : [EMAIL_1]", values={"[EMAIL_1]": "zoe@example.org"}
    )
    desk.arrive(private)
    serious = message("Je saisis mon avocat.")
    usual = desk.pipeline.run(message()).triage.model_dump()
    asks = {"category": Category.LEGAL_THREAT, "needs_second_approver": True}
    desk.pipeline.triage[serious.id] = Triage.model_validate(usual | asks)
    desk.approve(desk.arrive(serious)[0])
    desk.intake.accept(BRAND, [message("Pas encore rédigé")], via=desk.channel.name)


def _decided(desk: Desk) -> None:
    desk.reject(desk.one("Mauvais ton"))
    desk.decide(desk.one("Rien à dire"), DecisionKind.NO_REPLY)
    desk.decide(desk.one("Pour le service client"), DecisionKind.ESCALATE, team=TeamId("care"))
    desk.decide(
        desk.one("Insulte"),
        DecisionKind.MODERATE,
        charter_rule="insult",
        moderation=ModerationAction.HIDE,
    )
    undone = desk.one("Défait")
    desk.decide(undone, DecisionKind.NO_REPLY)
    Undoing(desk.store, desk.clock, timedelta(seconds=20), is_role_required=False).undo(undone, AWA)


def _beside(desk: Desk) -> None:
    store, now = desk.store, desk.at()
    with store.write() as work:
        work.people.put(AWA, now)
        work.people.set_roles(AWA.id, {BRAND: Role.LEAD})
        work.freezes.put(Freeze(scope="autre", is_on=True, reason="promo", by=BEN, at=now))
        bury(
            work,
            DeadLetter(
                kind=JobKind.DRAFT,
                subject="perdu",
                brand_id=BRAND,
                problem="le modèle ne répond pas",
                died_at=now,
                updated_at=now,
            ),
        )
    FreezeService(store, desk.clock).freeze(BrandId("seconde"), AWA, "essai")
    BreakerService(store, desk.clock).failed("forum", Direction.READ, "away")


def fill_the_rest(url: str) -> None:
    """Put one row into each table that no service of a desk at work has written to."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in our_tables(connection):
            if connection.execute(sa.select(table).limit(1)).first() is None:
                row = {column.name: _some(column) for column in table.columns}
                connection.execute(sa.insert(table), [row])
    engine.dispose()


_CHECKED = {"notices.status": "sent", "notices.weight": "low", "purges.kind": "message"}
"""Columns that take a closed list of words."""


def _some(column: sa.Column[Any]) -> Any:
    known = {"person_id": AWA.id, "role": "cm", "proposal_id": None, "cursor": 'é "1"'}
    place = f"{column.table.name}.{column.name}"
    if column.name in known or place in _CHECKED:
        return _CHECKED.get(place) or known[column.name]
    moment = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)
    kinds: dict[type, Any] = {
        sa.DateTime: moment,
        UtcDateTime: moment,
        sa.Date: moment.date(),
        sa.Boolean: True,
        sa.Float: 0.1,
        sa.Integer: 7,
    }
    return next((v for kind, v in kinds.items() if isinstance(column.type, kind)), "né à Noël")


def rows(url: str) -> Rows:
    """Return every row of every table, in one order on both engines."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.select(table))), key=repr
            )
            for table in our_tables(connection)
        }
    engine.dispose()
    return found


def trails(store: Store) -> Iterator[str]:
    """Yield the whole trail of each item."""
    yield from TrailService(store).export(with_values=True)


def bring_back(archive: Path, workspace: Path, *, replaces: bool = False) -> Restored:
    """Restore a backup as the person at the console."""
    return restore_backup(archive, workspace, SystemClock(), EVE, replaces=replaces)


def url_of(workspace: Path) -> str:
    """Return the URL of a workspace's database."""
    return load_settings(workspace, BareSettings).store_url
