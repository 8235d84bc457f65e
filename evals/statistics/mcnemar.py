"""McNemar's exact test for scores that are yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True, slots=True)
class McNemar:
    """Questions only the first run got right, only the second did, and the two-sided exact p-value.

    The translations of a question count singly, which makes the test a little optimistic; the
    sign-flip test beside it is the one that respects clusters.
    """

    only_first: int
    only_second: int
    p: float


def mcnemar(first: Sequence[float | None], second: Sequence[float | None]) -> McNemar | None:
    """None when a score is neither 0 nor 1, or none is defined in both runs."""
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    if not pairs or any(score not in (0.0, 1.0) for pair in pairs for score in pair):
        return None
    only_first = sum(a > b for a, b in pairs)
    only_second = sum(b > a for a, b in pairs)
    discordant = only_first + only_second
    p = float(stats.binomtest(only_first, discordant).pvalue) if discordant else 1.0
    return McNemar(only_first, only_second, p)
