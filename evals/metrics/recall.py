"""Evidence recall at k: the share of a question's evidence that the first k passages hold."""

from __future__ import annotations

from evals.metrics.finding import Ranks

CUTS = (1, 3, 5, 10)


def recall_at(found: Ranks | None, k: int) -> float | None:
    """In [0, 1]; None for a question without evidence."""
    if found is None:
        return None
    pieces = found.found(k)
    return sum(pieces) / len(pieces)
