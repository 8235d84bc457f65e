"""The serving generation of the index, opened: what a search reads, and the library of its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from rag.domain.documents import Document
from rag.domain.passages import WHOLES, Enrichment, Origin, Passage, PassageKind
from rag.retrieval import precedents
from rag.retrieval.coverage import CoverageMeter
from rag.retrieval.dense import VectorStore
from rag.retrieval.fusion import Leg
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.glossary import Glossary
from rag.retrieval.lexical import LexicalIndex
from rag.retrieval.sentence_vectors import SentenceVectorIndex
from rag.retrieval.storage import Store
from rag.retrieval.token_vectors import TokenVectorIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A representation as the store knows it."""

    passage: int
    origin: Origin
    language: str
    text: str


class OpenGeneration:
    """One generation, opened: everything a search needs."""

    def __init__(self, folder: Path, manifest: Manifest, glossary: Glossary, chroma_url: str) -> None:
        self.folder = folder
        self.manifest = manifest
        self.store = Store(folder / "store.sqlite")
        self.lexical = LexicalIndex(folder / "tantivy", glossary)
        self.coverage = CoverageMeter(self.lexical, self.store.stems)
        self.vectors = VectorStore(chroma_url or folder / "chroma", folder.name)
        self.passages: list[tuple[Passage, Enrichment]] = list(self.store.passages())
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.sentences = SentenceVectorIndex(folder)
        self.tokens = TokenVectorIndex(folder)
        self.precedents = precedents.load(folder, manifest.embedder)
        self.known_answers = precedents.KnownAnswers([e for _, e in self.passages], self.precedents.keys)
        self.languages: list[set[str]] = [set() for _ in self.passages]
        self.asked: list[set[str]] = [set() for _ in self.passages]
        for key, number, origin, language, text, sentence in self.store.representations():
            kind = Origin(origin)
            self.rows[key].append(Row(number, kind, language, text))
            if sentence is not None:
                self.sentences.place(number, sentence, key)
            elif kind is not Origin.HEADER:
                self.tokens.place(number, key, own=kind is Origin.OWN_WORDS)
            if kind in (Origin.OWN_WORDS, Origin.TRANSLATION):
                self.languages[number].add(language)
            elif kind is Origin.QUESTION:
                self.asked[number].add(language)
        self.wholes = frozenset(n for n, (p, _) in enumerate(self.passages) if p.kind in WHOLES)
        self.askable = frozenset(
            n for n in self.wholes if self.passages[n][0].kind is PassageKind.LIST or self.asked[n]
        )
        self.available = lru_cache(maxsize=128)(self._available)
        self.document = lru_cache(maxsize=512)(self.store.document)
        self.document_ids = self.store.document_ids()
        self.by_document: dict[str, list[Passage]] = defaultdict(list)
        for passage, _ in self.passages:
            self.by_document[passage.document].append(passage)
        self.by_id = {p.id: (p, e) for p, e in self.passages}

    def _available(self, leg: Leg, language: str) -> frozenset[int]:
        """The passages that the leg could have scored for a question in that language at all."""
        return frozenset(n for n in range(len(self.passages)) if self._can_score(leg, n, language))

    def _can_score(self, leg: Leg, number: int, language: str) -> bool:
        if leg is Leg.WORDS or leg is Leg.GRAMS:
            return language in self.languages[number]
        if leg is Leg.QUESTION_WORDS:
            return language in self.asked[number]
        if leg is Leg.DENSE_QUESTION:
            return bool(self.asked[number])
        if leg is Leg.LATE_KNOWN:
            return bool(self.asked[number]) or len(self.languages[number]) > 1
        return leg is not Leg.HEADER_WORDS


class ServingIndex:
    """The serving generation, reopened when another one takes its place."""

    def __init__(self, generations: Generations, glossary: Glossary, chroma_url: str = "") -> None:
        self._generations = generations
        self._glossary = glossary
        self._chroma_url = chroma_url
        self._lock = Lock()
        self._open: OpenGeneration | None = None

    def current(self) -> OpenGeneration:
        """Raises IndexMissing or IndexFailure."""
        folder = self._generations.current()
        opened = self._open
        if opened is not None and opened.folder == folder:
            return opened
        with self._lock:
            if self._open is None or self._open.folder != folder:
                manifest = self._generations.manifest()
                assert manifest is not None
                self._open = OpenGeneration(folder, manifest, self._glossary, self._chroma_url)
            return self._open

    def document(self, document_id: str) -> Document:
        document: Document = self.current().document(document_id)
        return document

    def documents(self) -> Sequence[Document]:
        return [self.document(one) for one in self.current().document_ids]

    def passages(self, document_id: str) -> Sequence[Passage]:
        return tuple(self.current().by_document.get(document_id, ()))

    def enriched(self, passage_id: str) -> tuple[Passage, Enrichment] | None:
        """A passage and what is known of it, by its id."""
        return self.current().by_id.get(passage_id)

    def questions(self) -> list[str]:
        """Every question that a passage is known to answer, in reading order."""
        return [question for _, e in self.current().passages for _, question in e.questions]
