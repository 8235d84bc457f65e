"""Builds one generation more than are kept on a Chroma server, searches, and prints what it found and what
collections there are. Run by `test_chroma_server`."""

from __future__ import annotations

import sys
from pathlib import Path

import chromadb

from rag.domain.retrieval import Query
from rag.retrieval.generations import KEPT, Generations
from rag.retrieval.indexing import build_index
from rag.retrieval.searching import HybridRetriever
from rag.retrieval.serving import ServingIndex
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.small_texts import GLOSSARY, WEIGHTS, three_texts

if __name__ == "__main__":
    url, folder = sys.argv[1], Path(sys.argv[2])
    generations, embedder = Generations(folder), FakeEmbedder()
    for number in range(KEPT + 1):
        build_index(generations, three_texts(), embedder, str(number), chroma_url=url)
    retriever = HybridRetriever(ServingIndex(generations, GLOSSARY, url), embedder, WEIGHTS)
    print(retriever.search(Query("Who inspects bridges?", "en"), 1)[0].passage.document)
    client = chromadb.HttpClient(host="127.0.0.1", port=int(url.rsplit(":", 1)[1]))
    print(*(collection.name for collection in client.list_collections()))
