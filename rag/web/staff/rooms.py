"""The store that the staff rooms share, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from sqlalchemy import Engine

from rag.records.accounts import AccountBook
from rag.records.database import open_database
from rag.records.drafts import DraftBook
from rag.records.house import HouseBook
from rag.records.ratings import RatingBook
from rag.records.sessions import SessionBook
from rag.records.trail import Trail
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Staff:
    """Everything the staff rooms keep, and the settings they run under."""

    settings: Settings
    engine: Engine
    accounts: AccountBook
    sessions: SessionBook
    trail: Trail
    drafts: DraftBook
    house: HouseBook
    ratings: RatingBook


def open_staff(settings: Settings) -> Staff:
    """Raises RecordError where the database cannot be used."""
    engine = open_database(settings.database_url, settings.data_dir)
    accounts = AccountBook(engine)
    return Staff(
        settings=settings,
        engine=engine,
        accounts=accounts,
        sessions=SessionBook(engine, accounts, timedelta(hours=settings.session_hours)),
        trail=Trail(engine),
        drafts=DraftBook(engine),
        house=HouseBook(engine),
        ratings=RatingBook(engine),
    )


def staff_of(request: Request) -> Staff:
    """The store of the running application; usable as a dependency."""
    staff = request.app.state.staff
    assert isinstance(staff, Staff)
    return staff
