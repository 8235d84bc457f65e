"""BM25 by tantivy, plain words in lower case, over LangChain's pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import tantivy
from langchain_text_splitters import RecursiveCharacterTextSplitter

from evals.metrics.observation import Place
from evals.peers.port import CHUNK, OVERLAP, Chunks
from rag.domain.ports import Embedder

_WORD = re.compile(r"\w+")


class Bm25Peer:
    """Implements the Peer port; the embedder goes unused."""

    def __init__(self, embedder: Embedder) -> None:
        self._chunks = Chunks()

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        builder.add_text_field("words", tokenizer_name="default")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
        )
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for piece in splitter.create_documents(list(texts.values()), [{"document": id} for id in texts]):
            start = piece.metadata["start_index"]
            key = self._chunks.add(piece.metadata["document"], start, start + len(piece.page_content))
            writer.add_document(tantivy.Document(key=key, words=piece.page_content))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, question: str, limit: int) -> Sequence[Place]:
        words = " ".join(_WORD.findall(question))
        searcher = self._index.searcher()
        found = searcher.search(self._index.parse_query(words, ["words"]), limit).hits if words else []
        return [self._chunks.place(searcher.doc(address)["key"][0]) for _, address in found]
