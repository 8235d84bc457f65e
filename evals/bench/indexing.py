"""How fast an index is built, against embedding the same texts and doing nothing else."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.assembly import enrichment_entries, ensure_index, index_text, list_sources, precedents
from rag.domain.ports import Embedder
from rag.ingestion.precedents import answered_by_passage, unanswered_near
from rag.retrieval.representations import representations
from rag.settings import Settings

BATCH = 256
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class IndexingTimes:
    """`ratio` is index build rate over bare embedding rate: 1 would mean that all else is free."""

    passages: int
    texts: int
    embedding_seconds: float
    index_seconds: float

    @property
    def texts_per_second(self) -> float:
        return self.texts / self.index_seconds

    @property
    def embedded_per_second(self) -> float:
        return self.texts / self.embedding_seconds

    @property
    def ratio(self) -> float:
        return self.embedding_seconds / self.index_seconds


def time_indexing(settings: Settings, embedder: Embedder, clock: Clock = time.perf_counter) -> IndexingTimes:
    """Embed every distinct text of the corpus, then build a fresh index of it, in a folder thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fresh = settings.model_copy(update={"data_dir": Path(folder)})
        texts = sorted(set(_texts(fresh, embedder)), key=len)
        embedder.embed_passages(texts[:1])
        start = clock()
        for batch in _batches(texts):
            embedder.embed_passages(batch)
        embedded = clock()
        manifest, _ = ensure_index(fresh, embedder=embedder)
        return IndexingTimes(manifest.passages, len(texts), embedded - start, clock() - embedded)


def _texts(settings: Settings, embedder: Embedder) -> Iterator[str]:
    entries = enrichment_entries(settings)
    known = precedents(settings)
    answered = answered_by_passage(known)
    for source in list_sources(settings):
        text = index_text(source, entries, answered)
        title = text.document.description.title(text.document.language) or text.document.id
        for passage, enrichment in zip(text.passages, text.enrichments, strict=True):
            for one in representations(passage, enrichment, title, embedder, embedder.max_tokens):
                yield one.text
    yield from unanswered_near(known, {source.id for source in list_sources(settings)})


def _batches(texts: list[str]) -> Iterable[list[str]]:
    return (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
