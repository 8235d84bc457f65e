"""The trail: who did what to what, and when. Only added to; the database refuses anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from rag.records.tables import TrailRow


@dataclass(frozen=True, slots=True)
class Who:
    """The person who acts; `id` is None for a command or for somebody not signed in."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, object]


def now() -> datetime:
    return datetime.now(UTC)


def note(
    session: Session, who: Who, action: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """Add to the trail within the transaction of the deed itself."""
    session.add(
        TrailRow(
            at=now(),
            account_id=who.id,
            who=who.name,
            action=action,
            subject=subject,
            detail=dict(detail or {}),
        )
    )


class Trail:
    """Reads the trail, and adds to it what is not part of another deed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, who: Who, action: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
        """It is on the disk when this returns."""
        with Session(self._engine) as session, session.begin():
            note(session, who, action, subject, detail)

    def of(self, subject: str, limit: int = 1000) -> tuple[Entry, ...]:
        """What happened to `subject`, oldest first; the newest `limit`."""
        wanted = select(TrailRow).where(TrailRow.subject == subject).order_by(TrailRow.id.desc()).limit(limit)
        with Session(self._engine) as session:
            rows = session.scalars(wanted).all()
            return tuple(_entry(row) for row in reversed(rows))


def _entry(row: TrailRow) -> Entry:
    return Entry(row.id, row.at, row.who, row.action, row.subject, dict(row.detail))
