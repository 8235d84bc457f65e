"""LlamaIndex: SentenceSplitter and VectorStoreIndex with their defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from pydantic import PrivateAttr

from evals.metrics.observation import Place
from evals.peers.port import Chunks, vectors
from rag.domain.ports import Embedder


class _Embedding(BaseEmbedding):  # type: ignore[misc]  # an optional package, unseen by the type checker
    _embedder: Any = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name="the product's", embed_batch_size=64)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(self._embedder.embed_query(query).tolist())

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return vectors(self._embedder, [text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return vectors(self._embedder, texts)


class LlamaIndexPeer:
    """Implements the Peer port."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedding = _Embedding(embedder)
        self._chunks = Chunks()
        self._keys: dict[str, str] = {}

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        nodes = SentenceSplitter().get_nodes_from_documents(
            [Document(text=t, id_=id) for id, t in texts.items()]
        )
        for node in nodes:
            at = (node.start_char_idx, node.end_char_idx)
            self._keys[node.node_id] = self._chunks.add(node.ref_doc_id, *at)
        self._index = VectorStoreIndex(nodes, embed_model=self._embedding)

    def search(self, question: str, limit: int) -> Sequence[Place]:
        found = self._index.as_retriever(similarity_top_k=limit).retrieve(question)
        return [self._chunks.place(self._keys[one.node.node_id]) for one in found]
