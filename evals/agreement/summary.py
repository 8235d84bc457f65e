"""All that is said of a batch's agreement, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from evals.agreement.alpha import krippendorff_alpha
from evals.agreement.kappa import cohen_kappa
from evals.agreement.ratings import Rating, label_counts
from evals.agreement.raw import raw_agreement
from evals.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """`ordinal` is None unless an order of labels was given; `kappas` are by pair of raters."""

    nominal: Estimate
    ordinal: Estimate | None
    raw: Estimate
    kappas: tuple[tuple[str, str, float | None], ...]
    counts: dict[str, dict[str, int]]
    items: int
    raters: int


def agreement(ratings: Sequence[Rating], order: Sequence[str] = ()) -> Agreement:
    """Everything about the ratings; `order` ranks labels, lowest first.

    Labels outside the order (such as "cannot tell") have no rank and are left out of the ordinal alpha.
    """
    raters = sorted({r.rater for r in ratings})
    ranked = [r for r in ratings if r.label in order]
    return Agreement(
        nominal=krippendorff_alpha(ratings),
        ordinal=krippendorff_alpha(ranked, level="ordinal", order=order) if order else None,
        raw=raw_agreement(ratings),
        kappas=tuple((a, b, cohen_kappa(ratings, a, b)) for a, b in combinations(raters, 2)),
        counts=label_counts(ratings),
        items=len({r.item for r in ratings}),
        raters=len(raters),
    )
