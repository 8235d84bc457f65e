"""Krippendorff's alpha with a bootstrap interval over items.

Alpha is the `krippendorff` package's. It tolerates missing ratings and any number of raters; 1 is
perfect agreement, 0 what chance would give. Krippendorff (2004) asks for 0.8, and takes 0.667 for
tentative conclusions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import krippendorff
import numpy as np

from evals.agreement.ratings import Counts, Rating, labels_of, value_counts
from evals.statistics.bootstrap import SEED
from evals.statistics.estimate import Estimate

Level = Literal["nominal", "ordinal"]
RESAMPLES = 1000


def krippendorff_alpha(
    ratings: Sequence[Rating],
    *,
    level: Level = "nominal",
    order: Sequence[str] = (),
    resamples: int = RESAMPLES,
) -> Estimate:
    """Alpha over the items that two or more raters rated; undefined if there is none or one label only.

    `order` ranks the labels, lowest first (needed for "ordinal"). `n` counts pairable ratings,
    `clusters` items. Resamples in which only one label occurs say nothing and are left out.
    """
    counts = value_counts(ratings, labels_of(ratings, order))
    counts = counts[counts.sum(1) >= 2]
    n, items = int(counts.sum()), len(counts)
    value = _alpha(counts, level)
    if value is None:
        return Estimate(None, n, items)
    generator = np.random.default_rng(SEED)
    found = (_alpha(counts[generator.integers(0, items, items)], level) for _ in range(resamples))
    alphas = [a for a in found if a is not None]
    if items < 2 or len(alphas) < resamples / 2:
        return Estimate(value, n, items)
    low, high = np.quantile(alphas, (0.025, 0.975))
    return Estimate(value, n, items, float(low), float(high))


def _alpha(counts: Counts, level: Level) -> float | None:
    used = counts[:, counts.sum(0) > 0]
    if used.shape[0] < 1 or used.shape[1] < 2:
        return None
    return float(
        krippendorff.alpha(
            value_counts=used, value_domain=list(range(used.shape[1])), level_of_measurement=level
        )
    )
