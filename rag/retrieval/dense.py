"""The dense leg: cosine similarity in Chroma, one collection per kind of representation.

A vector's id is the hash of its text, so equal texts (a header shared by a section) are stored
once and a text that did not change is never embedded again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.domain.errors import IndexFailure
from rag.domain.passages import Origin

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

COLLECTIONS: dict[Origin, str] = {
    Origin.OWN_WORDS: "texts",
    Origin.TRANSLATION: "texts",
    Origin.QUESTION: "questions",
    Origin.HEADER: "headers",
}
NAMES = ("texts", "questions", "headers")
_BATCH = 2_000
_SEARCH_WIDTH = 200
"""HNSW ef_search: candidates kept while walking the graph; above the number asked for."""


def text_key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class VectorStore:
    """Chroma on disk (`location` a folder) or on a server (`location` a URL).

    `prefix` keeps generations apart on a shared server; collection names stay within Chroma's
    3 to 512 characters.
    """

    def __init__(self, location: Path | str, prefix: str) -> None:
        self._prefix = prefix
        try:
            self._client = _client(location)
            self._collections = {
                name: self._client.get_or_create_collection(
                    f"{prefix}-{name}",
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_WIDTH}},
                )
                for name in NAMES
            }
            self._counts: dict[str, int] = {}
        except Exception as error:  # Chroma raises bare exceptions of many kinds
            raise IndexFailure(
                f"The vector store at {location} cannot be opened: {error}. "
                "For a Chroma server check CHROMA_URL; else run `python -m rag index --rebuild`."
            ) from error

    def add(self, name: str, keys: Sequence[str], vectors: Matrix) -> None:
        collection = self._collections[name]
        self._counts.pop(name, None)
        for start in range(0, len(keys), _BATCH):
            end = start + _BATCH
            try:
                collection.add(ids=list(keys[start:end]), embeddings=vectors[start:end])
            except Exception as error:  # see above
                raise IndexFailure(
                    f"Vectors could not be written: {error}. Check free disk space, then index again."
                ) from error

    def fetch(self, name: str, keys: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """The stored vectors among `keys`, as pairs of key and vector."""
        collection = self._collections[name]
        for start in range(0, len(keys), _BATCH):
            try:
                found = collection.get(ids=list(keys[start : start + _BATCH]), include=["embeddings"])
            except Exception as error:  # see above
                raise _unreadable(name, error) from error
            yield from zip(found["ids"], found["embeddings"], strict=True)

    def nearest(self, name: str, vector: Matrix, limit: int) -> list[tuple[str, float]]:
        """Keys and cosine similarities, best first."""
        collection = self._collections[name]
        try:
            count = self._counts.get(name) or collection.count()
            if not count:
                return []
            self._counts[name] = count
            found = collection.query(
                query_embeddings=[vector], n_results=min(limit, count), include=["distances"]
            )
        except Exception as error:  # see above
            raise _unreadable(name, error) from error
        distances = found["distances"] or [[]]
        return [
            (key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def drop(self) -> None:
        """Delete this generation's collections (used on a shared server)."""
        for name in NAMES:
            try:
                self._client.delete_collection(f"{self._prefix}-{name}")
            except Exception as error:  # see above
                raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> IndexFailure:
    return IndexFailure(
        f"The vectors of the {name} cannot be read: {error}. For a Chroma server check CHROMA_URL; "
        "else run `python -m rag index --rebuild`."
    )


def _client(location: Path | str) -> Any:
    import chromadb
    from chromadb.config import Settings

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    settings = Settings(anonymized_telemetry=False)
    if isinstance(location, Path):
        return chromadb.PersistentClient(path=str(location), settings=settings)
    parts = urlsplit(location)
    return chromadb.HttpClient(
        host=parts.hostname or "localhost",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=settings,
    )
