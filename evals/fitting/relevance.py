"""Fits which passages are cited: a small logistic model and the weight of the votes beside it.

Reported figures come from five-fold cross-validation over base questions of the development split.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evals.fitting.gathering import Found, Values, fitted, folds
from rag.answering.linear import Logistic
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance, relevance_features

MOST_CITED = 3
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 17))
VOTE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Tried for the votes of the questions known; the one under which the likeliest passage answers most often."""
PRECISION_FLOOR = 0.85
"""Citation precision that the relevance threshold must keep on held-out folds."""
INVERSE_REGULARISATION = 0.1


def fit_relevance(gathered: Sequence[Sequence[Found]]) -> tuple[Logistic, dict[str, Any]]:
    every = [f for found in gathered for f in found if f.wanted and any(f.answers)]
    held: dict[float, list[tuple[Found, list[float]]]] = {weight: [] for weight in VOTE_WEIGHTS}
    for out in folds([f.question for f in every]):
        fitted_on = [f for f in every if f.question.base not in out]
        of = _relevance_of(fitted_on)
        for weight, rows in held.items():
            model = Relevance(of(weight, 0.5))
            rows += [
                (f, model.probabilities(f.query, f.hits))
                for f in every
                if f.question.base in out and f.hits[0].enrichment.questions
            ]
    firsts = {weight: _first(rows) for weight, rows in held.items()}
    weight = max(firsts, key=lambda tried: firsts[tried])
    trials = {t: _citing(held[weight], t) for t in THRESHOLDS}
    kept = [t for t, figures in trials.items() if figures["precision"] >= PRECISION_FLOOR]
    threshold = min(kept) if kept else max(trials, key=lambda t: trials[t]["precision"])
    report = {
        "n": len(held[weight]),
        "threshold": threshold,
        "likeliest answers, by weight of the votes": firsts,
        "cross-validated": {str(t): figures for t, figures in trials.items()},
    }
    return _relevance_of(every)(weight, threshold), report


def _relevance_of(given: Sequence[Found]) -> Callable[[float, float], Logistic]:
    """By the weight of the votes and the threshold.

    The votes of the questions known are not fitted with the rest: which passage is the likeliest is what
    they tell, and the likelihood of each by itself hardly counts that. They are added to the log-odds, and
    the passages that have them are shifted back to the share of them that answers.
    """
    values = np.array([row for f in given for row in relevance_features(f.query, f.hits)])
    labels = np.array([answer for f in given for answer in f.answers])
    votes, enriched = RELEVANCE_FEATURES.index("votes"), RELEVANCE_FEATURES.index("enriched")
    without = values.copy()
    without[:, votes] = 0.0
    base = fitted(without, labels, np.ones(len(labels)), INVERSE_REGULARISATION)(0.5)
    asked = values[:, enriched] > 0
    log_odds = base.intercept + values[asked] @ np.array(base.weights)

    def of(weight: float, threshold: float) -> Logistic:
        weights = list(base.weights)
        weights[votes] = weight
        weights[enriched] += _shift_to(log_odds + weight * values[asked, votes], float(labels[asked].mean()))
        return Logistic(tuple(weights), base.intercept, threshold)

    return of


def _shift_to(log_odds: Values, share: float) -> float:
    """What must be added for the mean probability to be that share."""
    from scipy.optimize import brentq
    from scipy.special import expit

    return float(brentq(lambda shift: float(expit(log_odds + shift).mean()) - share, -50.0, 50.0))


def _first(held: Sequence[tuple[Found, list[float]]]) -> float:
    """Share of questions that the likeliest passage answers."""
    return round(float(np.mean([f.answers[int(np.argmax(likely))] for f, likely in held])), 4)


def _citing(held: Sequence[tuple[Found, list[float]]], threshold: float) -> dict[str, float]:
    """Citation recall and precision if passages were cited from this probability on."""
    recalls, precisions = [], []
    for found, relevances in held:
        ranked = sorted(range(len(relevances)), key=lambda i: -relevances[i])[:MOST_CITED]
        cited = [i for place, i in enumerate(ranked) if place == 0 or relevances[i] >= threshold]
        assert found.wanted is not None
        recalls.append(found.wanted.recall([found.numbers[i] for i in cited]))
        precisions.append(float(np.mean([found.answers[i] for i in cited])))
    return {"recall": round(float(np.mean(recalls)), 4), "precision": round(float(np.mean(precisions)), 4)}
