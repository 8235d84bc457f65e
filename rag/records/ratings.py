"""Batches of claims to rate, and the ratings given: appended, never overwritten."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.tables import BatchRow, ItemRow, RatingRow
from rag.records.trail import Who, note, now


class Label(StrEnum):
    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    CANNOT_TELL = "cannot tell"


class Purpose(StrEnum):
    """A rating is blind; an adjudication settles a disagreement afterwards."""

    RATING = "rating"
    ADJUDICATION = "adjudication"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A claim before it is kept. `shown` and `hidden` are whatever JSON the workbench needs."""

    claim: str
    shown: Mapping[str, object]
    hidden: Mapping[str, object] = field(default_factory=dict)
    automatic_label: str | None = None
    automatic_score: float | None = None
    known_label: Label | None = None


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    batch: str
    position: int
    claim: str
    shown: Mapping[str, object]
    hidden: Mapping[str, object]
    automatic_label: str | None
    automatic_score: float | None
    known_label: Label | None


@dataclass(frozen=True, slots=True)
class Batch:
    """`kind` is "ordinary" or "calibration"."""

    id: str
    title: str
    kind: str
    seed: int
    detail: Mapping[str, object]
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    id: int
    item: str
    account_id: int
    who: str
    label: Label
    why: str
    purpose: Purpose
    at: datetime


class RatingBook:
    """Keeps batches, items and ratings."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_batch(
        self,
        title: str,
        items: Iterable[NewItem],
        by: Who,
        *,
        kind: str = "ordinary",
        seed: int = 0,
        detail: Mapping[str, object] | None = None,
        id: str | None = None,
    ) -> Batch:
        """The whole batch or nothing. A given `id` that exists already raises RecordError."""
        row = BatchRow(
            id=id or secrets.token_hex(8),
            title=title,
            kind=kind,
            seed=seed,
            detail=dict(detail or {}),
            made_by=by.name,
            made_at=now(),
        )
        try:
            with Session(self._engine) as session, session.begin():
                session.add(row)
                session.flush()
                for position, item in enumerate(items):
                    session.add(_item_row(row.id, position, item))
                note(session, by, "batch made", f"batch:{row.id}", {"title": title, "kind": kind})
                session.flush()
                return _batch(row)
        except IntegrityError as error:
            raise RecordError(f"There is a batch '{row.id}' already.") from error

    def batches(self) -> tuple[Batch, ...]:
        """Oldest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(BatchRow).order_by(BatchRow.made_at, BatchRow.id))
            return tuple(_batch(row) for row in rows)

    def batch(self, batch_id: str) -> Batch:
        """Raises RecordError."""
        with Session(self._engine) as session:
            row = session.get(BatchRow, batch_id)
            if row is None:
                raise RecordError(f"There is no batch '{batch_id}'.")
            return _batch(row)

    def items(self, batch_id: str) -> tuple[Item, ...]:
        with Session(self._engine) as session:
            rows = session.scalars(
                select(ItemRow).where(ItemRow.batch_id == batch_id).order_by(ItemRow.position)
            )
            return tuple(_item(row) for row in rows)

    def item(self, item_id: str) -> Item:
        """Raises RecordError."""
        with Session(self._engine) as session:
            row = session.get(ItemRow, item_id)
            if row is None:
                raise RecordError(f"There is no claim '{item_id}'.")
            return _item(row)

    def rate(
        self, item_id: str, by: Who, label: Label, why: str = "", purpose: Purpose = Purpose.RATING
    ) -> Rating:
        """Append a rating; it is on the disk when this returns. A later one by the same person counts."""
        if by.id is None:
            raise RecordError("A rating needs a person who is signed in.")
        with Session(self._engine) as session, session.begin():
            if session.get(ItemRow, item_id) is None:
                raise RecordError(f"There is no claim '{item_id}'.")
            row = RatingRow(
                item_id=item_id,
                account_id=by.id,
                who=by.name,
                label=label.value,
                why=why,
                purpose=purpose.value,
                at=now(),
            )
            session.add(row)
            session.flush()
            return _rating(row)

    def ratings(self, batch_id: str) -> tuple[Rating, ...]:
        """Every rating ever given in the batch, oldest first, changed ones included."""
        wanted = (
            select(RatingRow)
            .join(ItemRow, ItemRow.id == RatingRow.item_id)
            .where(ItemRow.batch_id == batch_id)
            .order_by(RatingRow.id)
        )
        with Session(self._engine) as session:
            return tuple(_rating(row) for row in session.scalars(wanted))

    def standing(self, batch_id: str, purpose: Purpose = Purpose.RATING) -> tuple[Rating, ...]:
        """The ratings that count: the last of each person on each claim."""
        last = {(r.item, r.account_id): r for r in self.ratings(batch_id) if r.purpose is purpose}
        return tuple(last.values())


def _item_row(batch: str, position: int, item: NewItem) -> ItemRow:
    return ItemRow(
        id=secrets.token_hex(8),
        batch_id=batch,
        position=position,
        claim=item.claim,
        shown=dict(item.shown),
        hidden=dict(item.hidden),
        automatic_label=item.automatic_label,
        automatic_score=item.automatic_score,
        known_label=item.known_label.value if item.known_label else None,
    )


def _item(row: ItemRow) -> Item:
    known = Label(row.known_label) if row.known_label else None
    return Item(
        row.id,
        row.batch_id,
        row.position,
        row.claim,
        dict(row.shown),
        dict(row.hidden),
        row.automatic_label,
        row.automatic_score,
        known,
    )


def _batch(row: BatchRow) -> Batch:
    return Batch(row.id, row.title, row.kind, row.seed, dict(row.detail), row.made_by, row.made_at)


def _rating(row: RatingRow) -> Rating:
    return Rating(
        row.id,
        row.item_id,
        row.account_id,
        row.who,
        Label(row.label),
        row.why,
        Purpose(row.purpose),
        row.at,
    )
