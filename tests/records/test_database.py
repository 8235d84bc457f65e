"""The tables, and what the database itself refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.accounts import Account
from rag.records.database import migrate, open_database
from rag.records.draft_values import NewSection, NewSentence, State
from rag.records.drafts import DraftBook
from rag.records.ratings import Label, NewItem, RatingBook
from rag.records.tables import APPEND_ONLY, LOCKED_WITH_DRAFT, Table


def test_the_migrations_make_exactly_the_tables_that_are_declared(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0001"]


def _signed_draft(engine: Engine, ann: Account, bob: Account) -> str:
    book = DraftBook(engine)
    section = NewSection("question", "Q?", "answer", sentences=(NewSentence("One.", "supported"),))
    draft = book.create("T", "en", {}, {}, [section], ann.who)
    book.sign_offs.comment(draft, "Good.", bob.who)
    book.sign_offs.step(draft, 1, State.IN_REVIEW, ann, lambda d: {"n": 1}, lambda d: "")
    book.sign_offs.step(draft, 2, State.APPROVED, bob, lambda d: {}, lambda d: "")
    ratings = RatingBook(engine)
    batch = ratings.add_batch("B", [NewItem("claim", {})], ann.who)
    ratings.rate(ratings.items(batch.id)[0].id, ann.who, Label.SUPPORTED)
    return draft


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_only_added_to_can_be_neither_changed_nor_removed(
    engine: Engine, ann: Account, bob: Account, table: str
) -> None:
    _signed_draft(engine, ann, bob)
    column = {"draft_versions": "who", "trail": "who"}.get(table, "who")
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with Session(engine) as session, pytest.raises(DBAPIError, match="never changed"), session.begin():
            session.execute(text(statement))
    with Session(engine) as session:
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0


@pytest.mark.parametrize("table", LOCKED_WITH_DRAFT)
def test_the_database_refuses_to_change_an_approved_text(
    engine: Engine, ann: Account, bob: Account, table: str
) -> None:
    _signed_draft(engine, ann, bob)
    for statement in (f"UPDATE {table} SET position = 9", f"DELETE FROM {table}"):
        with Session(engine) as session, pytest.raises(DBAPIError, match="stands still"), session.begin():
            session.execute(text(statement))


def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="DATABASE_URL") as caught:
        open_database("postgresql+psycopg://me:secret@127.0.0.1:1/none", tmp_path)
    assert "secret" not in str(caught.value)


def test_sqlite_keeps_a_write_ahead_log_and_syncs_every_commit(tmp_path: Path) -> None:
    engine = open_database("", tmp_path)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
