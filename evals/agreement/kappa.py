"""Cohen's kappa of two raters (Cohen, 1960), by scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.metrics import cohen_kappa_score

from evals.agreement.ratings import Rating, last_ratings


def cohen_kappa(ratings: Sequence[Rating], first: str, second: str) -> float | None:
    """Kappa over the items both rated; None if there is none, or both gave one and the same label."""
    own = {
        rater: {r.item: r.label for r in last_ratings(ratings) if r.rater == rater}
        for rater in (first, second)
    }
    items = [item for item in own[first] if item in own[second]]
    a, b = [own[first][i] for i in items], [own[second][i] for i in items]
    if len({*a, *b}) < 2:
        return None
    return float(cohen_kappa_score(a, b))
