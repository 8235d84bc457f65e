"""Question by question, the second run against the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evals.metrics.catalogue import METRICS, Metric
from evals.runs.folder import Run, RunError
from evals.runs.record import Record
from evals.statistics import Estimate, McNemar, holm, mcnemar, mean, sign_flip

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose score differs."""

    id: str
    question: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs, over the questions scored in both.

    `difference` is second minus first with its paired bootstrap interval; `p` the sign-flip
    permutation test's, `p_holm` the same corrected for the number of metrics compared. `mcnemar`
    is None for metrics that are not yes or no.
    """

    metric: Metric
    before: float | None
    after: float | None
    difference: Estimate
    p: float | None
    p_holm: float | None
    mcnemar: McNemar | None
    worse: tuple[Change, ...]
    better: tuple[Change, ...]

    @property
    def is_significant(self) -> bool:
        return self.p_holm is not None and self.p_holm < SIGNIFICANT

    @property
    def is_regression(self) -> bool:
        value = self.difference.value or 0.0
        return self.is_significant and (value > 0 if self.metric.lower_is_better else value < 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`questions` are those in both runs; `left_out` those in one only."""

    questions: int
    left_out: int
    differences: tuple[Difference, ...]

    @property
    def regressions(self) -> tuple[Difference, ...]:
        return tuple(d for d in self.differences if d.is_regression)


def compare(first: Run, second: Run) -> Comparison:
    """Raises RunError if the runs share no question."""
    before, after = ({r.id: r for r in run.records} for run in (first, second))
    shared = [id for id in before if id in after]
    if not shared:
        raise RunError("The two runs have no question in common. Compare runs of the same suite and split.")
    pairs = [(before[id], after[id]) for id in shared]
    bare = [_difference(metric, pairs) for metric in METRICS]
    corrected = holm([one.p for one in bare])
    return Comparison(
        questions=len(shared),
        left_out=len(before) + len(after) - 2 * len(shared),
        differences=tuple(replace(one, p_holm=p) for one, p in zip(bare, corrected, strict=True)),
    )


def _difference(metric: Metric, pairs: Sequence[tuple[Record, Record]]) -> Difference:
    scores = [(a.scores.get(metric.name), b.scores.get(metric.name)) for a, b in pairs]
    both = [
        (a, b, x, y) for (a, b), (x, y) in zip(pairs, scores, strict=True) if x is not None and y is not None
    ]
    clusters = [a.base for a, _, _, _ in both]
    differences = [y - x for _, _, x, y in both]
    changes = [Change(a.id, a.question, x, y) for a, _, x, y in both if x != y]
    rises = tuple(c for c in changes if c.after > c.before)
    falls = tuple(c for c in changes if c.after < c.before)
    return Difference(
        metric=metric,
        before=_mean([x for _, _, x, _ in both]),
        after=_mean([y for _, _, _, y in both]),
        difference=mean(differences, clusters),
        p=sign_flip(differences, clusters),
        p_holm=None,
        mcnemar=mcnemar([x for _, _, x, _ in both], [y for _, _, _, y in both]),
        worse=rises if metric.lower_is_better else falls,
        better=falls if metric.lower_is_better else rises,
    )


def _mean(scores: Sequence[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None
