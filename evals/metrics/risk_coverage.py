"""Risk and coverage: how wrong the service would be if it answered only its most confident share.

El-Yaniv and Wiener (2010); AURC as in Geifman et al. (2019). A question's risk is 0 when a search
for it brings all its evidence among the first five passages, 1 when it brings none or the texts
hold no answer. It is known for abstentions too, so that every threshold can be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.finding import Ranks
from evals.metrics.observation import POLICY_KINDS, Observation
from evals.metrics.recall import recall_at

DEPTH = 5


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """`risk[i]` is the mean risk of the share `coverage[i]` of questions the service is surest of.

    `aurc` is the area under it; `best` what a perfect order of confidence would give, `blind` what
    a confidence that says nothing would: between these two the area tells good from useless.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    aurc: float
    best: float
    blind: float


def risk(seen: Observation, found: Ranks | None) -> float | None:
    """None for questions routed away, for expected referrals and for answerable ones without evidence."""
    question = seen.case.question
    if seen.route not in POLICY_KINDS or question.kind not in POLICY_KINDS:
        return None
    if question.kind == "abstention":
        return 1.0
    recall = recall_at(found, DEPTH)
    return None if recall is None else 1.0 - recall


def risk_coverage(confidences: Sequence[float], risks: Sequence[float]) -> RiskCoverage | None:
    """The curve; equal confidences share their mean risk, so that the order of ties does not count."""
    if not confidences:
        return None
    surest, levels = np.asarray(confidences, np.float64), np.asarray(risks, np.float64)
    for level in np.unique(surest):
        levels = np.where(surest == level, levels[surest == level].mean(), levels)
    curve = _curve(levels[np.argsort(-surest, kind="stable")])
    best = _curve(np.sort(np.asarray(risks, np.float64)))
    count = len(curve)
    return RiskCoverage(
        coverage=tuple((i + 1) / count for i in range(count)),
        risk=tuple(float(r) for r in curve),
        aurc=float(curve.mean()),
        best=float(best.mean()),
        blind=float(levels.mean()),
    )


def _curve(
    ordered: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
