"""The searches that are compared, all over the product's own passages.

BM25 and the cosines read a passage's context and words, as a reader would be shown them; what else
the fused search reads (headings, character n-grams, single words' vectors) is part of what is measured.
Its strongest part, late interaction, is shown beside it: alone it orders what all parts found together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from evals.foreign.collection import Collection
from evals.metrics.observation import Place
from evals.peers.bm25 import WordIndex
from evals.peers.port import vectors
from rag.answering.confidence.logistic import LogisticConfidence
from rag.assembly import (
    build_retriever,
    ensure_index,
    language_identifier,
    list_sources,
    open_library,
    serving_index,
)
from rag.domain.passages import Passage
from rag.domain.ports import Embedder
from rag.domain.retrieval import Query
from rag.ingestion.intake import Intake
from rag.retrieval.fusion import Leg
from rag.retrieval.searching import HybridRetriever
from rag.settings import Settings

BM25, MINILM, EXTENDED, LATE, FUSED = "BM25", "plain MiniLM", "our MiniLM", "late interaction", "fused"


class Search(Protocol):
    """The best places for a question, best first."""

    def __call__(self, question: str, limit: int) -> Sequence[Place]: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """A collection's text as the product read it, and the searches over it by name."""

    text: str
    language: str
    passages: int
    searches: Mapping[str, Search]
    answers: Callable[[str], bool]
    """Whether the product would answer a question from what it finds, rather than decline."""


@contextmanager
def opened(
    collection: Collection, settings: Settings, plain: Embedder, extended: Embedder
) -> Iterator[Compared]:
    """The collection alone in a library of its own, taken in as an operator's document is: no enrichment."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        own = settings.model_copy(update={"data_dir": folder / "data", "chroma_url": ""})
        Intake(open_library(own, with_default_corpus=False), language_identifier()).take([collection.text])
        ensure_index(own, embedder=extended)
        index = serving_index(own)
        (source,) = list_sources(own)
        passages = index.passages(source.id)
        (folder / "words").mkdir()
        retriever = build_retriever(own, index, extended)
        searches = {
            BM25: by_words(passages, folder / "words"),
            MINILM: by_cosine(passages, plain),
            EXTENDED: by_cosine(passages, extended),
            LATE: by_late_interaction(passages, retriever, extended),
            FUSED: by_all(retriever),
        }
        yield Compared(
            source.text, source.language, len(passages), searches, by_confidence(retriever, own.hits)
        )


def place_of(passage: Passage) -> Place:
    return Place(passage.document, (*passage.context, *passage.spans))


def by_words(passages: Sequence[Passage], folder: Path) -> Search:
    """BM25, the library and settings of the peer of that name."""
    index = WordIndex(folder, [(str(n), passage.full_text) for n, passage in enumerate(passages)])
    return lambda question, limit: [place_of(passages[int(key)]) for key in index.search(question, limit)]


def by_cosine(passages: Sequence[Passage], embedder: Embedder) -> Search:
    """One vector a passage, one for the question."""
    matrix = np.array(vectors(embedder, [passage.full_text for passage in passages]), np.float32)

    def search(question: str, limit: int) -> Sequence[Place]:
        order = np.argsort(-(matrix @ embedder.embed_query(question)), kind="stable")[:limit]
        return [place_of(passages[int(n)]) for n in order]

    return search


def by_late_interaction(
    passages: Sequence[Passage], retriever: HybridRetriever, embedder: Embedder
) -> Search:
    """Word by word, among the passages that all parts of the fused search together found best."""

    def search(question: str, limit: int) -> Sequence[Place]:
        legs, _ = retriever.leg_scores(asked(question), embedder.read_query(question))
        scores = legs[Leg.LATE_INTERACTION]
        return [place_of(passages[n]) for n in sorted(scores, key=lambda n: -scores[n])[:limit]]

    return search


def by_all(retriever: HybridRetriever) -> Search:
    """The product's search, its weights as shipped."""
    return lambda question, limit: [place_of(hit.passage) for hit in retriever.search(asked(question), limit)]


def by_confidence(retriever: HybridRetriever, hits: int) -> Callable[[str], bool]:
    """As the product decides, thresholds as shipped."""
    model = LogisticConfidence.load()

    def answers(question: str) -> bool:
        query = asked(question)
        return model.confidence(query, retriever.search(query, hits)) >= model.threshold

    return answers


def asked(question: str) -> Query:
    """The question as the product takes it: its language is identified."""
    return Query(question, language_identifier().identify(question))
