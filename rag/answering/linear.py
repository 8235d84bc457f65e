"""A logistic model kept as a small TOML file: named weights, an intercept, a threshold."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Logistic:
    """`weights` stand in the order of the features' names."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def probability(self, values: Sequence[float]) -> float:
        total = self.intercept + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def load_logistic(path: Path, names: Sequence[str]) -> Logistic:
    """Raises KeyError if the file was fitted for other features."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    weights = data["weights"]
    return Logistic(
        tuple(float(weights[n]) for n in names), float(data["intercept"]), float(data["threshold"])
    )


def write_logistic(path: Path, model: Logistic, names: Sequence[str], comment: str) -> None:
    weights: Mapping[str, float] = dict(zip(names, model.weights, strict=True))
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"intercept = {model.intercept:.6g}", f"threshold = {model.threshold:.6g}", "", "[weights]"]
    lines += [f"{name} = {weight:.6g}" for name, weight in weights.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
