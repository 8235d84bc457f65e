"""Late interaction: how well each word of the question finds its like in a passage.

The mean over the question's tokens of their best cosine among the passage's tokens (MaxSim;
Khattab & Zaharia, 2020, "ColBERT"), over the embedding model's own token vectors: no further
weights. Twice: among the passage's own words, and among all that is known of it (its words, its
translations, the questions it answers), so that each word of the question may find its like in
another of them. Vectors are projected at random to fewer dimensions, which keeps cosines well
enough (Johnson & Lindenstrauss, 1984), and kept as int8 in a memory-mapped file.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.errors import IndexFailure

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

_VECTORS, _PLACES = "tokens.npy", "tokens.json"
_WIDEST_COMPONENT = 4.5
"""In units of the root mean square component of a unit vector; what lies beyond is clipped."""
_DIMENSION = 192
"""Kept of each token vector; on the development split as good as all 384."""


@lru_cache(maxsize=4)
def _projection(dimension: int) -> Matrix:
    """The same for ever: columns of a random orthogonal matrix (dimension, kept)."""
    square = np.random.default_rng(0).normal(size=(dimension, dimension))
    projection: Matrix = np.linalg.qr(square)[0][:, :_DIMENSION].astype(np.float32)
    return projection


def _scale(dimension: int) -> float:
    """What a component is multiplied with to fit a byte."""
    return 127.0 / min(1.0, _WIDEST_COMPONENT / math.sqrt(dimension))


def _projected(rows: Matrix) -> Matrix:
    """Unit rows in fewer dimensions."""
    if rows.shape[-1] > _DIMENSION:
        rows = rows @ _projection(rows.shape[-1])
    scaled: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return scaled


_BLOCK = 2048
"""Vectors unpacked at once: few enough to stay in the processor's cache until they are compared."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """MaxSim in [-1, 1] by passage: among its own words, and among all that is known of it."""

    own: dict[int, float]
    known: dict[int, float]
    """Only passages of which more is known than their own words."""


class TokenVectors:
    """Collects token vectors while an index is built."""

    def __init__(self) -> None:
        self._vectors: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int8]]] = {}

    def add(self, keys: Sequence[str], vectors: Sequence[Matrix]) -> None:
        for key, rows in zip(keys, vectors, strict=True):
            kept = _projected(rows)
            self._vectors[key] = np.clip(np.rint(kept * _scale(kept.shape[-1])), -127, 127).astype(np.int8)

    def take_over(self, previous: TokenVectorIndex, keys: Sequence[str]) -> set[str]:
        """Copy what an earlier generation has of these texts; returns the keys found."""
        if previous.vectors.shape[1] > _DIMENSION:  # kept before vectors were projected
            return set()
        found = {key for key in keys if key in previous.places}
        for key in found:
            start, end = previous.places[key]
            self._vectors[key] = np.asarray(previous.vectors[start:end])
        return found

    def save(self, folder: Path, order: Iterable[str]) -> None:
        """In that order of keys: what is read together should lie together."""
        ordered = [key for key in dict.fromkeys(order) if key in self._vectors]
        parts = [self._vectors[key] for key in ordered]
        ends = np.cumsum([len(part) for part in parts]).tolist()
        places = {key: (end - len(part), end) for key, part, end in zip(ordered, parts, ends, strict=True)}
        np.save(folder / _VECTORS, np.concatenate(parts) if parts else np.zeros((0, 1), np.int8))
        (folder / _PLACES).write_text(json.dumps(places), encoding="utf-8")


class TokenVectorIndex:
    """The saved token vectors of one generation. Raises IndexFailure if they cannot be read."""

    def __init__(self, folder: Path) -> None:
        try:
            # A plain view: slices of a memmap object cost 20 times as much, and there are hundreds.
            self.vectors = np.asarray(np.load(folder / _VECTORS, mmap_mode="r"))
            places = json.loads((folder / _PLACES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexFailure(
                f"The token vectors in {folder} cannot be read: {error}. Run `python -m rag index --rebuild`."
            ) from error
        self.places: dict[str, tuple[int, int]] = {key: (place[0], place[1]) for key, place in places.items()}
        self._own: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._more: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def place(self, passage: int, key: str, *, own: bool) -> None:
        """Say that the text with this key is (a window of) the passage's own words, or known of it."""
        if key not in self.places:
            return
        ranges = (self._own if own else self._more)[passage]
        start, end = self.places[key]
        if ranges and ranges[-1][1] == start:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))

    def _compared(self, question: Matrix, ranges: Sequence[tuple[int, int]]) -> Matrix:
        """(question's vectors, vectors in the ranges) dot products with the vectors as they are kept."""
        likeness = np.empty((len(question), sum(end - start for start, end in ranges)), np.float32)
        block = np.empty((_BLOCK, self.vectors.shape[1]), np.float32)
        done = filled = 0
        for start, end in ranges:
            while start < end:
                taken = min(end - start, _BLOCK - filled)
                block[filled : filled + taken] = self.vectors[start : start + taken]
                start, filled = start + taken, filled + taken
                if filled == _BLOCK:
                    likeness[:, done : done + filled] = question @ block.T
                    done, filled = done + filled, 0
        likeness[:, done:] = question @ block[:filled].T
        return likeness

    def scores(self, question: Matrix, passages: Sequence[int]) -> Likeness:
        """Of the question's token vectors and each passage that has any."""
        found = [p for p in passages if p in self._own]
        if not found or not len(question):
            return Likeness({}, {})
        ranges = [(p, place) for p in found for place in (*self._own[p], *self._more.get(p, ()))]
        ends = np.cumsum([end - start for _, (start, end) in ranges]).tolist()
        starts = [0, *ends[:-1]]
        likeness = self._compared(_projected(question), [place for _, place in ranges])
        by_range = np.maximum.reduceat(likeness, starts, axis=1) / _scale(self.vectors.shape[1])
        firsts = [i for i, (p, _) in enumerate(ranges) if i == 0 or ranges[i - 1][0] != p]
        owns = [len(self._own[p]) for p in found]
        all_known = np.maximum.reduceat(by_range, firsts, axis=1).mean(axis=0)
        own_words = [
            float(by_range[:, first : first + count].max(axis=1).mean())
            for first, count in zip(firsts, owns, strict=True)
        ]
        return Likeness(
            dict(zip(found, own_words, strict=True)),
            {p: float(v) for p, v in zip(found, all_known, strict=True) if p in self._more},
        )
