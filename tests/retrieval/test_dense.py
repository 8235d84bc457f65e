from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import IndexFailure
from rag.retrieval.dense import VectorStore, text_key
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.leg_contract import TEXTS, Leg, LegContract

KEYS = [text_key(text) for text in TEXTS]


def filled(folder: Path) -> VectorStore:
    store = VectorStore(folder, "g-test")
    store.add("texts", KEYS, FakeEmbedder().embed_passages(TEXTS))
    return store


class TestDenseLeg(LegContract):
    @pytest.fixture
    def leg(self, tmp_path: Path) -> Leg:
        store = filled(tmp_path)
        embedder = FakeEmbedder()

        def find(text: str, limit: int) -> dict[int, float]:
            found = store.nearest("texts", embedder.embed_query(text), limit)
            return {KEYS.index(key): score for key, score in found}

        return find


def test_the_score_is_the_cosine_and_the_best_comes_first(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    vector = embedder.embed_query("ferries sail")
    found = filled(tmp_path).nearest("texts", vector, 4)
    expected = embedder.embed_passages(TEXTS) @ vector
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert dict(found) == pytest.approx(dict(zip(KEYS, expected.tolist(), strict=True)), abs=1e-5)


def test_an_empty_collection_finds_nothing(tmp_path: Path) -> None:
    assert filled(tmp_path).nearest("questions", FakeEmbedder().embed_query("x"), 5) == []


def test_vectors_come_back_as_they_went_in(tmp_path: Path) -> None:
    found = dict(filled(tmp_path).fetch("texts", [KEYS[2], "unknown", KEYS[0]]))
    rows = FakeEmbedder().embed_passages(TEXTS)
    assert set(found) == {KEYS[0], KEYS[2]}
    np.testing.assert_allclose(found[KEYS[2]], rows[2], atol=1e-6)


def test_a_store_opened_again_knows_what_it_held(tmp_path: Path) -> None:
    filled(tmp_path)
    again = VectorStore(tmp_path, "g-test")
    assert len(again.nearest("texts", FakeEmbedder().embed_query("ferries"), 9)) == len(TEXTS)


def test_generations_on_one_server_do_not_meet(tmp_path: Path) -> None:
    filled(tmp_path)
    other = VectorStore(tmp_path, "g-other")
    assert other.nearest("texts", FakeEmbedder().embed_query("ferries"), 5) == []
    other.drop()
    assert len(list(VectorStore(tmp_path, "g-test").fetch("texts", KEYS))) == len(KEYS)


def test_equal_texts_have_one_key_and_others_have_their_own() -> None:
    assert text_key("a") == text_key("a") != text_key("b")


def test_a_damaged_store_says_how_to_make_a_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(IndexFailure, match="index --rebuild"):
        VectorStore(folder, "g-test")


def test_vectors_of_another_dimension_are_refused_in_plain_words(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with pytest.raises(IndexFailure, match="index"):
        store.nearest("texts", np.ones(3, np.float32), 2)
    with pytest.raises(IndexFailure, match="could not be written"):
        store.add("texts", ["k"], np.ones((1, 3), np.float32))


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(IndexFailure, match="CHROMA_URL"):
        VectorStore("http://127.0.0.1:9", "g-test")
