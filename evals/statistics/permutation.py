"""Sign-flip permutation test of a mean difference between two runs on the same questions.

Under the null hypothesis the two runs are exchangeable question by question, so the sign of each
base question's summed difference is a coin toss (Good, "Permutation, Parametric and Bootstrap Tests").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from evals.statistics.bootstrap import SEED, cluster_sums

FLIPS = 10_000
EXACT_CLUSTERS = 13
"""With so few clusters every pattern of signs is tried."""
_TIE = 1e-12


def sign_flip(differences: Sequence[float | None], clusters: Sequence[str]) -> float | None:
    """The two-sided p-value; None when no question is scored in both runs."""
    sums, _ = cluster_sums(differences, clusters)
    if not len(sums):
        return None
    moved = sums[sums != 0]
    if not len(moved):
        return 1.0
    observed = abs(float(moved.sum())) - _TIE
    if len(moved) <= EXACT_CLUSTERS:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(moved))))
        return float(np.mean(np.abs(signs @ moved) >= observed))
    signs = 2.0 * np.random.default_rng(SEED).integers(0, 2, size=(FLIPS, len(moved)), dtype=np.int8) - 1.0
    return float((1 + np.sum(np.abs(signs @ moved) >= observed)) / (1 + FLIPS))
