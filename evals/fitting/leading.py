"""Fits which sentence of a passage is told first: the one that holds what the asker wants to know.

The evidence of a question tells which sentences of the passage answer it; the model chooses among
them as in a conditional logit, fitted on the development split over two indexes of the same texts,
with and without enrichment. Reported figures come from five-fold cross-validation over base questions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.fitting.gathering import FOLDS, Found, found_for
from evals.fitting.setting import (
    Bench,
    answerable,
    development_questions,
    open_bench,
    without_enrichment,
)
from evals.gold import found_share
from rag.answering.extractive.leading import COEFFICIENTS, LEADING_FEATURES, leading_features
from rag.answering.extractive.leaning import goes_on, may_lead
from rag.answering.extractive.selection import reading_order
from rag.answering.linear import Logistic, write_logistic
from rag.answering.relevance import Relevance
from rag.domain.passages import PassageKind
from rag.domain.sentences import sentences, split_sentences
from rag.domain.spans import Span, Spans
from rag.settings import Settings

HOLDS = 0.5
"""A sentence answers if it covers this share of a piece of evidence, or the evidence this share of it."""
STRENGTH = 2.0
"""Of the penalty on the squares of the weights, of features scaled to unit spread."""
MARGINS = (0.0, 0.1, 0.2, 0.3, 0.5)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """The sentences of the passage that answers a question best: their features, and which of them answer."""

    base: str
    enriched: bool
    values: Values
    answers: NDArray[np.bool_]
    leads: tuple[bool, ...]
    bound: tuple[bool, ...]


def samples_of(bench: Bench, *, enriched: bool) -> list[Sample]:
    relevance = Relevance.load()
    found = (found_for(bench, q) for q in answerable(development_questions()))
    made = (_sample(bench, one, relevance, enriched=enriched) for one in found)
    return [one for one in made if one is not None]


def _sample(bench: Bench, found: Found, relevance: Relevance, *, enriched: bool) -> Sample | None:
    """None where there is nothing to choose, or the likeliest passage does not answer."""
    if not found.hits:
        return None
    likely = relevance.probabilities(found.query, found.hits)
    place = max(range(len(likely)), key=lambda i: likely[i])
    hit = found.hits[place]
    passage = hit.passage
    if not found.answers[place] or passage.kind in (PassageKind.TABLE_ROW, PassageKind.LIST_ITEM):
        return None
    document = bench.index.document(passage.document)
    ranges = sentences(document, passage.spans)
    shown, language = [document.reading(spans) for spans in ranges], passage.language
    translation = hit.enrichment.translation(found.query.language)
    if translation is not None and language != found.query.language:
        told = split_sentences(translation.text, translation.language)
        if len(told) == len(ranges):
            shown, language = [translation.text[a:b] for a, b in told], translation.language
    answers = np.array([_answers(bench, found, passage.document, spans) for spans in ranges])
    if len(ranges) < 2 or len(hit.sentences) != len(ranges) or not answers.any():
        return None
    return Sample(
        found.question.base,
        enriched,
        np.array(leading_features(found.query, hit, shown)),
        answers,
        tuple(may_lead(text, language) for text in shown),
        tuple(goes_on(text, language) for text in shown),
    )


def _answers(bench: Bench, found: Found, document: str, spans: Spans) -> bool:
    text = bench.sources[document]
    for quote in (*found.question.evidence, *found.question.also):
        if quote.document != document:
            continue
        evidence = bench.finder.find(quote)
        if found_share(evidence, text, spans) >= HOLDS or _share_inside(spans, evidence) >= HOLDS:
            return True
    return False


def _share_inside(spans: Spans, evidence: Span) -> float:
    inside = sum(max(0, min(s.end, evidence.end) - max(s.start, evidence.start)) for s in spans)
    return inside / sum(len(s) for s in spans)


def weights_of(samples: Sequence[Sample]) -> Values:
    """The weights under which the sentences that answer are the likeliest to be chosen."""
    from scipy.optimize import minimize

    spread = np.maximum(np.concatenate([s.values for s in samples]).std(axis=0), 1e-6)

    def loss(weights: Values) -> tuple[float, Values]:
        total, slope = STRENGTH * float(weights @ weights) / 2, STRENGTH * weights
        for sample in samples:
            scaled = sample.values / spread
            odds = np.exp(scaled @ weights - (scaled @ weights).max())
            chosen = odds / odds.sum()
            right = float(chosen[sample.answers].sum())
            total -= float(np.log(right))
            slope = slope - scaled.T @ (chosen * sample.answers / right - chosen)
        return total, slope

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread, np.float64)


def fit_leading(settings: Settings, report: Path) -> dict[str, Any]:
    """Fit the model, write its file, and the figures to `report`. About a minute."""
    samples = samples_of(open_bench(settings), enriched=True)
    with without_enrichment(settings) as plain:
        samples += samples_of(open_bench(plain), enriched=False)
    held = _held_out(samples)
    trials = {str(m): _figures(held, partial(_in_order, margin=m)) for m in MARGINS}
    margin = max(MARGINS, key=lambda m: sum(figures["first"] for figures in trials[str(m)].values()))
    weights = weights_of(samples)
    model = Logistic(tuple(float(w) for w in weights), 0.0, margin)
    comment = "Written by `python -m evals fit-leading` from the development split; do not edit by hand."
    write_logistic(COEFFICIENTS, model, LEADING_FEATURES, comment)
    figures = {
        "in the order of the source": _figures(held, lambda s, _: list(range(len(s.answers)))),
        "closest first": _figures(held, lambda s, _: _in_order(s, _only("likeness"))),
        "cross-validated, by margin": trials,
        "margin": margin,
    }
    report.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return figures


def _in_order(sample: Sample, weights: Values, margin: float = 0.0) -> list[int]:
    """How the sentences are told, if they are weighed so."""
    scores = [float(score) for score in sample.values @ weights]
    return reading_order(scores, sample.leads, sample.bound, range(len(scores)), margin)


def _held_out(samples: Sequence[Sample]) -> list[tuple[Sample, Values]]:
    """Every sample with weights that were fitted without its base question."""
    bases = sorted({s.base for s in samples})
    held: list[tuple[Sample, Values]] = []
    for fold in range(FOLDS):
        out = set(bases[fold::FOLDS])
        weights = weights_of([s for s in samples if s.base not in out])
        held += [(s, weights) for s in samples if s.base in out]
    return held


def _only(feature: str) -> Values:
    return np.array([float(name == feature) for name in LEADING_FEATURES])


def _figures(
    held: Sequence[tuple[Sample, Values]], told: Callable[[Sample, Values], list[int]]
) -> dict[str, dict[str, float]]:
    """How often what is told first, and what is told among the first two, answers."""
    figures = {}
    for name, enriched in (("enriched", True), ("plain", False)):
        orders = [(s, told(s, w)) for s, w in held if s.enriched is enriched]
        figures[name] = {
            "n": len(orders),
            "first": round(float(np.mean([s.answers[order[0]] for s, order in orders])), 4),
            "first two": round(float(np.mean([s.answers[order[:2]].any() for s, order in orders])), 4),
        }
    return figures
