"""nDCG over pieces of evidence (Järvelin and Kekäläinen, 2002), computed by scikit-learn.

The ranking is read as one of pieces: a passage that brings two takes two places, one that brings
none takes one. A perfect ranking thus scores 1 however the text was cut.
"""

from __future__ import annotations

import numpy as np
from sklearn.metrics import ndcg_score

from evals.metrics.finding import Ranks

DEPTH = 10


def ndcg(found: Ranks | None, depth: int = DEPTH) -> float | None:
    """In [0, 1]; None for a question without evidence."""
    if found is None:
        return None
    gains = _gains(found, depth)
    missed = len(found.evidence) - int(sum(gains))
    # Pieces never found stand below the cut: they count in the ideal ranking only.
    relevance = gains + [0.0] * max(0, depth - len(gains)) + [1.0] * missed
    scores = -np.arange(len(relevance), dtype=np.float64)
    return float(ndcg_score(np.array([relevance]), scores[None, :], k=depth))


def _gains(found: Ranks, depth: int) -> list[float]:
    alternative = min((r for r in found.also if r is not None), default=depth + 1)
    brought = [0] * (depth + 1)
    for rank in found.evidence:
        at = min(rank or depth + 1, alternative)
        if at <= depth:
            brought[at] += 1
    gains: list[float] = []
    for pieces in brought[1:]:
        gains += [1.0] * pieces or [0.0]
    return gains
