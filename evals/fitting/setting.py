"""What every fit starts from: an index, its parts, and the questions of the development split."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.gold import GoldQuestion, Quote, SourceFinder, found_share, load_suites
from rag.assembly import (
    build_embedder,
    build_retriever,
    catalogue,
    ensure_index,
    list_sources,
    serving_index,
)
from rag.domain.ports import Embedder
from rag.retrieval.searching import HybridRetriever
from rag.retrieval.serving import ServingIndex
from rag.settings import Settings

FOUND_SHARE = 0.5
"""A piece of evidence counts as found when this share of its letters is covered."""


@dataclass(frozen=True, slots=True)
class Bench:
    """An opened index and the sources of its texts."""

    index: ServingIndex
    retriever: HybridRetriever
    embedder: Embedder
    sources: dict[str, str]
    finder: SourceFinder


def open_bench(settings: Settings) -> Bench:
    """The settings' index, brought up to date."""
    embedder = build_embedder(settings)
    ensure_index(settings, embedder=embedder)
    index = serving_index(settings)
    sources = {s.id: s.text for s in list_sources(settings)}
    return Bench(index, build_retriever(settings, index, embedder), embedder, sources, SourceFinder(sources))


@contextmanager
def without_enrichment(settings: Settings) -> Iterator[Settings]:
    """The same texts as if just added: a corpus folder that lacks enrichment."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for name in ("catalogue.toml", "glossary.toml", "contacts.toml", "documents"):
            (corpus / name).symlink_to((settings.corpus_dir / name).resolve())
        assert catalogue(settings)
        yield settings.model_copy(update={"corpus_dir": corpus, "data_dir": settings.data_dir / "plain"})


def development_questions() -> list[GoldQuestion]:
    return [q for q in load_suites() if q.split == "development"]


def answerable(questions: list[GoldQuestion]) -> list[GoldQuestion]:
    """Those with evidence that stand on their own."""
    return [q for q in questions if q.kind == "answer" and q.evidence and not q.history]


Covering = dict[int, float]
"""Share of one piece of evidence that a passage covers, by passage number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The evidence of a question in terms of passages."""

    evidence: tuple[Covering, ...]
    also: tuple[Covering, ...]

    def recall(self, found: list[int]) -> float:
        """The share of the evidence that the passages hold; an alternative counts for all."""
        if any(_is_found(one, found) for one in self.also):
            return 1.0
        return sum(_is_found(one, found) for one in self.evidence) / len(self.evidence)


def wanted(bench: Bench, question: GoldQuestion) -> Wanted:
    return Wanted(
        tuple(_covering(bench, q) for q in question.evidence),
        tuple(_covering(bench, q) for q in question.also),
    )


def _covering(bench: Bench, quote: Quote) -> Covering:
    evidence, text = bench.finder.find(quote), bench.sources[quote.document]
    shares = {
        number: found_share(evidence, text, (*passage.context, *passage.spans))
        for number, (passage, _) in enumerate(bench.index.current().passages)
        if passage.document == quote.document
    }
    return {number: share for number, share in shares.items() if share > 0}


def _is_found(covering: Covering, found: list[int]) -> bool:
    return sum(covering.get(number, 0.0) for number in found) >= FOUND_SHARE
