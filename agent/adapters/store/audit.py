"""The audit chain: entries are collected, then sealed one after the other at commit."""

import json
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.tables import audit
from agent.domain.reports import AuditHead
from agent.domain.reviews import GENESIS, AuditEntry

_PAGE = 1000


class SqlAudit:
    """Entries are only ever added; the database refuses anything else."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[datetime, str, str, str, dict[str, object]]] = []

    @property
    def has_entries(self) -> bool:
        """Whether entries wait to be sealed."""
        return bool(self._waiting)

    def add(self, at: datetime, actor: str, action: str, subject: str, **detail: object) -> None:
        self._waiting.append((at, actor, action, subject, detail))

    def flush(self) -> None:
        """Seal and write the entries. The caller holds the commit lock."""
        if not self._waiting:
            return
        head = self.head()
        rows = []
        for at, actor, action, subject, detail in self._waiting:
            entry = AuditEntry.chained(head, at, actor, action, subject, detail)
            head = AuditHead(seq=entry.seq, hash=entry.hash)
            rows.append(entry.model_dump() | {"detail": _json(entry.detail)})
        self._connection.execute(sa.insert(audit), rows)
        self._waiting.clear()

    def of(self, subject: str) -> tuple[AuditEntry, ...]:
        query = sa.select(audit).where(audit.c.subject == subject).order_by(audit.c.seq)
        return tuple(_entry(row) for row in self._connection.execute(query))

    def near(self, seq: int) -> dict[int, AuditEntry]:
        query = sa.select(audit).where(audit.c.seq.between(seq - 1, seq + 1))
        return {row.seq: _entry(row) for row in self._connection.execute(query)}

    def entries(self, after: int = 0) -> Iterator[AuditEntry]:
        while True:
            query = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(_PAGE)
            rows = self._connection.execute(query).all()
            for row in rows:
                yield _entry(row)
                after = row.seq
            if len(rows) < _PAGE:
                return

    def head(self) -> AuditHead:
        query = sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return AuditHead(seq=row.seq, hash=row.hash) if row else AuditHead(seq=0, hash=GENESIS)


def _json(detail: dict[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _entry(row: sa.Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry.model_validate(dict(row._mapping) | {"detail": json.loads(row.detail)})
