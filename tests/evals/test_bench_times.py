"""Times by a clock that is wound by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from evals.bench.asking import time_asking
from evals.bench.indexing import IndexingTimes
from rag.domain.answers import Abstention, Response, Stage
from rag.domain.conversations import History
from rag.domain.retrieval import Hit, Query
from tests.evals.tiny import TinyLibrary


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """Embedding takes 10 ms, retrieval 14, an answer 20: 2 routing, 14 retrieving, 4 answering."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.library = TinyLibrary()
        self.fingerprint = "f"

    def embed_query(self, text: str) -> np.ndarray:
        self.clock.now += 0.010
        return np.zeros(3, np.float32)

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        self.clock.now += 0.020
        stages = (Stage("route", 2.0), Stage("retrieve", 14.0), Stage("answer", 4.0), Stage("total", 20.0))
        return Response(question, "en", question, Abstention("no", (), 0.0), "f", stages)


class Finder:
    fingerprint = "f"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        self.clock.now += 0.014
        return ()


def test_an_answers_time_as_a_multiple_of_the_embeddings() -> None:
    clock = Clock()
    service = Service(clock)
    queries: Sequence[Query] = [Query("one?", "en"), Query("two?", "da")]
    found = time_asking(service, Finder(clock), service, queries, hits=5, clock=clock)  # type: ignore[arg-type]
    assert found.embedding_ms == pytest.approx(10)
    assert found.retrieval_besides_embedding_ms == pytest.approx(4)  # 14 - 10
    assert found.answer_to_embedding == pytest.approx(2)  # 20 / 10
    assert found.shares == pytest.approx({"route": 0.1, "retrieve": 0.7, "answer": 0.2})
    assert found.stages_ms["total"] == pytest.approx(20)


def test_the_index_rate_as_a_share_of_the_bare_embeddings() -> None:
    found = IndexingTimes(passages=10, texts=120, embedding_seconds=2.0, index_seconds=3.0)
    assert found.texts_per_second == 40  # 120 / 3
    assert found.embedded_per_second == 60  # 120 / 2
    assert found.ratio == pytest.approx(2 / 3)
