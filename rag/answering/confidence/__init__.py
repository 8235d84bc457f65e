"""How likely it is that the texts answer a question at all."""

from rag.answering.confidence.features import FEATURES, features
from rag.answering.confidence.logistic import LogisticConfidence

__all__ = ["FEATURES", "LogisticConfidence", "features"]
