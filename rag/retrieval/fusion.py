"""Weighing the legs into one score.

Each leg's scores are scaled to [0, 1] by the range of what it retrieved for this question, and
averaged with weights over the legs that *could* have scored the passage: a Danish passage
without a Dutch translation has no Dutch words to match, which is no evidence against it
(weighted min-max fusion; Bruch, Gai & Ingber, 2023, "An Analysis of Fusion Functions for Hybrid
Retrieval"). Passages with questions written for them ("enriched") and those without ("plain") have
weights of their own, per question language where that was measured to help. The weights were
fitted by `python -m evals fit-retrieval` on the development split.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

WEIGHTS_FILE = Path(__file__).with_name("weights.toml")


class Leg(StrEnum):
    """One way of scoring a passage against a question."""

    DENSE_TEXT = "dense text"
    DENSE_QUESTION = "dense question"
    DENSE_HEADER = "dense header"
    WORDS = "lexical words"
    QUESTION_WORDS = "lexical questions"
    HEADER_WORDS = "lexical header"
    GRAMS = "lexical n-grams"
    LATE_INTERACTION = "late interaction"
    LATE_KNOWN = "late interaction with all known"


Weights = Mapping[Leg, float]
Scores = Mapping[Leg, Mapping[int, float]]
"""Raw scores by leg and passage number; what a leg did not retrieve is absent."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage's fused score and what each leg contributed to it."""

    number: int
    score: float
    shares: tuple[tuple[Leg, float], ...]


@dataclass(frozen=True, slots=True)
class WeightTable:
    """Weights by "enriched" or "plain" and, where given, by question language."""

    by_name: Mapping[str, Weights]

    def chosen(self, language: str, *, enriched: bool) -> Weights:
        kind = "enriched" if enriched else "plain"
        return self.by_name.get(f"{kind}-{language}") or self.by_name[kind]


def load_weights(path: Path = WEIGHTS_FILE) -> WeightTable:
    """The fitted weights; table names are "enriched", "plain" and, say, "plain-nl"."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return WeightTable(
        {name: {Leg(leg): float(w) for leg, w in weights.items()} for name, weights in data.items()}
    )


def scaled(scores: Mapping[int, float], *, from_zero: bool) -> dict[int, float]:
    """Min-max scaled to [0, 1]; `from_zero` keeps 0 as the floor (BM25: no match is zero)."""
    if not scores:
        return {}
    low = 0.0 if from_zero else min(scores.values())
    high = max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0 if high > 0 else 0.0)
    return {number: (score - low) / (high - low) for number, score in scores.items()}


FROM_ZERO = {Leg.WORDS, Leg.QUESTION_WORDS, Leg.HEADER_WORDS, Leg.GRAMS}


def fuse(
    scores: Scores,
    weights_of: Callable[[int], Weights],
    available: Callable[[Leg], Container[int]],
    limit: int,
    among: Collection[int] | None = None,
) -> list[Fused]:
    """The best `limit` passages; ties keep the order of passage numbers.

    `weights_of` gives the weights for a passage number; `available` the passages that a leg could have
    scored; `among` restricts which passages are weighed (scales are taken over all).
    """
    by_leg = {leg: scaled(found, from_zero=leg in FROM_ZERO) for leg, found in scores.items() if found}
    numbers = sorted(among if among is not None else {n for found in by_leg.values() for n in found})
    legs = [leg for leg in Leg if leg in by_leg]
    given = [weights_of(number) for number in numbers]
    weights = np.array([[w.get(leg, 0.0) for leg in legs] for w in given]).reshape(len(numbers), len(legs))
    values = np.array([[by_leg[leg].get(n, 0.0) for leg in legs] for n in numbers]).reshape(weights.shape)
    for column, leg in enumerate(legs):
        able, found = available(leg), by_leg[leg]
        weights[[n not in found and n not in able for n in numbers], column] = 0.0
    total = weights.sum(axis=1, keepdims=True)
    shares = weights * values / np.where(total > 0, total, 1.0)
    scored = shares.sum(axis=1)
    best = np.argsort(-scored, kind="stable")[:limit]
    return [
        Fused(
            numbers[i],
            float(scored[i]),
            tuple((leg, float(shares[i, j])) for j, leg in enumerate(legs) if weights[i, j] > 0),
        )
        for i in best
    ]
