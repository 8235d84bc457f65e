"""Opens the database and brings its tables up to date: SQLite in the data folder, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from rag.domain.errors import RecordError

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_WAIT_SECONDS = 15
MIGRATION_LOCK = 4711_2000_375
"""PostgreSQL's advisory lock under which one process at a time changes tables; any fixed number does."""


def open_database(url: str, data_dir: Path) -> Engine:
    """The database at `url`, or `data_dir`/records.sqlite3 for "". Raises RecordError."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        engine = _engine(url or f"sqlite:///{data_dir / 'records.sqlite3'}")
        with FileLock(data_dir / "records.lock", timeout=60):
            migrate(engine)
    except (SQLAlchemyError, ArgumentError, OSError, ModuleNotFoundError) as error:
        shown = _without_password(url) if url else str(data_dir / "records.sqlite3")
        raise RecordError(
            f"The staff rooms' database {shown} cannot be used: {_first_line(error)}. "
            "Check DATABASE_URL, that the server runs and that the data folder can be written."
        ) from error
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; several processes may try at once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=10)
    engine = create_engine(parsed, connect_args={"timeout": SQLITE_WAIT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    """Write-ahead log, foreign keys, every commit on the disk; transactions are begun by SQLAlchemy."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # a sqlite3 connection
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a sqlite3 connection
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not an address)"


def _first_line(error: Exception) -> str:
    return (
        str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".") if str(error) else ""
    )
