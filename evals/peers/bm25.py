"""BM25 by tantivy, plain words in lower case, over LangChain's pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from evals.metrics.observation import Place
from evals.peers.port import CHUNK, OVERLAP, Chunks
from rag.domain.ports import Embedder

_WORD = re.compile(r"\w+")


class WordIndex:
    """Texts by key in an empty folder, found by BM25 over their words in lower case, no stems."""

    def __init__(self, folder: Path, texts: Iterable[tuple[str, str]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        builder.add_text_field("words", tokenizer_name="default")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for key, text in texts:
            writer.add_document(tantivy.Document(key=key, words=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, question: str, limit: int) -> list[str]:
        """Keys, best first."""
        words = " ".join(_WORD.findall(question))
        if not words:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._index.parse_query(words, ["words"]), limit).hits
        return [searcher.doc(address)["key"][0] for _, address in found]


class Bm25Peer:
    """Implements the Peer port; the embedder goes unused."""

    def __init__(self, embedder: Embedder) -> None:
        self._chunks = Chunks()

    def index(self, texts: Mapping[str, str], folder: Path) -> None:
        self._index = WordIndex(folder, self._pieces(texts))

    def _pieces(self, texts: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
        )
        for piece in splitter.create_documents(list(texts.values()), [{"document": id} for id in texts]):
            start = piece.metadata["start_index"]
            end = start + len(piece.page_content)
            yield self._chunks.add(piece.metadata["document"], start, end), piece.page_content

    def search(self, question: str, limit: int) -> Sequence[Place]:
        return [self._chunks.place(key) for key in self._index.search(question, limit)]
