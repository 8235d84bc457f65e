"""Late interaction among a passage's own words, and among all that is known of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.retrieval.token_vectors import TokenVectorIndex, TokenVectors
from tests.fake_embedder import FakeEmbedder

WIDE = FakeEmbedder(dimension=384)


def opened(folder: Path, texts: dict[str, str], embedder: FakeEmbedder = WIDE) -> TokenVectorIndex:
    collected = TokenVectors()
    collected.add(list(texts), embedder.embed_with_tokens(list(texts.values()))[1])
    collected.save(folder, texts)
    return TokenVectorIndex(folder)


def tokens(text: str, embedder: FakeEmbedder = WIDE) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return embedder.read_query(text).tokens


def test_each_word_may_find_its_like_in_another_of_the_known_texts(tmp_path: Path) -> None:
    index = opened(tmp_path, {"own": "bridges are inspected", "asked": "who pays the toll"})
    index.place(0, "own", own=True)
    index.place(0, "asked", own=False)
    found = index.scores(tokens("bridges toll"), [0])
    assert found.known[0] == pytest.approx(1.0, abs=0.05)
    assert found.own[0] < 0.8


def test_a_passage_known_by_its_own_words_alone_has_no_second_score(tmp_path: Path) -> None:
    index = opened(tmp_path, {"first": "the ferry sails", "window": "every hour"})
    index.place(4, "first", own=True)
    index.place(4, "window", own=True)
    found = index.scores(tokens("ferry hour"), [4, 5])
    assert set(found.own) == {4}
    assert found.own[4] == pytest.approx(1.0, abs=0.05)
    assert found.known == {}


def test_fewer_dimensions_keep_the_order_of_likeness(tmp_path: Path) -> None:
    index = opened(tmp_path, {"a": "harbour fee ships", "b": "harbour master", "c": "cyclists on sunday"})
    for number, key in enumerate("abc"):
        index.place(number, key, own=True)
    found = index.scores(tokens("harbour fee"), [0, 1, 2]).own
    assert found[0] > found[1] > found[2]


def test_narrow_vectors_are_kept_whole(tmp_path: Path) -> None:
    narrow = FakeEmbedder(dimension=16)
    index = opened(tmp_path, {"a": "harbour"}, narrow)
    assert index.vectors.shape == (1, 16)
    index.place(0, "a", own=True)
    assert index.scores(tokens("harbour", narrow), [0]).own[0] == pytest.approx(1.0, abs=0.02)


def test_what_an_earlier_version_kept_wider_is_embedded_anew(tmp_path: Path) -> None:
    np.save(tmp_path / "tokens.npy", np.zeros((3, 384), np.int8))
    (tmp_path / "tokens.json").write_text('{"a": [0, 3]}', encoding="utf-8")
    assert TokenVectors().take_over(TokenVectorIndex(tmp_path), ["a"]) == set()
