"""txtai: its Embeddings database over paragraphs, as its examples cut texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from txtai import Embeddings

from evals.metrics.observation import Place
from evals.peers.port import Chunks, vectors
from rag.domain.ports import Embedder

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
"""What stands between blank lines, as txtai's `Segmentation(paragraphs=True)` cuts."""


class TxtaiPeer:
    """Implements the Peer port."""

    def __init__(self, embedder: Embedder) -> None:
        self._chunks = Chunks()
        self._embeddings = Embeddings(
            method="external", transform=lambda texts: np.asarray(vectors(embedder, list(texts)), np.float32)
        )

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        rows = [
            (self._chunks.add(id, *found.span()), found.group(), None)
            for id, text in texts.items()
            for found in _PARAGRAPH.finditer(text)
        ]
        self._embeddings.index(rows)

    def search(self, question: str, limit: int) -> Sequence[Place]:
        return [self._chunks.place(str(key)) for key, _ in self._embeddings.search(question, limit)]
