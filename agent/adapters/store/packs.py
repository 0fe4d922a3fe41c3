"""Versions of a pack, proposals to change it, and what was said of suggestions."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.statements import for_update, insert_new, upsert
from agent.adapters.store.tables import metadata
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, GuidelineVersion, PersonId
from agent.domain.packs import Learned, PackStamp, PackTexts, Proposal
from agent.domain.reviews import Reviewer

pack_proposals = sa.Table(
    "pack_proposals",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("revision", sa.Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("body", sa.Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_pack_proposals"),
)
Index("ix_pack_proposals_brand", pack_proposals.c.brand_id, pack_proposals.c.updated_at)

pack_versions = sa.Table(
    "pack_versions",
    metadata,
    Column("brand_id", sa.Text, nullable=False),
    Column("number", sa.Integer, nullable=False),
    Column("version", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", sa.Text, nullable=False),
    Column("by_name", sa.Text, nullable=False),
    Column("note", sa.Text, nullable=False),
    Column("override_reason", sa.Text, nullable=False),
    Column("proposal_id", sa.Text),
    Column("texts", sa.Text, nullable=False),
    PrimaryKeyConstraint("brand_id", "number", name="pk_pack_versions"),
    ForeignKeyConstraint(["proposal_id"], ["pack_proposals.id"], name="fk_pack_versions_proposal"),
)
_version = pack_versions.c
_STAMP = [column for column in pack_versions.c if column.name != "texts"]

pack_suggestions = sa.Table(
    "pack_suggestions",
    metadata,
    Column("brand_id", sa.Text, nullable=False),
    Column("key", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", sa.Text, nullable=False),
    PrimaryKeyConstraint("brand_id", "key", name="pk_pack_suggestions"),
)


class SqlPacks:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def active(self, brand_id: BrandId) -> PackStamp | None:
        return next(iter(self._stamps(brand_id, limit=1)), None)

    def versions(self, brand_id: BrandId) -> tuple[PackStamp, ...]:
        return tuple(self._stamps(brand_id))

    def _stamps(self, brand_id: BrandId, limit: int | None = None) -> list[PackStamp]:
        query = (
            sa.select(*_STAMP)
            .where(_version.brand_id == brand_id)
            .order_by(_version.number.desc())
            .limit(limit)
        )
        return [_stamp(row) for row in self._connection.execute(query)]

    def texts(self, brand_id: BrandId, number: int) -> PackTexts:
        query = sa.select(_version.texts).where(
            _version.brand_id == brand_id, _version.number == number
        )
        found = self._connection.execute(query).scalar_one_or_none()
        if found is None:
            raise NotFound(f"{brand_id} has no version number {number}")
        texts: PackTexts = json.loads(found)
        return texts

    def add_version(self, stamp: PackStamp, texts: PackTexts) -> bool:
        row = {
            "brand_id": stamp.brand_id,
            "number": stamp.number,
            "version": stamp.version,
            "at": stamp.at,
            "by_id": stamp.by.id,
            "by_name": stamp.by.name,
            "note": stamp.note,
            "override_reason": stamp.override_reason,
            "proposal_id": stamp.proposal_id,
            "texts": json.dumps(texts, ensure_ascii=False, sort_keys=True),
        }
        return insert_new(self._connection, pack_versions, row)

    def add_proposal(self, proposal: Proposal) -> None:
        self._connection.execute(sa.insert(pack_proposals).values(_proposal_row(proposal)))

    def proposal(self, proposal_id: str) -> Proposal:
        query = sa.select(pack_proposals.c.body).where(pack_proposals.c.id == proposal_id)
        found = self._connection.execute(for_update(self._connection, query)).scalar_one_or_none()
        if found is None:
            raise NotFound(f"there is no proposal {proposal_id}")
        return Proposal.model_validate_json(found)

    def proposals(self, brand_id: BrandId) -> tuple[Proposal, ...]:
        query = (
            sa.select(pack_proposals.c.body)
            .where(pack_proposals.c.brand_id == brand_id)
            .order_by(pack_proposals.c.updated_at.desc(), pack_proposals.c.id)
        )
        found = self._connection.execute(query).scalars()
        return tuple(Proposal.model_validate_json(body) for body in found)

    def save_proposal(self, proposal: Proposal) -> None:
        row = _proposal_row(proposal)
        change = sa.update(pack_proposals).where(pack_proposals.c.id == proposal.id).values(row)
        self._connection.execute(change)

    def learned(self, brand_id: BrandId) -> tuple[Learned, ...]:
        query = (
            sa.select(pack_suggestions.c.body)
            .where(pack_suggestions.c.brand_id == brand_id)
            .order_by(pack_suggestions.c.at, pack_suggestions.c.key)
        )
        found = self._connection.execute(query).scalars()
        return tuple(Learned.model_validate_json(body) for body in found)

    def settle(self, learned: Learned) -> None:
        row = {
            "brand_id": learned.brand_id,
            "key": learned.key,
            "at": learned.at,
            "body": learned.model_dump_json(),
        }
        upsert(self._connection, pack_suggestions, row, {"at": row["at"], "body": row["body"]})


def _stamp(row: sa.Row[Any]) -> PackStamp:
    return PackStamp(
        brand_id=BrandId(row.brand_id),
        number=row.number,
        version=GuidelineVersion(row.version),
        at=row.at,
        by=Reviewer(id=PersonId(row.by_id), name=row.by_name),
        note=row.note,
        proposal_id=row.proposal_id,
        override_reason=row.override_reason,
    )


def _proposal_row(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "brand_id": proposal.brand_id,
        "status": proposal.status.value,
        "revision": proposal.revision,
        "updated_at": proposal.updated_at,
        "body": proposal.model_dump_json(),
    }
