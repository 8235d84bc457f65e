"""LangChain: RecursiveCharacterTextSplitter, Chroma, a sentence embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from evals.metrics.observation import Place
from evals.peers.port import CHUNK, OVERLAP, Chunks, vectors
from rag.domain.ports import Embedder


class _Embeddings(Embeddings):
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return vectors(self._embedder, texts)

    def embed_query(self, text: str) -> list[float]:
        found: list[float] = self._embedder.embed_query(text).tolist()
        return found


class LangChainPeer:
    """Implements the Peer port."""

    def __init__(self, embedder: Embedder) -> None:
        self._embeddings = _Embeddings(embedder)
        self._chunks = Chunks()

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
        )
        pieces = splitter.create_documents(list(texts.values()), [{"document": id} for id in texts])
        for piece in pieces:
            start = piece.metadata["start_index"]
            piece.metadata["key"] = self._chunks.add(
                piece.metadata["document"], start, start + len(piece.page_content)
            )
        self._store = Chroma.from_documents(pieces, self._embeddings, persist_directory=str(folder))

    def search(self, question: str, limit: int) -> Sequence[Place]:
        return [
            self._chunks.place(d.metadata["key"]) for d in self._store.similarity_search(question, k=limit)
        ]
