"""How far people who rate the same things agree: alpha, kappa, raw agreement, counts."""

from evals.agreement.alpha import krippendorff_alpha
from evals.agreement.kappa import cohen_kappa
from evals.agreement.ratings import Rating, label_counts, labels_of, value_counts
from evals.agreement.raw import raw_agreement
from evals.agreement.summary import Agreement, agreement

__all__ = [
    "Agreement",
    "Rating",
    "agreement",
    "cohen_kappa",
    "krippendorff_alpha",
    "label_counts",
    "labels_of",
    "raw_agreement",
    "value_counts",
]
