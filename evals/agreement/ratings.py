"""Ratings as people gave them, and as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's label for one item."""

    rater: str
    item: str
    label: str


Counts = NDArray[np.int64]


def last_ratings(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """Each rater's last label for each item: who rates again has changed their mind."""
    return tuple({(r.rater, r.item): r for r in ratings}.values())


def labels_of(ratings: Iterable[Rating], order: Sequence[str] = ()) -> tuple[str, ...]:
    """The labels in the order given, then any others by name."""
    used = {r.label for r in ratings}
    return (*order, *sorted(used - set(order)))


def value_counts(ratings: Sequence[Rating], labels: Sequence[str]) -> Counts:
    """How many raters gave each label, shape (items, labels), items in order of first appearance."""
    column = {label: i for i, label in enumerate(labels)}
    row = {item: i for i, item in enumerate(dict.fromkeys(r.item for r in ratings))}
    counts = np.zeros((len(row), len(labels)), np.int64)
    for rating in last_ratings(ratings):
        counts[row[rating.item], column[rating.label]] += 1
    return counts


def label_counts(ratings: Iterable[Rating]) -> dict[str, dict[str, int]]:
    """How often each rater gave each label: {rater: {label: times}}."""
    found: dict[str, Counter[str]] = {}
    for rating in last_ratings(ratings):
        found.setdefault(rating.rater, Counter())[rating.label] += 1
    return {rater: dict(sorted(counter.items())) for rater, counter in sorted(found.items())}
