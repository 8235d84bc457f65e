"""Fits which passages are cited (relevance) and when to answer at all (confidence), on the development split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.fitting.confidence import fit_confidence, share
from evals.fitting.gathering import found_naturally, gather
from evals.fitting.natural import read_natural
from evals.fitting.relevance import fit_relevance
from evals.fitting.setting import open_bench
from rag.answering.confidence.features import FEATURES, features
from rag.answering.confidence.logistic import COEFFICIENTS as CONFIDENCE_FILE
from rag.answering.linear import Logistic, write_logistic
from rag.answering.relevance import COEFFICIENTS as RELEVANCE_FILE
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance
from rag.settings import Settings


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
        "answerable declined": share([d for answerable, d in declined if answerable]),
        "unanswerable declined": share([d for answerable, d in declined if not answerable]),
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
