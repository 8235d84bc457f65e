"""What is learnt from questions known to be answered, and known not to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import IndexFailure
from rag.domain.passages import Enrichment
from rag.domain.retrieval import Query
from rag.retrieval.generations import Generations
from rag.retrieval.indexing import build_index
from rag.retrieval.precedents import FEWEST, NONE, learn, load
from rag.retrieval.searching import HybridRetriever
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.small_texts import BRIDGES, WEIGHTS, index_text, serving

THINGS = [f"thing{n}" for n in range(FEWEST + 10)]
ANSWERED = [f"Who inspects the {thing}?" for thing in THINGS]
UNANSWERED = [f"What does the {thing} cost?" for thing in THINGS]


def vectors(texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return FakeEmbedder().embed_passages(texts)


def test_a_new_question_leans_towards_those_it_resembles() -> None:
    learnt = learn(vectors(ANSWERED), vectors(UNANSWERED))
    embedder = FakeEmbedder()
    assert learnt.leaning(embedder.embed_query("Who inspects the harbour?")) > 0
    assert learnt.leaning(embedder.embed_query("What does the harbour cost?")) < 0


def test_from_too_few_nothing_is_learnt() -> None:
    learnt = learn(vectors(ANSWERED), vectors(UNANSWERED[: FEWEST - 1]))
    assert learnt is NONE
    assert learnt.leaning(FakeEmbedder().embed_query(UNANSWERED[0])) == 0.0


def test_what_is_kept_leans_as_before(tmp_path: Path) -> None:
    learnt = learn(vectors(ANSWERED), vectors(UNANSWERED))
    learnt.save(tmp_path)
    question = FakeEmbedder().embed_query("What does the ferry cost?")
    assert load(tmp_path).leaning(question) == pytest.approx(learnt.leaning(question), abs=1e-2)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "precedents.npz").write_bytes(b"not an archive")
    with pytest.raises(IndexFailure, match=r"precedents\.npz"):
        load(tmp_path)


def test_every_hit_tells_which_way_the_question_leans(tmp_path: Path) -> None:
    generations, embedder = Generations(tmp_path), FakeEmbedder()
    told = Enrichment(questions=tuple(("en", question) for question in ANSWERED))
    texts = [index_text("bridges", BRIDGES, "en", [told])]
    build_index(generations, texts, embedder, "first", unanswered=UNANSWERED)
    retriever = HybridRetriever(serving(generations), embedder, WEIGHTS)
    assert all(h.leaning > 0 for h in retriever.search(Query("Who inspects the bridge?", "en"), 2))
    assert all(h.leaning < 0 for h in retriever.search(Query("What does the bridge cost?", "en"), 2))
