"""How long each stage takes: percentiles over questions, in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds at the 50th, 95th and 99th percentile of `n` questions that reached the stage."""

    stage: str
    n: int
    p50: float
    p95: float
    p99: float


def latencies(timings: Sequence[Mapping[str, float]]) -> tuple[Latency, ...]:
    """One row a stage, in order of first appearance; linear interpolation between observations."""
    stages = dict.fromkeys(stage for one in timings for stage in one)
    return tuple(_latency(stage, [one[stage] for one in timings if stage in one]) for stage in stages)


def _latency(stage: str, milliseconds: Sequence[float]) -> Latency:
    p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99))
    return Latency(stage, len(milliseconds), float(p50), float(p95), float(p99))
