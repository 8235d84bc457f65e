"""Late interaction: how well each word of the question finds its like in a passage.

The mean over the question's tokens of their best cosine among the passage's tokens (MaxSim;
Khattab & Zaharia, 2020, "ColBERT"), over the embedding model's own token vectors: no further
weights. Vectors are kept as int8 in a memory-mapped file, 384 bytes a token for the bundled model.
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

_VECTORS, _PLACES = "tokens.npy", "tokens.json"
_SCALE = 400.0
"""A component of a unit vector over 0.3 is rare; what lies beyond 127 / 400 is clipped."""


class TokenVectors:
    """Collects token vectors while an index is built."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray[tuple[int, ...], np.dtype[np.int8]]] = []
        self._places: dict[str, tuple[int, int]] = {}
        self._size = 0

    def add(self, keys: Sequence[str], vectors: Sequence[Matrix]) -> None:
        for key, rows in zip(keys, vectors, strict=True):
            self._append(key, np.clip(np.rint(rows * _SCALE), -127, 127).astype(np.int8))

    def take_over(self, previous: TokenVectorIndex, keys: Sequence[str]) -> set[str]:
        """Copy what an earlier generation has of these texts; returns the keys found."""
        found = {key for key in keys if key in previous.places}
        for key in found:
            start, end = previous.places[key]
            self._append(key, np.asarray(previous.vectors[start:end]))
        return found

    def _append(self, key: str, rows: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> None:
        self._places[key] = (self._size, self._size + len(rows))
        self._size += len(rows)
        self._parts.append(rows)

    def save(self, folder: Path) -> None:
        rows = np.concatenate(self._parts) if self._parts else np.zeros((0, 1), np.int8)
        np.save(folder / _VECTORS, rows)
        (folder / _PLACES).write_text(json.dumps(self._places), encoding="utf-8")


class TokenVectorIndex:
    """The saved token vectors of one generation. Raises IndexFailure if they cannot be read."""

    def __init__(self, folder: Path) -> None:
        try:
            self.vectors = np.load(folder / _VECTORS, mmap_mode="r")
            places = json.loads((folder / _PLACES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexFailure(
                f"The token vectors in {folder} cannot be read: {error}. Run `python -m rag index --rebuild`."
            ) from error
        self.places: dict[str, tuple[int, int]] = {key: (place[0], place[1]) for key, place in places.items()}
        self._of_passage: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def place(self, passage: int, key: str) -> None:
        """Say that the text with this key is (a window of) the passage's own words."""
        if key in self.places:
            self._of_passage[passage].append(self.places[key])

    def scores(self, question: Matrix, passages: Sequence[int]) -> dict[int, float]:
        """MaxSim of the question's token vectors and each passage that has any, in [-1, 1]."""
        ranges = [(p, place) for p in passages for place in self._of_passage.get(p, ())]
        if not ranges or not len(question):
            return {}
        rows = np.concatenate([self.vectors[start:end] for _, (start, end) in ranges])
        likeness = question @ rows.astype(np.float32).T / _SCALE
        starts = np.cumsum([0, *(end - start for _, (start, end) in ranges[:-1])])
        best = np.maximum.reduceat(likeness, starts, axis=1).mean(axis=0)
        found: dict[int, float] = {}
        for (passage, _), score in zip(ranges, best, strict=True):
            found[passage] = max(found.get(passage, -1.0), float(score))
        return found
