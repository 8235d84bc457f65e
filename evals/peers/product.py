"""Our own retriever, measured in the very same way as its peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.metrics.observation import Place
from rag.assembly import build_retriever, ensure_index, language_identifier, serving_index
from rag.domain.ports import Embedder
from rag.domain.retrieval import Query
from rag.settings import Settings


class ProductPeer:
    """Implements the Peer port over the assembled retriever; indexes the built-in corpus itself."""

    def __init__(self, embedder: Embedder, settings: Settings) -> None:
        self._embedder = embedder
        self._settings = settings

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        settings = self._settings.model_copy(update={"data_dir": folder})
        ensure_index(settings, embedder=self._embedder)
        self._retriever = build_retriever(settings, serving_index(settings), self._embedder)

    def search(self, question: str, limit: int) -> Sequence[Place]:
        hits = self._retriever.search(Query(question, language_identifier().identify(question)), limit)
        return [Place(h.passage.document, (*h.passage.context, *h.passage.spans)) for h in hits]
