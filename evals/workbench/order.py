"""In what order a person meets the claims of a batch: at random, but for each person always the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from rag.records.ratings import Item


def order_for(items: Sequence[Item], seed: int, account_id: int) -> tuple[Item, ...]:
    """The items shuffled by the batch's seed and the person."""
    shuffled = list(items)
    Random(f"{seed}:{account_id}").shuffle(shuffled)
    return tuple(shuffled)


def next_unrated(ordered: Sequence[Item], rated: Collection[str], after: str = "") -> Item | None:
    """The first claim still to be rated after `after`, or else from the start; None when all are."""
    ids = [item.id for item in ordered]
    start = ids.index(after) + 1 if after in ids else 0
    return next((item for item in (*ordered[start:], *ordered[:start]) if item.id not in rated), None)
