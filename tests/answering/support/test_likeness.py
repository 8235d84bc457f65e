"""Likeness: what counts as said in other words, worked by hand with words of known vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.answering.support import SupportVerifier
from rag.answering.support.likeness import ONE, TWO, Likeness
from rag.answering.support.scoring import Weights

Matrix = NDArray[np.float32]
ANY = Weights(0.0, {})


class Words:
    """An embedder that knows what some words mean and gives any other a direction of its own."""

    fingerprint = "words"
    max_tokens = 40
    dimension = 64

    def __init__(self, cosines: dict[str, tuple[str, float]]) -> None:
        self._cosines = cosines
        self._axes: dict[str, int] = {}
        self.read: list[str] = []

    def count(self, text: str) -> int:
        return len(text.split())

    def embed_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        self.read += texts
        return self.embed_passages(texts), [np.stack([self._word(w) for w in t.split()]) for t in texts]

    def _word(self, word: str) -> Matrix:
        near, cosine = self._cosines.get(word, (word, 1.0))
        vector = cosine * self._axis(near)
        beside = 0.0 if near == word else np.sqrt(1 - cosine**2)
        return np.asarray(vector + beside * self._axis(word), np.float32)

    def _axis(self, word: str) -> Matrix:
        axis = self._axes.setdefault(word, len(self._axes))
        return np.asarray(np.eye(self.dimension)[axis], np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return np.ones((len(texts), self.dimension), np.float32)

    def embed_query(self, text: str) -> Matrix:
        vector: Matrix = self.embed_passages([text])[0]
        return vector

    def embed_query_with_tokens(self, text: str) -> tuple[Matrix, Matrix]:
        vectors, tokens = self.embed_with_tokens([text])
        return vectors[0], tokens[0]


def measured(claim: str, evidence: str, **cosines: tuple[str, float]) -> dict[str, float]:
    verifier = SupportVerifier(weights=ANY, likeness=Likeness(Words(cosines)))
    (found,) = verifier.measures(claim, [evidence])
    return {name: found[name] for name in (ONE, TWO)}


@pytest.mark.parametrize(("cosine", "counted"), [(0.9, 1.0), (0.5, 0.5), (0.2, 0.0)])
def test_a_word_counts_as_far_as_one_of_the_source_is_like_it(cosine: float, counted: float) -> None:
    # Ferries, leave and harbour; only "quay" stands where the claim has "harbour".
    found = measured("Ferries leave the harbour.", "All ferries leave the quay.", harbour=("quay", cosine))
    assert found[ONE] == pytest.approx((2 + counted) / 3, abs=0.01)


def test_what_is_said_in_two_sentences_in_a_row_counts_together() -> None:
    row = "The ferries are white. They depart at the quay."
    apart = "The ferries are white. Mist is rare. They depart at the quay."
    near = {"leave": ("depart", 0.9), "harbour": ("quay", 0.9)}
    assert measured("Ferries leave the harbour.", row, **near) == pytest.approx(
        {ONE: 2 / 3, TWO: 1}, abs=0.01
    )
    assert measured("Ferries leave the harbour.", apart, **near)[TWO] == pytest.approx(2 / 3, abs=0.01)


def test_numbers_are_compared_as_well() -> None:
    said = measured("At 9 ferries leave.", "The ferries leave at 9 from the quay.")
    other = measured("At 9 ferries leave.", "The ferries leave at 10 from the quay.")
    assert said[ONE] == pytest.approx(1, abs=0.01)
    assert other[ONE] == pytest.approx(2 / 3, abs=0.01)


def test_words_past_what_the_model_reads_are_not_alike_anything() -> None:
    embedder = Words({"quay": ("harbour", 0.9)})
    long = " ".join(["so"] * 60)
    verifier = SupportVerifier(weights=ANY, likeness=Likeness(embedder))
    (found,) = verifier.measures("Ferries leave the harbour.", [f"The ferries leave {long} the quay."])
    assert found[ONE] == pytest.approx(2 / 3, abs=0.01)
    assert max(map(embedder.count, embedder.read)) <= embedder.max_tokens


def test_no_sentence_is_embedded_twice() -> None:
    embedder = Words({})
    verifier = SupportVerifier(weights=ANY, likeness=Likeness(embedder))
    for _ in range(2):
        verifier.measures("Ferries leave the harbour.", ["All ferries leave the quay. Mist is rare."])
    assert len(embedder.read) == len(set(embedder.read)) == 3


def test_a_model_without_weights_of_its_own_changes_no_verdict() -> None:
    embedder = Words({"harbour": ("quay", 0.9)})
    asked = ("Ferries leave the harbour.", ["All ferries leave the quay."])
    assert SupportVerifier(likeness=Likeness(embedder)).verify(*asked) == SupportVerifier().verify(*asked)
    assert embedder.read == []
