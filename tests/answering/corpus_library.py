"""The five texts as a library, without an index: parsed, cut into passages, with what was written about each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.assembly import catalogue, enrichment_entries, index_text
from rag.domain.documents import Document
from rag.domain.passages import Enrichment, Passage
from rag.domain.retrieval import Hit
from rag.ingestion.sources import SourceText
from rag.retrieval.indexing import IndexText
from rag.settings import PROJECT, Settings


class CorpusLibrary:
    """Implements the EnrichedLibrary port."""

    def __init__(self) -> None:
        settings = Settings(_env_file=None, data_dir=PROJECT / "no-such-folder")
        known = enrichment_entries(settings)
        self._texts: dict[str, IndexText] = {}
        for e in catalogue(settings):
            source = SourceText(e.id, e.read(), e.language, e.description, e.sha256)
            self._texts[e.id] = index_text(source, known, {})
        self._known = {
            p.id: (p, e)
            for text in self._texts.values()
            for p, e in zip(text.passages, text.enrichments, strict=True)
        }

    def document(self, document_id: str) -> Document:
        return self._texts[document_id].document

    def documents(self) -> Sequence[Document]:
        return [text.document for text in self._texts.values()]

    def passages(self, document_id: str) -> Sequence[Passage]:
        return self._texts[document_id].passages

    def enriched(self, passage_id: str) -> tuple[Passage, Enrichment] | None:
        return self._known.get(passage_id)

    def hits(self) -> list[Hit]:
        """Every passage of the corpus as if it alone had been found."""
        return [Hit(p, e, 1.0) for p, e in self._known.values()]

    def labelled(self, label: str, score: float = 1.0) -> Hit:
        """The hit of the passage with that label."""
        [(passage, enrichment)] = [pair for pair in self._known.values() if pair[0].label == label]
        return Hit(passage, enrichment, score)


@lru_cache(maxsize=1)
def corpus_library() -> CorpusLibrary:
    return CorpusLibrary()
