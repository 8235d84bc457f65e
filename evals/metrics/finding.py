"""At which rank each piece of evidence has been found; recall, MRR and nDCG all start from this.

A piece counts as found at the first rank at which the passages so far cover half of its letters
together, so that no way of cutting texts is favoured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.gold import found_share
from evals.metrics.observation import Case, Place
from rag.domain.spans import Span

ENOUGH = 0.5
"""The share of a piece's letters that must be covered."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks from 1, None where not found; `also` are those of alternatives, each as good as all evidence."""

    evidence: tuple[int | None, ...]
    also: tuple[int | None, ...]

    def found(self, limit: int) -> tuple[bool, ...]:
        """Which pieces are found within the first `limit`; an alternative stands for all of them."""
        if any(rank is not None and rank <= limit for rank in self.also):
            return (True,) * len(self.evidence)
        return tuple(rank is not None and rank <= limit for rank in self.evidence)


def ranks(case: Case, places: Sequence[Place]) -> Ranks | None:
    """Where the case's evidence is found among `places`; None for a case without evidence."""
    if not case.evidence:
        return None
    return Ranks(
        tuple(_rank(piece, places, case.texts) for piece in case.evidence),
        tuple(_rank(piece, places, case.texts) for piece in case.also),
    )


def _rank(piece: Place, places: Sequence[Place], texts: Mapping[str, str]) -> int | None:
    evidence, seen = piece.spans[0], list[Span]()
    for rank, one in enumerate(places, start=1):
        touching = [s for s in one.spans if s.overlaps(evidence)] if one.document == piece.document else []
        seen += touching
        if touching and found_share(evidence, texts[piece.document], seen) >= ENOUGH:
            return rank
    return None
