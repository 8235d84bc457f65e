"""Reciprocal rank: one over the rank at which the first piece of evidence is found."""

from __future__ import annotations

from evals.metrics.finding import Ranks

DEPTH = 10


def reciprocal_rank(found: Ranks | None, depth: int = DEPTH) -> float | None:
    """In [0, 1], 0 when nothing is found within `depth`; None for a question without evidence."""
    if found is None:
        return None
    reached = [r for r in (*found.evidence, *found.also) if r is not None and r <= depth]
    return 1 / min(reached) if reached else 0.0
