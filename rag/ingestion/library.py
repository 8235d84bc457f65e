"""An operator's own documents: the original bytes under their hash, the text read from them, and a record of each.

One SQLite file (write-ahead log) holds it all, so that adding, replacing and removing happen wholly or not at all,
whenever the process is killed, and thousands of documents stay quick. It does not parse or index.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.domain.errors import CorpusError, UnknownDocument

LIBRARY = "library"
FILE = "library.sqlite3"
EXTRACTION = 1
"""Raised when the rooms in formats/ read more or otherwise: what was read before is then read again."""
BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS originals (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES originals, title TEXT NOT NULL, language TEXT NOT NULL,
    source TEXT NOT NULL, added_at TEXT NOT NULL, text TEXT NOT NULL, extraction INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_by_sha256 ON documents (sha256);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
RECORD = "id, sha256, title, language, source, added_at, extraction"


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one document.

    `source` is the path (or file and id) it came from; `added_at` is ISO 8601, UTC.
    """

    id: str
    sha256: str
    title: str
    language: str
    source: str
    added_at: str
    extraction: int = EXTRACTION


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document to be kept."""

    id: str
    original: bytes
    text: str
    title: str
    language: str
    source: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.original).hexdigest()


class DocumentLibrary:
    """The library of one data folder; every call opens and closes the file, so threads and processes may share it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def open(cls, data: Path, *, with_default_corpus: bool = True) -> DocumentLibrary:
        """The library of the data folder, made if there is none.

        `with_default_corpus` is recorded when the library is made and has no effect on one that
        exists. Raises CorpusError.
        """
        library = cls(data / LIBRARY / FILE)
        try:
            library._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(_unwritable(library._file.parent, error.strerror or str(error))) from error
        with library._connected() as connection:
            if not _is_made(connection):
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(SCHEMA)
                with connection:
                    connection.execute(
                        "INSERT OR IGNORE INTO facts VALUES ('default corpus', ?)",
                        (str(int(with_default_corpus)),),
                    )
        return library

    @staticmethod
    def exists(data: Path) -> bool:
        return (data / LIBRARY / FILE).is_file()

    @property
    def with_default_corpus(self) -> bool:
        """Whether the built-in texts are searched along with the operator's."""
        with self._connected() as connection:
            found = connection.execute("SELECT value FROM facts WHERE name = 'default corpus'").fetchone()
        return bool(found and found[0] == "1")

    def use_default_corpus(self, wanted: bool) -> None:
        with self._connected() as connection, connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts VALUES ('default corpus', ?)", (str(int(wanted)),)
            )

    def add(self, arrivals: Iterable[Arrival]) -> None:
        """Keep the documents, in place of those with the same ids; all of them or, on an error, none."""
        with self._connected() as connection, connection:
            for arrival in arrivals:
                sha256 = arrival.sha256
                connection.execute(
                    "INSERT OR IGNORE INTO originals VALUES (?, ?)", (sha256, arrival.original)
                )
                connection.execute(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        arrival.id,
                        sha256,
                        arrival.title,
                        arrival.language,
                        arrival.source,
                        _now(),
                        arrival.text,
                        EXTRACTION,
                    ),
                )
            _forget_unused(connection)

    def remove(self, identifier: str) -> None:
        """Raises UnknownDocument."""
        with self._connected() as connection, connection:
            removed = connection.execute("DELETE FROM documents WHERE id = ?", (identifier,)).rowcount
            _forget_unused(connection)
        if not removed:
            raise UnknownDocument(
                f"The library has no document {identifier!r}. `python -m rag sources` lists what it has."
            )

    def records(self) -> tuple[Record, ...]:
        """All records, by id."""
        with self._connected() as connection:
            return tuple(
                Record(*row) for row in connection.execute(f"SELECT {RECORD} FROM documents ORDER BY id")
            )

    def original(self, identifier: str) -> bytes:
        """The bytes as they were ingested. Raises UnknownDocument."""
        with self._connected() as connection:
            found = connection.execute(
                "SELECT bytes FROM originals JOIN documents USING (sha256) WHERE id = ?", (identifier,)
            ).fetchone()
        if found is None:
            raise UnknownDocument(
                f"The library has no document {identifier!r}. `python -m rag sources` lists what it has."
            )
        return bytes(found[0])

    def texts(self) -> Iterator[tuple[Record, str]]:
        """Every record with its text, by id, one in memory at a time."""
        with self._connected() as connection:
            for *record, text in connection.execute(f"SELECT {RECORD}, text FROM documents ORDER BY id"):
                yield Record(*record), text

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS)
            try:
                yield connection
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise CorpusError(_unwritable(self._file, str(error))) from error
        except sqlite3.DatabaseError as error:
            raise CorpusError(
                f"The library {self._file} is damaged ({error}). "
                "Restore it from a copy, or move it away and ingest again."
            ) from error


def _is_made(connection: sqlite3.Connection) -> bool:
    """Whether the tables stand, down to the fact that is written last."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'facts'").fetchone()
    return bool(tables[0]) and bool(connection.execute("SELECT count(*) FROM facts").fetchone()[0])


def _forget_unused(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM originals WHERE sha256 NOT IN (SELECT sha256 FROM documents)")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _unwritable(place: Path, reason: str) -> str:
    return (
        f"The library {place} cannot be used: {reason}. Check that the folder may be written and has room, "
        "or choose another with --data."
    )
