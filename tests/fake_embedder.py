"""An embedder of a few lines: texts that share words are alike. It keeps to the port and counts its work."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.domain.errors import ModelError
from rag.domain.readings import Reading

Matrix = NDArray[np.float32]


class FakeEmbedder:
    """A word's vector is drawn from its hash; a text's is the sum of its words'."""

    def __init__(self, name: str = "fake", *, dimension: int = 64, max_tokens: int = 60) -> None:
        self.fingerprint = f"{name}@{dimension}"
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.embedded: list[str] = []
        """Every passage text ever embedded, in order."""

    def count(self, text: str) -> int:
        return len(_words(text))

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        for text in texts:
            if self.count(text) > self.max_tokens:
                raise ModelError(f"“{text[:40]}” is too long")
        self.embedded.extend(texts)
        return np.stack([self._vector(t) for t in texts]) if texts else np.zeros((0, self.dimension), "f4")

    def embed_query(self, text: str) -> Matrix:
        return self._vector(text)

    def read_query(self, text: str) -> Reading:
        tokens = self._tokens(text)
        pieces = np.array([zlib.crc32(word.encode()) for word in _words(text)], np.int64)
        return Reading(self._vector(text), tokens, pieces, tokens, tokens)

    def read_queries(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        return enumerate(map(self.read_query, texts))

    def embed_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        return self.embed_passages(texts), [self._tokens(t) for t in texts]

    def _tokens(self, text: str) -> Matrix:
        rows = [self._word(w) for w in _words(text)]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Matrix:
        total = sum((self._word(w) for w in _words(text)), self._word("\0") * 0.01)
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def _word(self, word: str) -> Matrix:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        drawn = np.random.default_rng(seed).normal(size=self.dimension)
        return np.asarray(drawn / np.linalg.norm(drawn), np.float32)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.lower())
