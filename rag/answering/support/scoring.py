"""From recall and findings to a score with 0.5 as the natural threshold, and to a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answering.support.alignment import Alignment
from rag.answering.support.findings import Finding, Gravity
from rag.answering.support.repetition import Repetition
from rag.domain.answers import Support, Verdict

SUPPORTED = 0.5
"""A score from here on is support."""
PARTLY = 0.25
"""A score from here on, or a gap in what is otherwise borne out, is partial support."""
CONTRADICTED = 0.3
"""What a contradiction leaves of a score: none that has one reaches `SUPPORTED`."""
HIGHEST_WITH_GAP = 0.49
"""The highest score with a gap where the statement repeats the source nearly word for word."""

INTERCEPT = -5.2
WEIGHTS: Mapping[str, float] = {
    "window recall": 4.0,
    "best recall": 2.0,
    "recall": 3.0,
    "contradictions": -2.5,
    "number gaps": -4.0,
    "name gaps": -1.0,
    "other gaps": -0.6,
    "quantifier hints": -2.0,
    "other hints": -0.4,
}
"""Weights of a logistic model."""
NUMERIC = ("number", "date", "reference", "unit", "bound")
MOST_COUNTED = 2


@dataclass(frozen=True, slots=True)
class Features:
    """What the score is made of, by the names of `WEIGHTS`."""

    values: Mapping[str, float]

    @property
    def score(self) -> float:
        z = INTERCEPT + sum(WEIGHTS[name] * value for name, value in self.values.items())
        return 1 / (1 + math.exp(-z))


def features(alignment: Alignment, findings: Sequence[Finding]) -> Features:
    """Recalls in [0, 1] and counts of findings, each up to `MOST_COUNTED`."""
    gaps = [finding for finding in findings if finding.gravity is Gravity.GAP]
    hints = [finding for finding in findings if finding.gravity is Gravity.HINT]
    numeric = sum(finding.kind in NUMERIC for finding in gaps)
    names = sum(finding.kind == "name" for finding in gaps)
    counts = {
        "contradictions": sum(f.gravity is Gravity.CONTRADICTION for f in findings),
        "number gaps": numeric,
        "name gaps": names,
        "other gaps": len(gaps) - numeric - names,
        "quantifier hints": sum(f.kind == "quantifier" for f in hints),
        "other hints": sum(f.kind != "quantifier" for f in hints),
    }
    return Features(
        {
            "window recall": alignment.recall(alignment.window),
            "best recall": alignment.recall((alignment.best,)),
            "recall": alignment.recall(),
        }
        | {name: float(min(count, MOST_COUNTED)) for name, count in counts.items()}
    )


def judge(score: float, findings: Sequence[Finding], repeated: Repetition) -> Verdict:
    """The verdict on one sentence in the language of its evidence."""
    gravities = {finding.gravity for finding in findings}
    reasons = tuple(
        finding.reason
        for finding in sorted(findings, key=lambda f: list(Gravity).index(f.gravity))
        if finding.gravity is not Gravity.HINT or score < SUPPORTED
    )
    if Gravity.CONTRADICTION in gravities:
        score *= CONTRADICTED
    elif repeated.strict and Gravity.GAP in gravities:
        score = min(score, HIGHEST_WITH_GAP)
    return Verdict(_support(score, gravities), round(score, 4), reasons)


def _support(score: float, gravities: set[Gravity]) -> Support:
    if Gravity.CONTRADICTION in gravities:
        return Support.NONE
    if score >= SUPPORTED:
        return Support.PARTIAL if Gravity.GAP in gravities else Support.FULL
    return Support.PARTIAL if score >= PARTLY else Support.NONE
