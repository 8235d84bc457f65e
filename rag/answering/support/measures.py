"""What the score of a statement is made of: how much of it the evidence says, where, and what differs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from rag.answering.support.alignment import Alignment
from rag.answering.support.findings import Finding, Gravity
from rag.answering.support.repetition import Repetition

NUMERIC = ("number", "date", "reference", "unit", "bound")
TURNING = ("negation", "opposite", "direction", "order")
MOST_COUNTED = 2
LONGEST_RUN = 4
"""Words in a row that the evidence lacks are counted up to here."""
CLAUSE_WORDS = 2
"""A clause with fewer words of its own is not looked at alone."""


def measure(
    alignment: Alignment, findings: Sequence[Finding], repeated: Repetition
) -> Mapping[str, float]:
    """Shares in [0, 1] and counts up to `MOST_COUNTED`, by name."""
    near = set(alignment.near)
    return {
        "anywhere": alignment.recall(),
        "window": alignment.recall(alignment.window),
        "best": alignment.recall((alignment.best,)),
        "telling": _telling(alignment),
        "pairs": _pairs(alignment, near),
        "missing run": _missing_run(alignment, near),
        "missing": _missing(alignment, near),
        "worst clause": _worst_clause(alignment, near),
        "order": repeated.share,
        "short": 1 / (1 + len(alignment.weights)),
        "apart": _apart(alignment),
        **{name: float(min(count, MOST_COUNTED)) for name, count in _counts(findings)},
    }


def _answered(alignment: Alignment, position: int, numbers: Collection[int]) -> float:
    return max((s for n, s in alignment.answers[position].items() if n in numbers), default=0.0)


def _telling(alignment: Alignment) -> float:
    """Recall in the window where a word counts for less the more sentences have it."""
    window = set(alignment.window)
    total = found = 0.0
    for i, weight in alignment.weights.items():
        worth = weight / (1 + math.log1p(len(alignment.answers[i])))
        total += worth
        found += worth * _answered(alignment, i, window)
    return found / total if total else 1.0


def _pairs(alignment: Alignment, near: Collection[int]) -> float:
    """The share of neighbouring words that one sentence says both of."""
    places = list(alignment.weights)
    if len(places) < 2:
        return alignment.recall(near)
    held = [
        any(n in alignment.answers[j] for n in alignment.answers[i] if n in near) for i, j in pairwise(places)
    ]
    return sum(held) / len(held)


def _missing_run(alignment: Alignment, near: Collection[int]) -> float:
    longest = run = 0
    for i in alignment.weights:
        run = 0 if _answered(alignment, i, near) else run + 1
        longest = max(longest, run)
    return min(longest, LONGEST_RUN) / LONGEST_RUN


def _missing(alignment: Alignment, near: Collection[int]) -> float:
    """The logarithm of how many words' weight the evidence nearby lacks."""
    lacking = sum(w * (1 - _answered(alignment, i, near)) for i, w in alignment.weights.items())
    return math.log1p(lacking)


def _worst_clause(alignment: Alignment, near: Collection[int]) -> float:
    clauses: dict[int, list[int]] = {}
    for i in alignment.weights:
        clauses.setdefault(alignment.claim.clause[i], []).append(i)
    shares = [_share(alignment, places, near) for places in clauses.values() if len(places) >= CLAUSE_WORDS]
    return min(shares, default=_share(alignment, alignment.weights, near))


def _share(alignment: Alignment, places: Iterable[int], near: Collection[int]) -> float:
    places = list(places)
    total = sum(alignment.weights[i] for i in places)
    found = sum(alignment.weights[i] * _answered(alignment, i, near) for i in places)
    return found / total if total else 1.0


def _apart(alignment: Alignment) -> float:
    """How far from one another the sentences of the window stand."""
    if len(alignment.window) < 2:
        return 0.0
    return math.log1p(max(alignment.window) - min(alignment.window)) / 5


def _counts(findings: Sequence[Finding]) -> Iterator[tuple[str, int]]:
    for gravity in Gravity:
        kinds = [finding.kind for finding in findings if finding.gravity is gravity]
        numeric = sum(kind in NUMERIC for kind in kinds)
        names = sum(kind in ("name", "place") for kind in kinds)
        turning = sum(kind in TURNING for kind in kinds)
        yield f"{gravity.value}: number", numeric
        yield f"{gravity.value}: name", names
        yield f"{gravity.value}: turn", turning
        yield f"{gravity.value}: other", len(kinds) - numeric - names - turning
