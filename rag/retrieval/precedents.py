"""Questions the texts are known to answer and known not to answer: which does a new one resemble?

The near miss ("what does the centre cost?" of a text that proposes the centre) cannot be told from
what was found alone: the passage is about the very thing asked for. So questions known to be
answered (the enrichment) and known not to be (`corpus/unanswered.jsonl`) are told apart by a
support vector machine with a Gaussian kernel over their embeddings (Cortes & Vapnik, 1995), trained
while the index is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.errors import IndexFailure

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

FEWEST = 50
"""Questions of either kind without which nothing is learnt."""
_FILE = "precedents.npz"
_WIDTH = 1.5
"""Gamma of the kernel, and below the price of a mistake: best of nine on the development split."""
_COST = 3.0
_TOLERANCE = 0.01
"""Of the solver; with the cache three times as fast as by default, and 0.0015 off on average."""
_CACHE_MEGABYTES = 400


@dataclass(frozen=True, slots=True)
class Precedents:
    """Support vectors (n, dimension) as float32 unit rows, their coefficients (n,), and the intercept."""

    vectors: Matrix
    coefficients: Matrix
    intercept: float

    def leaning(self, vector: Matrix) -> float:
        """Above 0 the question resembles those answered, below 0 those not; 0 when none are known."""
        if not len(self.vectors):
            return 0.0
        squared_distances = 2.0 - 2.0 * (self.vectors @ vector)
        return float(self.coefficients @ np.exp(-_WIDTH * squared_distances)) + self.intercept

    def save(self, folder: Path) -> None:
        np.savez(
            folder / _FILE,
            vectors=self.vectors.astype(np.float16),
            coefficients=self.coefficients,
            intercept=np.float64(self.intercept),
        )


NONE = Precedents(np.zeros((0, 1), np.float32), np.zeros(0, np.float32), 0.0)


def learn(answered: Matrix, unanswered: Matrix) -> Precedents:
    """Rows are unit vectors of questions; `NONE` when there are too few of either."""
    if min(len(answered), len(unanswered)) < FEWEST:
        return NONE
    from sklearn.svm import SVC

    labels = np.r_[np.ones(len(answered)), np.zeros(len(unanswered))]
    model = SVC(C=_COST, gamma=_WIDTH, class_weight="balanced", tol=_TOLERANCE, cache_size=_CACHE_MEGABYTES)
    model.fit(np.concatenate([answered, unanswered]), labels)
    return Precedents(
        np.asarray(model.support_vectors_, np.float32),
        np.asarray(model.dual_coef_[0], np.float32),
        float(model.intercept_[0]),
    )


def load(folder: Path) -> Precedents:
    """Raises IndexFailure if the file cannot be read."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as data:
            return Precedents(
                data["vectors"].astype(np.float32), data["coefficients"], float(data["intercept"])
            )
    except (OSError, ValueError, KeyError) as error:
        raise IndexFailure(
            f"The file {folder / _FILE} cannot be read: {error}. Run `python -m rag index --rebuild`."
        ) from error
