"""Fits the weights of fusion by coordinate ascent on evidence recall, enriched and plain.

Each base question counts once whatever its languages; the figure reported beside the fit is
from five-fold cross-validation over base questions, since the fitted figure flatters itself.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.fitting.setting import (
    Bench,
    Wanted,
    answerable,
    development_questions,
    open_bench,
    wanted,
    without_enrichment,
)
from evals.gold import GoldQuestion
from rag.domain.retrieval import Query
from rag.retrieval.fusion import FROM_ZERO, WEIGHTS_FILE, Leg, Weights, scaled
from rag.settings import Settings

STEPS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
LEGS = tuple(Leg)
DEPTHS = {1: 0.4, 5: 1.0, 10: 0.3}
"""Recall at these depths is what the fit adds up, with these weights."""
FOLDS = 5
PULL = 0.01
"""Price of a weight's distance from the starting value: ties do not run to extremes."""
START: dict[str, dict[Leg, float]] = {
    "enriched": {
        Leg.DENSE_TEXT: 0.5, Leg.DENSE_QUESTION: 1.0, Leg.DENSE_HEADER: 0.1, Leg.WORDS: 0.35,
        Leg.QUESTION_WORDS: 0.75, Leg.HEADER_WORDS: 0.1, Leg.GRAMS: 0.35, Leg.LATE_INTERACTION: 0.1,
        Leg.LATE_KNOWN: 3.0,
    },
    "plain": {
        Leg.DENSE_TEXT: 1.0, Leg.DENSE_HEADER: 0.1, Leg.WORDS: 0.35, Leg.HEADER_WORDS: 0.2,
        Leg.GRAMS: 0.2, Leg.LATE_INTERACTION: 1.5,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A question's candidates as arrays, so that thousands of weightings can be tried.

    `values[i, j]` is leg j's scaled score of candidate i, 0 where it gave none; `able[i, j]` whether
    it could have scored it: as in `rag.retrieval.fusion.fuse`, which a test holds this to.
    """

    question: GoldQuestion
    wanted: Wanted
    numbers: NDArray[np.int64]
    values: NDArray[np.float64]
    able: NDArray[np.float64]
    crosses: bool
    """Whether the question is in another language than the text that answers it."""

    def ranked(self, weights: Weights) -> list[int]:
        """The best passages under these weights, as many as the deepest recall needs."""
        given = np.array([weights.get(leg, 0.0) for leg in LEGS])
        scores = (self.values @ given) / np.maximum(self.able @ given, 1e-9)
        return [int(n) for n in self.numbers[np.argsort(-scores, kind="stable")[: max(DEPTHS)]]]


def cases(bench: Bench, questions: Sequence[GoldQuestion]) -> list[Case]:
    return [_case(bench, q) for q in questions]


def _case(bench: Bench, question: GoldQuestion) -> Case:
    query = Query(question.question, question.language)
    scores, _ = bench.retriever.leg_scores(query, bench.embedder.read_query(query.text))
    generation = bench.index.current()
    by_leg = {leg: scaled(found, from_zero=leg in FROM_ZERO) for leg, found in scores.items() if found}
    numbers = sorted({number for found in by_leg.values() for number in found})
    able = [
        [
            float(leg in by_leg and (n in by_leg[leg] or n in generation.available(leg, question.language)))
            for leg in LEGS
        ]
        for n in numbers
    ]
    return Case(
        question,
        wanted(bench, question),
        np.array(numbers),
        np.array([[by_leg.get(leg, {}).get(n, 0.0) for leg in LEGS] for n in numbers]),
        np.array(able),
        question.language != bench.index.document(question.documents[0]).language,
    )


def recalls(given: Sequence[Case], weights: Weights) -> dict[int, list[float]]:
    """Recall of each case, at each depth."""
    found: dict[int, list[float]] = defaultdict(list)
    for case in given:
        ranked = case.ranked(weights)
        for depth in DEPTHS:
            found[depth].append(case.wanted.recall(ranked[:depth]))
    return found


def quality(given: Sequence[Case], weights: Weights, start: Weights) -> float:
    """What the fit maximises: priced recall less the pull towards the starting weights."""
    found = recalls(given, weights)
    total = sum(price * float(np.mean(found[depth])) for depth, price in DEPTHS.items())
    return total - PULL * sum(abs(weights[leg] - start[leg]) for leg in start)


def fit(given: Sequence[Case], start: dict[Leg, float]) -> dict[Leg, float]:
    """Coordinate ascent from `start`, two rounds."""
    best, reached = dict(start), quality(given, start, start)
    for _ in range(2):
        for leg in start:
            for step in STEPS:
                tried = {**best, leg: step}
                if (found := quality(given, tried, start)) > reached + 1e-9:
                    best, reached = tried, found
    return best


def figures(given: Sequence[Case], weights: Weights) -> dict[str, Any]:
    """Recall at each depth: all, in the text's own language, across languages, with n."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in given:
        groups["all"].append(case)
        groups["across" if case.crosses else "own"].append(case)
    return {
        name: {"n": len(members)}
        | {f"recall@{d}": round(float(np.mean(r)), 4) for d, r in recalls(members, weights).items()}
        for name, members in groups.items()
    }


def cross_validated(given: Sequence[Case], start: dict[Leg, float]) -> dict[str, float]:
    """Mean held-out recall over folds of base questions."""
    bases = sorted({c.question.base for c in given})
    held: dict[int, list[float]] = defaultdict(list)
    for fold in range(FOLDS):
        out = set(bases[fold::FOLDS])
        weights = fit([c for c in given if c.question.base not in out], start)
        for depth, found in recalls([c for c in given if c.question.base in out], weights).items():
            held[depth] += found
    return {f"recall@{depth}": round(float(np.mean(values)), 4) for depth, values in held.items()}


def fit_retrieval(settings: Settings, report: Path) -> dict[str, Any]:
    """Fit both sets of weights, write them to the weights file and the figures to `report`."""
    questions = answerable(development_questions())
    found: dict[str, Any] = {}
    weights: dict[str, dict[Leg, float]] = {}
    with without_enrichment(settings) as plain:
        for name, chosen in (("enriched", settings), ("plain", plain)):
            given = cases(open_bench(chosen), questions)
            weights[name] = fit(given, START[name])
            found[name] = {
                "weights": {leg.value: w for leg, w in weights[name].items()},
                "fitted": figures(given, weights[name]),
                "cross-validated": cross_validated(given, START[name]),
                "start": figures(given, START[name]),
                "ablation": {
                    f"without {leg.value}": figures(
                        given, {k: v for k, v in weights[name].items() if k != leg}
                    )
                    for leg in START[name]
                }
                | {f"only {leg.value}": figures(given, {leg: 1.0}) for leg in START[name]},
            }
    write_weights(weights)
    report.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return found


def write_weights(weights: dict[str, dict[Leg, float]], path: Path = WEIGHTS_FILE) -> None:
    lines = ["# Weights of the legs: see fusion.py. Written by `python -m evals fit-retrieval`."]
    for name, table in weights.items():
        lines += ["", f"[{name}]", *(f'"{leg.value}" = {weight}' for leg, weight in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
