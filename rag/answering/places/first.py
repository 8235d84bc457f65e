"""Several ways to look things up, tried in turn."""

from __future__ import annotations

from typing import Protocol

from rag.domain.answers import Abstention, Answer
from rag.domain.retrieval import Query


class Finder(Protocol):
    def looked_up(self, query: Query, fingerprint: str) -> Answer | Abstention | None:
        """None if the question is not for it."""


class FirstFinder:
    """Gives what the first finder that knows the question has found."""

    def __init__(self, *finders: Finder) -> None:
        self._finders = finders

    def looked_up(self, query: Query, fingerprint: str) -> Answer | Abstention | None:
        """None if no finder knows the question."""
        found = (finder.looked_up(query, fingerprint) for finder in self._finders)
        return next((reply for reply in found if reply is not None), None)
