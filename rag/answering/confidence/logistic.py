"""A logistic model over the features; fitted on the development split by `python -m evals fit-answers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.confidence.features import FEATURES, features
from rag.answering.linear import Logistic, load_logistic
from rag.answering.relevance import Relevance
from rag.domain.retrieval import Hit, Query

COEFFICIENTS = Path(__file__).with_name("coefficients.toml")


@dataclass(frozen=True, slots=True)
class LogisticConfidence:
    """Implements the ConfidenceModel port."""

    model: Logistic
    relevance: Relevance

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> LogisticConfidence:
        return cls(load_logistic(path, FEATURES), Relevance.load())

    @property
    def threshold(self) -> float:
        return self.model.threshold

    def confidence(self, query: Query, hits: Sequence[Hit]) -> float:
        """The probability that the texts answer, in [0, 1]."""
        if not hits:
            return 0.0
        return self.model.probability(features(query, hits, self.relevance.probabilities(query, hits)))
