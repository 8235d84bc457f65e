"""A number with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of `n` scores from `clusters` independent questions, with its 95 % interval.

    `value` is None when nothing could be scored; the interval is None when there are too few
    clusters to say.
    """

    value: float | None
    n: int
    clusters: int
    low: float | None = None
    high: float | None = None

    @property
    def is_defined(self) -> bool:
        return self.value is not None


UNDEFINED = Estimate(None, 0, 0)
