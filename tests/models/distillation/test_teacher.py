from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.models.distillation.network import encode_texts, load_encoder, load_tokenizer
from rag.models.distillation.teacher import TeacherCache, teach
from rag.models.embedding import SentenceTransformerEmbedder

TEXTS = ["the rule", "a dog", "the dog is the rule", "cat", "the rule"]


def test_the_teacher_is_the_model_itself(tiny_model: Path) -> None:
    vectors = encode_texts(load_encoder(tiny_model), load_tokenizer(tiny_model), TEXTS, 40)
    expected = SentenceTransformerEmbedder(str(tiny_model)).embed_passages(TEXTS)
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_worker_processes_compute_each_text_once(tiny_model: Path, tmp_path: Path) -> None:
    cache, said = TeacherCache(tmp_path), []
    for texts in (TEXTS, [*TEXTS, "the cat"]):
        teach(texts, tiny_model, cache, workers=2, max_tokens=40, niceness=0, progress=said.append)
    assert [line for line in said if "to compute" in line] == [
        "teacher: 4 texts to compute in 2 parts",
        "teacher: 1 texts to compute in 1 parts",
    ]
    expected = SentenceTransformerEmbedder(str(tiny_model)).embed_passages([*TEXTS, "the cat"])
    np.testing.assert_allclose(cache.vectors([*TEXTS, "the cat"]), expected, atol=1e-3)


def test_a_text_never_computed_is_an_error(tmp_path: Path) -> None:
    cache = TeacherCache(tmp_path)
    cache.add(["known"], np.ones((1, 4), np.float32))
    with pytest.raises(KeyError):
        cache.vectors(["known", "unknown"])
