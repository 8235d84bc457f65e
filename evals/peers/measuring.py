"""Measures one peer, in a process of its own so that its memory is its own."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.metrics.budget import recall_within
from evals.metrics.finding import ranks
from evals.metrics.ndcg import ndcg
from evals.metrics.observation import Case
from evals.metrics.recall import recall_at
from evals.metrics.reciprocal import reciprocal_rank
from evals.peers.port import Peer
from evals.statistics import Estimate, rate
from rag.domain.ports import Embedder

DEPTH = 10
BUDGET = 3000
PLAIN, OURS, NONE = "MiniLM", "MiniLM, extended", "none"
"""Names of embeddings: the bundled model as published, the same with our extension, and none at all."""
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Measured:
    """A peer's row. `recall` is evidence recall@5, overall and by language pair."""

    peer: str
    embedding: str
    questions: int
    recall: dict[str, Estimate]
    recall_budget: Estimate
    mrr: Estimate
    ndcg: Estimate
    search_ms_p50: float
    search_ms_p95: float
    index_seconds: float
    peak_megabytes: float


def measure(
    name: str,
    embedding: str,
    peer: Peer,
    embedder: Embedder,
    cases: Sequence[Case],
    clock: Clock = time.perf_counter,
) -> Measured:
    """Index the cases' texts, search every question, score what was found."""
    if embedding != NONE:
        embedder.embed_query("warm")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        start = clock()
        peer.index(cases[0].texts, Path(folder))
        index_seconds = clock() - start
        peer.search(cases[0].question.question, DEPTH)
        times, found = [], []
        for case in cases:
            start = clock()
            places = peer.search(case.question.question, DEPTH)
            times.append((clock() - start) * 1000)
            found.append((ranks(case, places), recall_within(case, places, BUDGET)))
    bases = [c.question.base for c in cases]
    pairs = [c.pair for c in cases]
    recalls = [recall_at(r, 5) for r, _ in found]

    def of(pair: str) -> Estimate:
        chosen = [i for i, own in enumerate(pairs) if pair in ("all", own)]
        return rate([recalls[i] for i in chosen], [bases[i] for i in chosen])

    return Measured(
        peer=name,
        embedding=embedding,
        questions=len(cases),
        recall={pair: of(pair) for pair in ("all", *sorted(set(pairs)))},
        recall_budget=rate([budget for _, budget in found], bases),
        mrr=rate([reciprocal_rank(r) for r, _ in found], bases),
        ndcg=rate([ndcg(r) for r, _ in found], bases),
        search_ms_p50=float(np.percentile(times, 50)),
        search_ms_p95=float(np.percentile(times, 95)),
        index_seconds=index_seconds,
        peak_megabytes=peak_megabytes(),
    )


def peak_megabytes() -> float:
    """The most memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
