"""Evidence recall within a budget of source characters: fair between short passages and long ones."""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.finding import ranks
from evals.metrics.observation import Case, Place
from rag.domain.spans import Span

BUDGETS = (1500, 3000)
"""Characters; about a third and two thirds of a printed page."""


def recall_within(case: Case, places: Sequence[Place], characters: int) -> float | None:
    """In [0, 1]; the passage that exceeds the budget counts up to it. None without evidence."""
    kept = cut(places, characters)
    found = ranks(case, kept)
    if found is None:
        return None
    pieces = found.found(len(kept))
    return sum(pieces) / len(pieces)


def cut(places: Sequence[Place], characters: int) -> tuple[Place, ...]:
    """The first `characters` source characters of the places, in their order."""
    left, kept = characters, list[Place]()
    for one in places:
        spans: list[Span] = []
        for span in one.spans:
            if left > 0:
                spans.append(Span(span.start, min(span.end, span.start + left)))
                left -= len(spans[-1])
        if spans:
            kept.append(Place(one.document, tuple(spans)))
    return tuple(kept)
