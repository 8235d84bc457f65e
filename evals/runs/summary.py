"""A run in numbers: every metric overall and per slice, each with n and interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.metrics.abstention import Matrix, reply_matrix
from evals.metrics.catalogue import METRICS
from evals.metrics.latency import Latency, latencies
from evals.metrics.risk_coverage import RiskCoverage, risk_coverage
from evals.runs.record import Record
from evals.statistics import Estimate, rate

OVERALL = ("all", "all")
DIMENSIONS: dict[str, Callable[[Record], Sequence[str]]] = {
    "split": lambda r: (r.split,),
    "language": lambda r: (r.language,),
    "pair": lambda r: (r.pair,) if r.pair else (),
    "type": lambda r: (r.type,),
    "document": lambda r: r.documents,
    "style": lambda r: (r.style,) if r.style else (),
    "kind": lambda r: (r.kind,),
}


@dataclass(frozen=True, slots=True)
class Slice:
    """The questions that share a value of a dimension ("language", "nl"), and their scores."""

    dimension: str
    value: str
    questions: int
    metrics: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class Summary:
    """`errors` are questions on which the service failed outright; they count as wrong."""

    slices: tuple[Slice, ...]
    matrix: Matrix
    risk_coverage: RiskCoverage | None
    latencies: tuple[Latency, ...]
    errors: int

    @property
    def overall(self) -> Slice:
        return self.slices[0]

    def of(self, dimension: str) -> tuple[Slice, ...]:
        return tuple(s for s in self.slices if s.dimension == dimension)


def summarise(records: Sequence[Record]) -> Summary:
    """Everything that is said of the records in numbers."""
    risky = [(r.reply.confidence, r.scores["risk"]) for r in records]
    known = [(confidence, risk) for confidence, risk in risky if risk is not None]
    return Summary(
        slices=tuple(_slices(records)),
        matrix=reply_matrix((r.kind, r.route) for r in records),
        risk_coverage=risk_coverage([c for c, _ in known], [r for _, r in known]),
        latencies=latencies([r.reply.timings_ms for r in records if r.reply.timings_ms]),
        errors=sum(r.route == "error" for r in records),
    )


def _slices(records: Sequence[Record]) -> Iterator[Slice]:
    yield _slice(*OVERALL, records)
    for dimension, values_of in DIMENSIONS.items():
        groups: dict[str, list[Record]] = {}
        for record in records:
            for value in values_of(record):
                groups.setdefault(value, []).append(record)
        for value in sorted(groups):
            yield _slice(dimension, value, groups[value])


def _slice(dimension: str, value: str, records: Sequence[Record]) -> Slice:
    clusters = [r.base for r in records]
    metrics = {m.name: rate([r.scores.get(m.name) for r in records], clusters) for m in METRICS}
    return Slice(dimension, value, len(records), metrics)
