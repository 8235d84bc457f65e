"""Does the service answer what can be answered, and say so where the texts do not?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from evals.metrics.observation import Observation


def answered_answerable(seen: Observation) -> float | None:
    """1 if an answerable question was answered; None for any other question."""
    return float(seen.answered) if seen.case.question.kind == "answer" else None


def declined_unanswerable(seen: Observation) -> float | None:
    """1 if a question that the texts do not answer was not answered; None for any other question."""
    return float(not seen.answered) if seen.case.question.kind == "abstention" else None


Matrix = dict[str, dict[str, int]]


def reply_matrix(seen: Iterable[tuple[str, str]]) -> Matrix:
    """How many questions of each expected kind got each kind of reply: {expected: {replied: n}}."""
    counts: dict[str, Counter[str]] = {}
    for expected, replied in seen:
        counts.setdefault(expected, Counter())[replied] += 1
    return {expected: dict(counter) for expected, counter in counts.items()}
