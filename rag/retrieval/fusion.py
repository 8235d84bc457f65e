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
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

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
    available: Callable[[Leg, int], bool],
    limit: int,
    among: Collection[int] | None = None,
) -> list[Fused]:
    """The best `limit` passages; ties keep the order of passage numbers.

    `weights_of` gives the weights for a passage number; `available` says whether a leg could have
    scored it; `among` restricts which passages are weighed (scales are taken over all).
    """
    by_leg = {leg: scaled(found, from_zero=leg in FROM_ZERO) for leg, found in scores.items() if found}
    numbers = sorted(among if among is not None else {n for found in by_leg.values() for n in found})
    fused = [_weigh(number, by_leg, weights_of(number), available) for number in numbers]
    return sorted(fused, key=lambda f: -f.score)[:limit]


def _weigh(
    number: int,
    by_leg: Mapping[Leg, Mapping[int, float]],
    weights: Weights,
    available: Callable[[Leg, int], bool],
) -> Fused:
    able = [
        leg
        for leg, weight in weights.items()
        if weight > 0 and leg in by_leg and (number in by_leg[leg] or available(leg, number))
    ]
    total = sum(weights[leg] for leg in able) or 1.0
    shares = tuple((leg, weights[leg] * by_leg[leg].get(number, 0.0) / total) for leg in able)
    return Fused(number, sum(share for _, share in shares), shares)
