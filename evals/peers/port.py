"""What a peer must do to be measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from evals.metrics.observation import Place
from rag.domain.ports import Embedder
from rag.domain.spans import Span

CHUNK, OVERLAP = 1000, 200
"""Characters; what most tutorials use."""


class Peer(Protocol):
    """Index texts once, then find places in them."""

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        """Index source texts by id; `folder` is empty and may be written to."""

    def search(self, question: str, limit: int) -> Sequence[Place]:
        """The best places, best first."""


class Chunks:
    """Where a peer's pieces stand in the sources, whatever it did to them on the way."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def add(self, document: str, start: int, end: int) -> str:
        """Remember a piece; its key."""
        self._places.append(Place(document, (Span(start, end),)))
        return str(len(self._places) - 1)

    def place(self, key: str) -> Place:
        return self._places[int(key)]

    def __len__(self) -> int:
        return len(self._places)


def vectors(embedder: Embedder, texts: Sequence[str]) -> list[list[float]]:
    """Passage embeddings as plain lists; a piece too long for the model is read as a query is, in windows."""
    fitting = [t if embedder.count(t) <= embedder.max_tokens else None for t in texts]
    made = iter(embedder.embed_passages([t for t in fitting if t is not None]).tolist())
    return [
        next(made) if kept is not None else embedder.embed_query(text).tolist()
        for kept, text in zip(fitting, texts, strict=True)
    ]
