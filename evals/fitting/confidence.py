"""Fits when to answer at all: a small logistic model, and the threshold where both kinds of error are equal.

Fitted on the development split and on questions as people put them (`natural.jsonl`), over two indexes of the
same texts, with and without enrichment, so that it also serves documents just added. Reported figures
come from cross-validation over base questions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evals.fitting.gathering import FOLDS, Found, fitted
from evals.fitting.natural import NATURAL_TYPE
from rag.answering.confidence.features import FEATURES, features
from rag.answering.linear import Logistic
from rag.answering.relevance import Relevance
from rag.domain.retrieval import Hit

REPEATS = 4
"""Partitions into folds for the confidence threshold, which moved with a single one."""
HIDDEN_WEIGHT = 0.1
"""Weight of a question whose evidence was hidden: other passages may answer in part."""
MOST_LOST = 0.1
"""Share of answerable questions that may be declined, whatever it saves."""
INVERSE_REGULARISATION = 0.3


@dataclass(frozen=True, slots=True)
class Sample:
    """One row for the confidence model."""

    base: str
    values: tuple[float, ...]
    answerable: bool
    weight: float
    enriched: bool
    hidden: bool = False
    natural: bool = False


def fit_confidence(
    gathered: Sequence[Sequence[Found]], relevance: Logistic
) -> tuple[Logistic, dict[str, Any]]:
    samples = [s for found in gathered for f in found for s in _samples(f, Relevance(relevance))]
    bases = sorted({s.base for s in samples})
    held: list[tuple[Sample, float]] = []
    for repeat in range(REPEATS):
        shuffled = np.random.default_rng(repeat).permutation(bases)
        for fold in range(FOLDS):
            out = set(shuffled[fold::FOLDS])
            model = _confidence_of([s for s in samples if s.base not in out])(0.5)
            held += [(s, model.probability(s.values)) for s in samples if s.base in out]
    threshold = _even_threshold(held, enriched=True)
    for_plain = _even_threshold(held, enriched=False)
    report = {"threshold": round(threshold, 4), "cross-validated": _declining(held, threshold, for_plain)}
    report["risk-coverage"] = _risk_coverage(held)
    model = _confidence_of(samples)(threshold)
    return _shifted(model, _logit(threshold) - _logit(for_plain)), report


def _shifted(model: Logistic, by: float) -> Logistic:
    """One threshold for all: what is not enriched has its own, so its log-odds move by the difference."""
    place = FEATURES.index("enriched")
    weights = tuple(w - by if n == place else w for n, w in enumerate(model.weights))
    return replace(model, weights=weights, intercept=model.intercept + by)


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _samples(found: Found, relevance: Relevance) -> list[Sample]:
    question = found.question
    enriched = any(h.enrichment.questions for h in found.hits)
    natural = question.type == NATURAL_TYPE

    def sample(hits: Sequence[Hit], answerable: bool, weight: float, hidden: bool = False) -> Sample:
        values = features(found.query, hits, relevance.probabilities(found.query, hits))
        return Sample(question.base, values, answerable, weight, enriched, hidden, natural)

    if question.kind == "abstention":
        return [sample(found.hits, False, 2.0)]
    if not any(found.answers):
        return []
    rest = [h for h, answers in zip(found.hits, found.answers, strict=True) if not answers]
    return [sample(found.hits, True, 1.0), sample(rest, False, HIDDEN_WEIGHT, hidden=True)]


def _confidence_of(samples: Sequence[Sample]) -> Callable[[float], Logistic]:
    return fitted(
        np.array([s.values for s in samples]),
        np.array([s.answerable for s in samples]),
        np.array([s.weight for s in samples]),
        INVERSE_REGULARISATION,
    )


def _even_threshold(held: Sequence[tuple[Sample, float]], *, enriched: bool) -> float:
    """Where the shares of wrongly declined and wrongly answered questions are equal (equal error rate).

    The questions of the suites and those as people put them count the same: the first are translated and
    hard on purpose, the second few.
    Of the thresholds that decline no more than `MOST_LOST` of the answerable questions. Where the two add
    up to least depends on few questions, and moved between fits.
    """
    real = [(s, p) for s, p in held if s.enriched is enriched and not s.hidden]
    answerable = [p for s, p in real if s.answerable]
    most = float(np.quantile(answerable, MOST_LOST))
    candidates = sorted({p for _, p in real if p <= most})

    pools = [[(s, p) for s, p in real if s.natural is natural] for natural in (False, True)]

    def difference(threshold: float) -> float:
        lost = [np.mean([p < threshold for s, p in pool if s.answerable]) for pool in pools]
        wrong = [np.mean([p >= threshold for s, p in pool if not s.answerable]) for pool in pools]
        return abs(float(np.mean(lost) - np.mean(wrong)))

    return min(candidates, key=difference)


def _declining(held: Sequence[tuple[Sample, float]], threshold: float, for_plain: float) -> dict[str, Any]:
    suites = [(s, p) for s, p in held if not s.natural and not s.hidden]
    groups = {
        "enriched": (threshold, [(s, p) for s, p in suites if s.enriched]),
        "natural": (threshold, [(s, p) for s, p in held if s.natural and s.enriched and not s.hidden]),
        "plain": (for_plain, [(s, p) for s, p in suites if not s.enriched]),
    }
    return {
        name: {
            "answerable": sum(s.answerable for s, _ in members) // REPEATS,
            "unanswerable": sum(not s.answerable for s, _ in members) // REPEATS,
            "answerable declined": share([p < least for s, p in members if s.answerable]),
            "unanswerable declined": share([p < least for s, p in members if not s.answerable]),
        }
        for name, (least, members) in groups.items()
    }


def _risk_coverage(held: Sequence[tuple[Sample, float]]) -> list[dict[str, float]]:
    """Share answered and share of those wrongly answered, at thresholds from 0.05 to 0.95."""
    real = [(s, p) for s, p in held if s.enriched and not s.hidden]
    rows = []
    for step in range(1, 20):
        answered = [s for s, p in real if p >= step / 20]
        if answered:
            risk = share([not s.answerable for s in answered])
            rows.append(
                {"threshold": step / 20, "coverage": round(len(answered) / len(real), 4), "risk": risk}
            )
    return rows


def share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else float("nan")
