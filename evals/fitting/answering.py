"""Fits which passages are cited (relevance) and when to answer at all (confidence).

Both are small logistic models, fitted on the development split, and the second one on questions as people
put them (`natural.jsonl`) too, over two indexes of the same texts,
with and without enrichment, so that they also serve documents just added. Reported figures come from
five-fold cross-validation over base questions of the development split.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.fitting.natural import NATURAL_TYPE, Natural, read_natural
from evals.fitting.setting import (
    Bench,
    Wanted,
    development_questions,
    open_bench,
    wanted,
    without_enrichment,
)
from evals.gold import GoldQuestion
from rag.answering.confidence.features import FEATURES, features
from rag.answering.confidence.logistic import COEFFICIENTS as CONFIDENCE_FILE
from rag.answering.linear import Logistic, write_logistic
from rag.answering.relevance import COEFFICIENTS as RELEVANCE_FILE
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance, relevance_features
from rag.dialogue.rewriting import RuleRewriter
from rag.domain.conversations import Turn
from rag.domain.retrieval import Hit, Query
from rag.settings import Settings

FOLDS = 5
REPEATS = 4
"""Partitions into folds for the confidence threshold, which moved with a single one."""
HITS = 12
COVERS = 0.4
"""A passage answers when it covers this share of some piece of evidence."""
MOST_CITED = 3
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 17))
VOTE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Tried for the votes of the questions known; the one under which the likeliest passage answers most often."""
PRECISION_FLOOR = 0.85
"""Citation precision that the relevance threshold must keep on held-out folds."""
HIDDEN_WEIGHT = 0.1
"""Weight of a question whose evidence was hidden: other passages may answer in part."""
MOST_LOST = 0.12
"""Share of answerable questions that may be declined, whatever it saves."""
INVERSE_REGULARISATION = {"relevance": 0.1, "confidence": 0.3}

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A question and what was found for it; `answers[i]` whether hit i answers (gold)."""

    question: GoldQuestion
    query: Query
    hits: tuple[Hit, ...]
    answers: tuple[bool, ...]
    wanted: Wanted | None
    numbers: tuple[int, ...]


def found_for(bench: Bench, question: GoldQuestion) -> Found:
    history = tuple(Turn(t.question, t.question, t.answer) for t in question.history)
    text = RuleRewriter().rewrite(question.question, question.language, history)
    query = Query(text, question.language)
    hits = bench.retriever.search(query, HITS)
    number_of = {p.id: n for n, (p, _) in enumerate(bench.index.current().passages)}
    numbers = tuple(number_of[h.passage.id] for h in hits)
    sought = wanted(bench, question) if question.evidence else None
    pieces = (*sought.evidence, *sought.also) if sought else ()
    answers = tuple(any(piece.get(n, 0.0) >= COVERS for piece in pieces) for n in numbers)
    return Found(question, query, hits, answers, sought, numbers)


def found_naturally(bench: Bench, natural: Natural) -> Found:
    found = found_for(bench, natural.gold)
    return replace(found, answers=tuple(h.passage.id in natural.answered_by for h in found.hits))


def gather(settings: Settings) -> list[list[Found]]:
    """Every development question, and every one as people put them, over both indexes."""
    questions = [q for q in development_questions() if q.kind in ("answer", "abstention")]
    natural = read_natural("development")
    with without_enrichment(settings) as plain:
        return [
            [found_for(bench, q) for q in questions] + [found_naturally(bench, n) for n in natural]
            for bench in (open_bench(settings), open_bench(plain))
        ]


def fitted(
    values: Values, labels: NDArray[np.bool_], weights: Values, strength: float
) -> Callable[[float], Logistic]:
    """A logistic regression with the scaling of the features folded into its weights."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit((values - mean) / spread, labels, sample_weight=weights)
    coefficients = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - coefficients @ mean)
    return lambda threshold: Logistic(tuple(float(c) for c in coefficients), intercept, threshold)


def folds(questions: Sequence[GoldQuestion]) -> list[set[str]]:
    bases = sorted({q.base for q in questions})
    return [set(bases[fold::FOLDS]) for fold in range(FOLDS)]


# --- which passages answer -------------------------------------------------------------------


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
    base = fitted(without, labels, np.ones(len(labels)), INVERSE_REGULARISATION["relevance"])(0.5)
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


# --- whether the texts answer at all -----------------------------------------------------------


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
        INVERSE_REGULARISATION["confidence"],
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
            "answerable declined": _share([p < least for s, p in members if s.answerable]),
            "unanswerable declined": _share([p < least for s, p in members if not s.answerable]),
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
            risk = _share([not s.answerable for s in answered])
            rows.append(
                {"threshold": step / 20, "coverage": round(len(answered) / len(real), 4), "risk": risk}
            )
    return rows


def _share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else float("nan")


def natural_test(settings: Settings, relevance: Relevance, confidence: Logistic) -> dict[str, Any]:
    """How often the test half of the questions as people put them is declined; nothing is fitted to it."""
    bench = open_bench(settings)
    held: list[tuple[bool, float]] = []
    for found in (found_naturally(bench, n) for n in read_natural("test")):
        likely = relevance.probabilities(found.query, found.hits)
        sure = confidence.probability(features(found.query, found.hits, likely))
        held.append((found.question.kind == "answer", sure))
    declined = [(answerable, sure < confidence.threshold) for answerable, sure in held]
    return {
        "answerable": sum(answerable for answerable, _ in declined),
        "unanswerable": sum(not answerable for answerable, _ in declined),
        "answerable declined": _share([d for answerable, d in declined if answerable]),
        "unanswerable declined": _share([d for answerable, d in declined if not answerable]),
    }


def fit_answering(settings: Settings, report: Path) -> dict[str, Any]:
    """Fit both models, write their files, and the figures to `report`. About two minutes."""
    gathered = gather(settings)
    relevance, cited = fit_relevance(gathered)
    confidence, declined = fit_confidence(gathered, relevance)
    comment = "Written by `python -m evals fit-answers` from the development split; do not edit by hand."
    write_logistic(RELEVANCE_FILE, relevance, RELEVANCE_FEATURES, comment)
    write_logistic(CONFIDENCE_FILE, confidence, FEATURES, comment)
    asked = natural_test(settings, Relevance(relevance), confidence)
    figures = {"relevance": cited, "confidence": declined, "natural, test half": asked}
    report.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return figures
