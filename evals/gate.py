"""Holds a run to the floors in `floors.toml`; what CI asks before anything is merged."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from evals.metrics.catalogue import BY_NAME
from evals.runs.summary import Summary
from rag.domain.errors import RulesError

FLOORS = Path(__file__).with_name("floors.toml")


class FloorError(RulesError):
    """`floors.toml` is malformed or names a metric or slice that does not exist."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least value of a metric in a slice (the most, for metrics where lower is better)."""

    metric: str
    dimension: str
    value: str
    bound: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A floor and what the run has; `measured` is None when the run cannot say, which does not pass."""

    floor: Floor
    measured: float | None
    n: int

    @property
    def holds(self) -> bool:
        if self.measured is None:
            return False
        if BY_NAME[self.floor.metric].lower_is_better:
            return self.measured <= self.floor.bound
        return self.measured >= self.floor.bound


def load_floors(suite: str, path: Path = FLOORS) -> tuple[Floor, ...]:
    """The floors of a suite. Raises FloorError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FloorError(f"{path} cannot be read: {error}.") from error
    floors: list[Floor] = []
    for key, bounds in data.get(suite, {}).items():
        dimension, _, value = key.partition(":")
        floors += [
            Floor(_known(name, path), dimension, value or "all", float(b)) for name, b in bounds.items()
        ]
    if not floors:
        raise FloorError(f"{path} has no floors for the suite '{suite}'. Add a table [{suite}.all].")
    return tuple(floors)


def judge(summary: Summary, floors: tuple[Floor, ...]) -> tuple[Verdict, ...]:
    """Every floor with what the run measured."""
    found = {(s.dimension, s.value): s.metrics for s in summary.slices}
    verdicts: list[Verdict] = []
    for floor in floors:
        metrics = found.get((floor.dimension, floor.value))
        estimate = metrics[floor.metric] if metrics else None
        verdicts.append(Verdict(floor, estimate.value if estimate else None, estimate.n if estimate else 0))
    return tuple(verdicts)


def _known(name: str, path: Path) -> str:
    if name not in BY_NAME:
        raise FloorError(f"{path} names a metric '{name}' that does not exist. Known: {', '.join(BY_NAME)}.")
    return name
