"""Cluster bootstrap: whole base questions are drawn anew, with all their translations.

The interval is the expanded percentile interval (Hesterberg, "What Teachers Should Know about the
Bootstrap", 2015, section 3.3), which corrects the percentile interval's narrowness for few clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evals.statistics.estimate import UNDEFINED, Estimate

RESAMPLES = 2000
SEED = 607
LEVEL = 0.95
Floats = NDArray[np.float64]


def mean(scores: Sequence[float | None], clusters: Sequence[str], *, resamples: int = RESAMPLES) -> Estimate:
    """The mean of the scores that are defined, with its interval; None scores are left out."""
    sums, counts = cluster_sums(scores, clusters)
    n, number = int(counts.sum()), len(counts)
    if not n:
        return UNDEFINED
    value = float(sums.sum() / n)
    if number < 2:
        return Estimate(value, n, number)
    draws = _draws(number, resamples)
    means = (draws @ sums) / (draws @ counts)
    low, high = np.quantile(means, _tails(number))
    return Estimate(value, n, number, float(low), float(high))


def rate(scores: Sequence[float | None], clusters: Sequence[str], *, resamples: int = RESAMPLES) -> Estimate:
    """`mean` of scores in [0, 1]; where all are 0 or all are 1 the interval is Clopper and Pearson's.

    Resampling equal scores would claim certainty; the exact interval over clusters does not.
    """
    found = mean(scores, clusters, resamples=resamples)
    if found.low is None or found.value not in (0.0, 1.0):
        return found
    reach = (1 - LEVEL) / 2
    least = reach ** (1 / found.clusters)  # Clopper and Pearson's low end when all of n succeed
    low, high = (least, 1.0) if found.value == 1.0 else (0.0, 1 - least)
    return Estimate(found.value, found.n, found.clusters, low, high)


def cluster_sums(scores: Sequence[float | None], clusters: Sequence[str]) -> tuple[Floats, Floats]:
    """Sum and number of the defined scores of each cluster, in order of first appearance."""
    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    for score, cluster in zip(scores, clusters, strict=True):
        if score is not None:
            sums[cluster] = sums.get(cluster, 0.0) + score
            counts[cluster] = counts.get(cluster, 0) + 1
    return np.array(list(sums.values()), np.float64), np.array(list(counts.values()), np.float64)


@lru_cache(maxsize=1024)
def _tails(clusters: int) -> tuple[float, float]:
    """Percentiles to read: those of the normal law at the t quantile, widened for few clusters."""
    reach = float(stats.t.ppf((1 + LEVEL) / 2, clusters - 1)) * (clusters / (clusters - 1)) ** 0.5
    tail = float(stats.norm.cdf(-reach))
    return tail, 1 - tail


@lru_cache(maxsize=64)
def _draws(clusters: int, resamples: int) -> NDArray[np.int16]:
    """How often each cluster is drawn in each resample; shape (resamples, clusters)."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples).astype(np.int16)
