"""What people said of each claim, where they differ, and what was settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.records.ratings import Item, Label, Purpose, Rating


@dataclass(frozen=True, slots=True)
class Opinions:
    """The standing ratings of one claim, by person, and its adjudications, oldest first."""

    item: Item
    ratings: tuple[Rating, ...]
    adjudications: tuple[Rating, ...]

    @property
    def disagree(self) -> bool:
        return len({r.label for r in self.ratings}) > 1

    @property
    def is_open(self) -> bool:
        """Whether it waits in the disagreement queue."""
        return self.disagree and not self.adjudications

    @property
    def settled(self) -> Label | None:
        """The last adjudication, or else the label that all who rated gave."""
        if self.adjudications:
            return self.adjudications[-1].label
        return self.ratings[0].label if self.ratings and not self.disagree else None


def opinions(items: Sequence[Item], ratings: Iterable[Rating]) -> tuple[Opinions, ...]:
    """Per item, in the items' order; of a person's ratings of a claim the last one stands."""
    standing: dict[str, dict[int, Rating]] = {item.id: {} for item in items}
    adjudged: dict[str, list[Rating]] = {item.id: [] for item in items}
    for rating in ratings:
        if rating.purpose is Purpose.ADJUDICATION:
            adjudged[rating.item].append(rating)
        else:
            standing[rating.item][rating.account_id] = rating
    return tuple(
        Opinions(item, tuple(standing[item.id].values()), tuple(adjudged[item.id])) for item in items
    )
