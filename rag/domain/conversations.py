"""What was said before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A question already answered: as asked, as understood, and what was replied."""

    question: str
    understood_as: str
    answer: str
    documents: tuple[str, ...] = ()
    """Ids of the documents cited, most cited first."""


History = tuple[Turn, ...]
