"""How likely each passage found is to answer the question: what decides which ones are cited.

The fused score ranks; this model, fitted on the development split by `python -m evals fit-answers`,
says how much each passage is worth by itself, so that one good source stands alone and two that
both answer stand together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.linear import Logistic, load_logistic
from rag.domain.passages import PassageKind
from rag.domain.retrieval import Hit, Query

COEFFICIENTS = Path(__file__).with_name("relevance.toml")
_LEGS = (
    "dense text", "dense question", "dense header", "lexical words", "lexical questions",
    "lexical header", "lexical n-grams", "late interaction", "late interaction with all known",
)  # fmt: skip
_LEAST_VOTES = 1e-4
RELEVANCE_FEATURES = (
    "score",  # fused
    "share_of_best",  # fused score as a share of the best passage's
    *(f"relative_{leg.replace(' ', '_').replace('-', '_')}" for leg in _LEGS),  # of the leg's best
    "text",  # raw cosines
    "question",
    "late_interaction",
    "late_known",
    "sentence",
    "coverage",
    "length",  # characters / 800
    "footnote",
    "list_item",
    "same_language",
    "legs_led",  # how many legs rank it first
    "enriched",  # whether questions were written for it
    "votes",  # logarithm of its share of the votes of the questions known; 0 without any
)


def relevance_features(query: Query, hits: Sequence[Hit]) -> list[tuple[float, ...]]:
    """The values of `RELEVANCE_FEATURES` for each hit."""
    if not hits:
        return []
    by_hit = [{e.leg: e.score for e in hit.evidence} for hit in hits]
    best = {leg: max((s.get(leg, 0.0) for s in by_hit), default=0.0) for leg in _LEGS}
    top = max(hit.score for hit in hits) or 1.0
    return [_values(query, hit, scores, best, top) for hit, scores in zip(hits, by_hit, strict=True)]


def _values(
    query: Query, hit: Hit, scores: dict[str, float], best: dict[str, float], top: float
) -> tuple[float, ...]:
    relative = [scores.get(leg, 0.0) / best[leg] if best[leg] > 0 else 0.0 for leg in _LEGS]
    passage = hit.passage
    return (
        hit.score,
        hit.score / top,
        *relative,
        scores.get("dense text", 0.0),
        scores.get("dense question", 0.0),
        scores.get("late interaction", 0.0),
        scores.get("late interaction with all known", 0.0),
        max(hit.sentences, default=0.0),
        hit.coverage.share,
        len(passage.text) / 800,
        float(passage.kind is PassageKind.FOOTNOTE),
        float(passage.kind is PassageKind.LIST_ITEM),
        float(passage.language == query.language),
        float(sum(value >= 0.999 for value in relative)),
        float(bool(hit.enrichment.questions)),
        math.log(max(hit.votes, _LEAST_VOTES)) if hit.enrichment.questions else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Relevance:
    """The fitted model; `threshold` is the probability from which a further passage is cited."""

    model: Logistic

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> Relevance:
        return cls(load_logistic(path, RELEVANCE_FEATURES))

    @property
    def threshold(self) -> float:
        return self.model.threshold

    def probabilities(self, query: Query, hits: Sequence[Hit]) -> list[float]:
        """For each hit, in [0, 1]."""
        return [self.model.probability(values) for values in relevance_features(query, hits)]
