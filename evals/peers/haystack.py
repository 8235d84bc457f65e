"""Haystack: DocumentSplitter with its defaults, InMemoryDocumentStore, embedding retriever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from haystack import Document
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from evals.metrics.observation import Place
from evals.peers.port import Chunks, vectors
from rag.domain.ports import Embedder


class HaystackPeer:
    """Implements the Peer port."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._chunks = Chunks()

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        splitter = DocumentSplitter()
        splitter.warm_up()
        pieces = splitter.run([Document(content=t, meta={"document": id}) for id, t in texts.items()])[
            "documents"
        ]
        stored = [
            Document(content=piece.content, embedding=vector, meta={"key": self._keep(piece)})
            for piece, vector in zip(
                pieces, vectors(self._embedder, [p.content for p in pieces]), strict=True
            )
        ]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(stored)
        self._retriever = InMemoryEmbeddingRetriever(store)

    def _keep(self, piece: Document) -> str:
        start = piece.meta["split_idx_start"]
        return self._chunks.add(piece.meta["document"], start, start + len(piece.content))

    def search(self, question: str, limit: int) -> Sequence[Place]:
        vector = self._embedder.embed_query(question).tolist()
        found = self._retriever.run(query_embedding=vector, top_k=limit)["documents"]
        return [self._chunks.place(one.meta["key"]) for one in found]
