"""What every Embedder keeps to; an implementation's test class inherits this and gives `embedder`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.domain.errors import ModelError
from rag.domain.ports import Embedder

TEXTS = ("the rule is the rule", "a dog", "Who may keep the data, and for how long?", "")


class EmbedderContract:
    def test_passages_become_unit_rows_in_their_order(self, embedder: Embedder) -> None:
        rows = embedder.embed_passages(TEXTS)
        assert rows.shape == (len(TEXTS), embedder.dimension)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        for text, row in zip(TEXTS, rows, strict=True):
            np.testing.assert_allclose(embedder.embed_passages([text])[0], row, atol=1e-4)

    def test_no_passages_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed_passages([]).shape == (0, embedder.dimension)

    def test_a_query_becomes_one_unit_vector(self, embedder: Embedder) -> None:
        vector = embedder.embed_query("which rule?")
        assert vector.shape == (embedder.dimension,)
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_counting_does_not_stop_at_what_the_model_reads(self, embedder: Embedder) -> None:
        once = embedder.count("rule")
        assert once >= 1
        assert embedder.count("rule " * 1000) == 1000 * once > embedder.max_tokens

    def test_a_passage_of_exactly_the_length_read_is_taken(self, embedder: Embedder) -> None:
        text = "the " * embedder.max_tokens
        assert embedder.count(text) == embedder.max_tokens
        assert np.isfinite(embedder.embed_passages([text])).all()

    def test_the_last_token_within_the_length_still_counts(self, embedder: Embedder) -> None:
        start = "the " * (embedder.max_tokens - 1)
        one, other = embedder.embed_passages([start + "dog", start + "cat"])
        assert not np.allclose(one, other, atol=1e-6)

    def test_a_passage_too_long_is_refused_by_name(self, embedder: Embedder) -> None:
        text = "Unmistakable " + "the " * (embedder.max_tokens + 1)
        with pytest.raises(ModelError, match="Unmistakable"):
            embedder.embed_passages(["a dog", text])

    def test_every_word_of_an_overlong_question_counts(self, embedder: Embedder) -> None:
        start = "the rule is the rule " * embedder.max_tokens
        one, other = embedder.embed_query(start + "dog"), embedder.embed_query(start + "cat")
        assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
        assert not np.allclose(one, other, atol=1e-6)

    def test_token_vectors_are_the_texts_own_tokens_and_unit_length(self, embedder: Embedder) -> None:
        matrices = embedder.embed_with_tokens(TEXTS)[1]
        assert [len(matrix) for matrix in matrices] == [embedder.count(text) for text in TEXTS]
        for matrix in matrices:
            assert matrix.dtype == np.float32
            assert matrix.shape[1] == embedder.dimension
            np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)

    def test_token_vectors_know_their_sentence(self, embedder: Embedder) -> None:
        _, (alone, within) = embedder.embed_with_tokens(["dog", "the dog is the rule"])
        assert not np.allclose(alone[0], within[1], atol=1e-3)

    def test_threads_get_what_one_caller_gets(self, embedder: Embedder) -> None:
        questions = [f"rule {number} {'the ' * (number % 7)}?" for number in range(24)]
        expected = [embedder.embed_query(question) for question in questions]
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(embedder.embed_query, questions))
        np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_the_fingerprint_is_stable_and_names_no_path(self, embedder: Embedder) -> None:
        assert embedder.fingerprint == embedder.fingerprint
        assert "/" not in embedder.fingerprint
