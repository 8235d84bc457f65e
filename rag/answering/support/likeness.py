"""How far the evidence says a statement's words in other words: by vectors of words in their contexts.

An optional sign beside the words themselves; it finds no contradiction. Every word of a statement is
laid beside the words of a sentence, and beside those of it and the next, as BERTScore does (Zhang et
al., 2020); a word that the sentence bears out by itself counts as it does elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag.answering.support.alignment import WORD_WEIGHT, Alignment
from rag.answering.support.facts import Sentence
from rag.domain.ports import Embedder

UNLIKE, ALIKE = 0.3, 0.7
"""Cosines from which two words are somewhat, and fully, alike; ranges a tenth away do as well."""
MOST_READ = 10
"""Sentences that share most words with the statement, read besides those near the best."""
REMEMBERED_SENTENCES = 1_000
ONE, TWO = "alike in one", "alike in two"

Matrix = NDArray[np.float32]


class Likeness:
    """Reads with an embedder; the vectors of sentences read lately are kept. Safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[tuple[str, ...], NDArray[np.float16]] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """Of the model: cosines of one are not those of another."""
        return self._embedder.fingerprint

    def measure(self, alignment: Alignment) -> Mapping[str, float]:
        """The share of the statement's words and numbers said in one sentence, and in two in a row."""
        weights = _weights(alignment)
        if not weights:
            return {ONE: 1.0, TWO: 1.0}
        numbers = _read(alignment)
        claim, *sources = self._vectors(
            [alignment.claim, *(alignment.source.sentences[number] for number in numbers)]
        )
        mine = claim[list(weights)]
        said = {
            number: _strengths(alignment, number, list(weights), mine, source)
            for number, source in zip(numbers, sources, strict=True)
        }
        worth = np.array(list(weights.values()), np.float32)
        in_one = max((_share(worth, s) for s in said.values()), default=0.0)
        in_two = (np.maximum(s, said[n + 1]) for n, s in said.items() if n + 1 in said)
        return {ONE: in_one, TWO: max((_share(worth, s) for s in in_two), default=in_one)}

    def _vectors(self, sentences: Sequence[Sentence]) -> list[Matrix]:
        """Per sentence, a row for each token."""
        keys = [tuple(token.text for token in sentence.tokens) for sentence in sentences]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        found |= zip(missing, self._embedded(missing), strict=True)
        with self._lock:
            for key in keys:
                self._known[key] = found[key]
                self._known.move_to_end(key)
            while len(self._known) > REMEMBERED_SENTENCES:
                self._known.popitem(last=False)
        return [found[key].astype(np.float32) for key in keys]

    def _embedded(self, sentences: Sequence[tuple[str, ...]]) -> list[NDArray[np.float16]]:
        ends = [self._ends(words) for words in sentences]
        texts = [" ".join(words[: len(end)]) for words, end in zip(sentences, ends, strict=True)]
        if not texts:
            return []
        _, pieces = self._embedder.embed_with_tokens(texts)
        return [_by_word(p, end, len(w)) for p, end, w in zip(pieces, ends, sentences, strict=True)]

    def _ends(self, words: Sequence[str]) -> list[int]:
        """Where the pieces of each word end; words past what the model reads at once are left out."""
        ends = accumulate(self._embedder.count(word) for word in words)
        return [end for end in ends if end <= self._embedder.max_tokens]


def _weights(alignment: Alignment) -> dict[int, float]:
    """The words of meaning by their weight elsewhere, and the words of numbers and dates."""
    claim = alignment.claim
    spans = [(q.start, q.end) for q in claim.quantities] + [(d.start, d.end) for d in claim.dates]
    counted = {i: WORD_WEIGHT for start, end in spans for i in range(start, end)}
    return counted | dict(alignment.weights)


def _read(alignment: Alignment) -> list[int]:
    coverage = alignment.coverage
    closest = sorted(coverage, key=lambda number: (-coverage[number], number))[:MOST_READ]
    return sorted({*closest, *alignment.near})


def _by_word(pieces: Matrix, ends: Sequence[int], words: int) -> NDArray[np.float16]:
    """The mean of each word's pieces, unit length; zero for a word without any."""
    found = np.zeros((words, pieces.shape[1]), np.float16)
    for i, (start, end) in enumerate(zip((0, *ends), ends, strict=False)):
        if start < end <= len(pieces):
            mean = pieces[start:end].mean(0)
            found[i] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return found


def _strengths(
    alignment: Alignment, number: int, positions: Sequence[int], mine: Matrix, source: Matrix
) -> Matrix:
    cosines = (mine @ source.T).max(1, initial=0.0)
    alike = np.clip((cosines - UNLIKE) / (ALIKE - UNLIKE), 0.0, 1.0)
    said = [alignment.answers.get(i, {}).get(number, 0.0) for i in positions]
    return np.asarray(np.maximum(alike, said), np.float32)


def _share(worth: Matrix, strengths: Matrix) -> float:
    return float(worth @ strengths / worth.sum())
