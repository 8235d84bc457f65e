"""The texts by their ids, read straight from the sources: checking needs no index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from rag.domain.documents import Document
from rag.domain.errors import UnknownDocument


class Texts(Protocol):
    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Implements Texts; a text is read when it is first asked for."""

    openers: Mapping[str, Callable[[], Document]]

    def document(self, document_id: str) -> Document:
        opener = self.openers.get(document_id)
        if opener is None:
            raise UnknownDocument(f"There is no text '{document_id}' in the library.")
        return opener()
