"""A logistic model over the features; fitted on the development split by `python -m evals fit-confidence`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.confidence.features import FEATURES, features
from rag.domain.retrieval import Hit, Query

COEFFICIENTS = Path(__file__).with_name("coefficients.toml")


@dataclass(frozen=True, slots=True)
class LogisticConfidence:
    """Implements the ConfidenceModel port. `weights` stand in the order of `FEATURES`."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> LogisticConfidence:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        weights = data["weights"]
        return cls(
            tuple(float(weights[name]) for name in FEATURES),
            float(data["intercept"]),
            float(data["threshold"]),
        )

    def confidence(self, query: Query, hits: Sequence[Hit]) -> float:
        """The probability that the texts answer, in [0, 1]."""
        if not hits:
            return 0.0
        total = self.intercept + sum(w * x for w, x in zip(self.weights, features(query, hits), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
