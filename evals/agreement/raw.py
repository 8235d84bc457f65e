"""Raw agreement: how often two raters of the same item chose the same label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from evals.agreement.ratings import Rating, last_ratings
from evals.statistics.bootstrap import rate
from evals.statistics.estimate import Estimate


def raw_agreement(ratings: Sequence[Rating]) -> Estimate:
    """The share of pairs of raters, over all items, that agree; clustered by item."""
    by_item: dict[str, list[str]] = {}
    for rating in last_ratings(ratings):
        by_item.setdefault(rating.item, []).append(rating.label)
    pairs = [(item, float(a == b)) for item, labels in by_item.items() for a, b in combinations(labels, 2)]
    return rate([score for _, score in pairs], [item for item, _ in pairs])
