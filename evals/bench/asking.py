"""A question's time as multiples of embedding it: what the service adds to the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.runs.asking import Asked
from rag.domain.ports import Embedder, Retriever
from rag.domain.retrieval import Query

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class AskingTimes:
    """Medians in milliseconds; `shares` of the whole answer per stage, adding to 1."""

    questions: int
    embedding_ms: float
    retrieval_ms: float
    retrieval_besides_embedding_ms: float
    answer_ms: float
    answer_to_embedding: float
    stages_ms: dict[str, float]
    shares: dict[str, float]


def time_asking(
    assistant: Asked,
    retriever: Retriever,
    embedder: Embedder,
    questions: Sequence[Query],
    *,
    hits: int,
    clock: Clock = time.perf_counter,
) -> AskingTimes:
    """Embed, retrieve and answer each question once, after one to warm up.

    An embedder may remember its last questions, so that each text is timed when it is new to it:
    white space at the end makes it another text with the same words.
    """
    assistant.ask("What do the texts say?", "en")
    embedder.embed_query("What do the texts say?")
    rows: list[tuple[float, float, float]] = []
    stages: dict[str, list[float]] = {}
    for one in questions:
        start = clock()
        embedder.embed_query(f"{one.text}  ")
        embedded = clock()
        retriever.search(Query(f"{one.text} ", one.language), hits)
        retrieved = clock()
        response = assistant.ask(one.text, one.language)
        answered = clock()
        times = (embedded - start, retrieved - embedded, answered - retrieved)
        rows.append((times[0] * 1000, times[1] * 1000, times[2] * 1000))
        for stage in response.timings:
            stages.setdefault(stage.name, []).append(stage.milliseconds)
    embedding, retrieval, answer = (float(np.median(column)) for column in zip(*rows, strict=True))
    total = sum(sum(found) for name, found in stages.items() if name != "total")
    return AskingTimes(
        questions=len(questions),
        embedding_ms=embedding,
        retrieval_ms=retrieval,
        retrieval_besides_embedding_ms=float(np.median([r - e for e, r, _ in rows])),
        answer_ms=answer,
        answer_to_embedding=float(np.median([a / e for e, _, a in rows])),
        stages_ms={name: float(np.median(found)) for name, found in stages.items()},
        shares={name: sum(found) / total for name, found in stages.items() if name != "total"},
    )
