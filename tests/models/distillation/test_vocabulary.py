from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.models.delta import extend_tokenizer
from rag.models.distillation.network import tokenizer_description, tokenizer_from
from rag.models.distillation.vocabulary import AlignedTexts, choose_pieces, start_rows

TEXTS = ["hunden gør ad katten"] * 6 + ["katten sover"] * 5 + ["sjældent"] * 2


@pytest.fixture(scope="module")
def tokenizer(tiny_model: Path):
    return tokenizer_description(tiny_model)


def test_frequent_words_become_pieces_most_frequent_first(tokenizer) -> None:
    pieces = choose_pieces(TEXTS, tokenizer, wanted=200, least_frequency=4)
    assert pieces.index("katten") < pieces.index("hunden")
    assert "sjældent" not in pieces
    assert not set(pieces) & set(tokenizer["model"]["vocab"])


def test_no_more_pieces_than_wanted(tokenizer) -> None:
    assert len(choose_pieces(TEXTS, tokenizer, wanted=3, least_frequency=2)) == 3


def test_new_pieces_shorten_what_they_were_made_for_and_leave_english_alone(tokenizer) -> None:
    pieces = choose_pieces(TEXTS, tokenizer, wanted=200, least_frequency=4)
    old, new = tokenizer_from(tokenizer), tokenizer_from(extend_tokenizer(tokenizer, pieces))
    assert len(new.encode("katten sover", add_special_tokens=False)) == 2
    assert new.encode("the dog is").ids == old.encode("the dog is").ids


def test_a_row_starts_at_the_english_word_it_keeps_company_with(tokenizer) -> None:
    vocabulary = tokenizer["model"]["vocab"]
    base_rows = np.eye(len(vocabulary), dtype=np.float32) * 2
    pairs = [
        AlignedTexts("hunden", "the dog"),
        AlignedTexts("hunden", "the dog"),
        AlignedTexts("katten", "the cat"),
        AlignedTexts("katten", "the cat"),
        AlignedTexts("nyt", "the rule"),
        AlignedTexts("nyt", "the rule"),
    ]
    rows = start_rows(pairs, tokenizer, ("hunden", "katten"), base_rows, neighbours=3)
    assert rows[0].argmax() == vocabulary["dog"]
    assert rows[1].argmax() == vocabulary["cat"]
    assert rows[0, vocabulary["the"]] == 0  # in all pairs: explains nothing
    assert np.linalg.norm(rows, axis=1) == pytest.approx(2, abs=1e-4)


def test_a_dictionary_entry_outweighs_chance_company(tokenizer) -> None:
    vocabulary = tokenizer["model"]["vocab"]
    base_rows = np.eye(len(vocabulary), dtype=np.float32)
    sentences = [AlignedTexts("hunden", "dog rule"), AlignedTexts("hunden", "rule")]
    filler = [AlignedTexts("andet", "cat")] * 80
    entry = AlignedTexts("hunden", "dog", weight=20)
    without, with_entry = (
        start_rows(pairs, tokenizer, ("hunden",), base_rows, neighbours=3)[0]
        for pairs in ([*sentences, *filler], [*sentences, *filler, entry])
    )
    assert without.argmax() == vocabulary["rule"]
    assert with_entry.argmax() == vocabulary["dog"]


def test_a_piece_without_company_starts_in_the_middle(tokenizer) -> None:
    base_rows = np.random.default_rng(0).normal(1, 1, (len(tokenizer["model"]["vocab"]), 8))
    rows = start_rows(
        [AlignedTexts("andet", "dog")], tokenizer, ("hunden",), base_rows.astype(np.float32), neighbours=3
    )
    middle = base_rows.mean(0)
    assert rows[0] @ middle / np.linalg.norm(rows[0]) / np.linalg.norm(middle) == pytest.approx(1, abs=1e-4)
