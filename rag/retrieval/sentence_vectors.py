"""Vectors of single sentences, memory-mapped: which sentence of a found passage answers.

Chroma finds; this file only compares the question with the sentences of passages already
found, without asking the store again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.errors import IndexFailure

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

_VECTORS, _KEYS = "sentences.npy", "sentences.json"


class SentenceVectors:
    """Collects the vectors of sentences while an index is built; float16 halves the file."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._found: dict[str, Matrix] = {}

    def want(self, keys: set[str]) -> None:
        self._wanted |= keys

    def add(self, keys: Sequence[str], vectors: Matrix) -> None:
        for key, vector in zip(keys, vectors, strict=True):
            if key in self._wanted:
                self._found[key] = vector

    def save(self, folder: Path) -> None:
        keys = list(self._found)
        stacked = np.stack([self._found[k] for k in keys]) if keys else np.zeros((0, 1))
        np.save(folder / _VECTORS, stacked.astype(np.float16))
        (folder / _KEYS).write_text(json.dumps(keys), encoding="utf-8")


class SentenceVectorIndex:
    """The saved vectors of one generation."""

    def __init__(self, folder: Path) -> None:
        try:
            self._vectors = np.load(folder / _VECTORS, mmap_mode="r")
            keys = json.loads((folder / _KEYS).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexFailure(
                f"The sentence vectors in {folder} cannot be read: {error}. "
                "Run `python -m rag index --rebuild`."
            ) from error
        self._row = {key: row for row, key in enumerate(keys)}
        self._places: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def place(self, passage: int, sentence: int, key: str) -> None:
        """Say that `key` is (a window or translation of) that sentence."""
        row = self._row.get(key)
        if row is not None:
            self._places[passage].append((sentence, row))

    def similarities(self, passage: int, vector: Matrix) -> tuple[float, ...]:
        """Per sentence of the passage, the best cosine over its own words and translations."""
        places = self._places.get(passage)
        if not places:
            return ()
        rows = np.asarray(self._vectors[[row for _, row in places]], dtype=np.float32)
        scores = rows @ vector
        best = [-1.0] * (1 + max(sentence for sentence, _ in places))
        for (sentence, _), score in zip(places, scores, strict=True):
            best[sentence] = max(best[sentence], float(score))
        return tuple(best)
