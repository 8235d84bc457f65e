"""Builds a generation: store, lexical index and vectors, embedding only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.documents import Document
from rag.domain.errors import IndexFailure
from rag.domain.passages import Enrichment, Origin, Passage, Representation
from rag.domain.ports import Embedder
from rag.retrieval import precedents
from rag.retrieval.coverage import stems_held
from rag.retrieval.dense import COLLECTIONS, NAMES, VectorStore, text_key
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.lexical import build_lexical
from rag.retrieval.precedents import Precedents
from rag.retrieval.representations import representations
from rag.retrieval.sentence_vectors import SentenceVectors
from rag.retrieval.storage import Store
from rag.retrieval.token_vectors import TokenVectorIndex, TokenVectors

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

Progress = Callable[[str, int, int], None]
"""Called with the stage, what is done and what there is in all."""
_EMBED_BATCH = 256


@dataclass(frozen=True, slots=True)
class IndexText:
    """A text to be indexed: its document, its passages, what is known of each."""

    document: Document
    passages: tuple[Passage, ...]
    enrichments: tuple[Enrichment, ...]


def no_progress(stage: str, done: int, total: int) -> None:
    """Reports to nobody."""


def build_index(
    generations: Generations,
    texts: Iterable[IndexText],
    embedder: Embedder,
    fingerprint: str,
    *,
    unanswered: Sequence[str] = (),
    chroma_url: str = "",
    progress: Progress = no_progress,
) -> Manifest:
    """Build a new generation beside the serving one and switch to it.

    `fingerprint` names everything the generation is made of; `unanswered` are questions that
    come near the texts and that they are known not to answer. Raises IndexFailure; the serving
    generation is untouched by any failure.
    """
    before = {path.name for path in generations.folder.glob("g-*")}
    with generations.building() as folder:
        store = Store(folder / "store.sqlite")
        store.create()
        rows, documents = _store_texts(store, texts, embedder, progress)
        progress("words", 0, 1)
        (folder / "tantivy").mkdir()
        build_lexical(folder / "tantivy", rows)
        progress("words", 1, 1)
        vectors = VectorStore(chroma_url or folder / "chroma", folder.name)
        earlier = _earlier(generations, embedder, chroma_url)
        _store_vectors(folder, vectors, earlier, rows, embedder, progress)
        _learn_precedents(folder, earlier, rows, unanswered, embedder, progress)
        manifest = Manifest(
            fingerprint=fingerprint,
            embedder=embedder.fingerprint,
            dimension=embedder.dimension,
            documents=documents,
            passages=len(rows),
            representations=sum(len(r) for r in rows),
        )
        generations.switch_to(folder, manifest)
    if chroma_url:  # on disk the vectors lie in the folder, and go with it
        for name in before - {path.name for path in generations.folder.glob("g-*")}:
            VectorStore(chroma_url, name).drop()
    return manifest


def fingerprint_of(parts: Iterable[str]) -> str:
    """A short hash of what an index is made of."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def _store_texts(
    store: Store, texts: Iterable[IndexText], embedder: Embedder, progress: Progress
) -> tuple[list[list[Representation]], int]:
    all_rows: list[list[Representation]] = []
    documents = 0
    for documents, text in enumerate(texts, start=1):
        document = text.document
        title = document.description.title(document.language) or document.id
        pairs = list(zip(text.passages, text.enrichments, strict=True))
        rows = [list(representations(p, e, title, embedder, embedder.max_tokens)) for p, e in pairs]
        first = len(all_rows)
        store.add_document(documents, document)
        store.add_passages(first, pairs)
        store.add_stems((p.id, stems_held(p, e, document.description)) for p, e in pairs)
        store.add_representations(
            (text_key(r.text), first + offset, r.origin.value, r.language, r.text, r.sentence)
            for offset, passage_rows in enumerate(rows)
            for r in passage_rows
        )
        all_rows.extend(rows)
        progress("texts", documents, 0)
    return all_rows, documents


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What the serving generation has embedded already with the same model."""

    vectors: VectorStore
    tokens: TokenVectorIndex
    precedents: Precedents


def _earlier(generations: Generations, embedder: Embedder, chroma_url: str) -> _Earlier | None:
    manifest = generations.manifest()
    if manifest is None or manifest.embedder != embedder.fingerprint:
        return None
    folder = generations.current()
    try:
        return _Earlier(
            VectorStore(chroma_url or folder / "chroma", folder.name),
            TokenVectorIndex(folder),
            precedents.load(folder, embedder.fingerprint),
        )
    except IndexFailure:
        return None  # a damaged index is no reason not to build a sound one


class _Embedding:
    """Embeds what is new, takes over what is not, and files both."""

    def __init__(
        self, folder: Path, vectors: VectorStore, embedder: Embedder, progress: Progress, total: int
    ) -> None:
        self._folder = folder
        self._vectors = vectors
        self._embedder = embedder
        self._progress = progress
        self._total = total
        self._done = 0
        self.sentences = SentenceVectors()
        self.tokens = TokenVectors()

    def take_over(self, earlier: _Earlier, name: str, texts: dict[str, str], late: Set[str]) -> None:
        """File what the earlier generation has, and strike it from `texts`."""
        try:
            stored = list(earlier.vectors.fetch(name, list(texts)))
        except IndexFailure:
            return  # a damaged index is no reason not to build a sound one
        lacking = (late & texts.keys()) - self.tokens.take_over(earlier.tokens, sorted(late & texts.keys()))
        known = [(k, v) for k, v in stored if k not in lacking]
        if known:
            self._file(name, [k for k, _ in known], np.stack([v for _, v in known]))
            for key, _ in known:
                del texts[key]

    def embed(self, name: str, texts: dict[str, str], late: Set[str]) -> None:
        """Embed the texts, those of like length together: batches are padded to their longest."""
        keys = sorted(texts, key=lambda key: (key in late, len(texts[key])))
        split = sum(key not in late for key in keys)
        for start, end in _batches(0, split):
            batch = keys[start:end]
            self._file(name, batch, self._embedder.embed_passages([texts[k] for k in batch]))
        for start, end in _batches(split, len(keys)):
            batch = keys[start:end]
            found, tokens = self._embedder.embed_with_tokens([texts[k] for k in batch])
            self.tokens.add(batch, tokens)
            self._file(name, batch, found)

    def _file(self, name: str, keys: Sequence[str], found: Matrix) -> None:
        self._vectors.add(name, keys, found)
        self.sentences.add(keys, found)
        self._done += len(keys)
        self._progress("vectors", self._done, self._total)

    def save(self, late: Iterable[str]) -> None:
        self.sentences.save(self._folder)
        self.tokens.save(self._folder, late)


def _batches(start: int, end: int) -> Iterable[tuple[int, int]]:
    return ((at, min(at + _EMBED_BATCH, end)) for at in range(start, end, _EMBED_BATCH))


def _store_vectors(
    folder: Path,
    vectors: VectorStore,
    earlier: _Earlier | None,
    rows: Sequence[Sequence[Representation]],
    embedder: Embedder,
    progress: Progress,
) -> None:
    wanted: dict[str, dict[str, str]] = {name: {} for name in NAMES}
    late: dict[str, None] = {}  # in the order of the passages
    sentences: set[str] = set()
    for row in (r for passage_rows in rows for r in passage_rows):
        key = text_key(row.text)
        wanted[COLLECTIONS[row.origin]][key] = row.text
        if row.sentence is not None:
            sentences.add(key)
        elif row.origin is not Origin.HEADER:
            late[key] = None
    embedding = _Embedding(folder, vectors, embedder, progress, sum(len(t) for t in wanted.values()))
    embedding.sentences.want(sentences)
    for name, texts in wanted.items():
        if earlier is not None:
            embedding.take_over(earlier, name, texts, late.keys())
        embedding.embed(name, texts, late.keys())
    embedding.save(late)


def _learn_precedents(
    folder: Path,
    earlier: _Earlier | None,
    rows: Sequence[Sequence[Representation]],
    unanswered: Sequence[str],
    embedder: Embedder,
    progress: Progress,
) -> None:
    """From the questions that passages answer, and those that none does."""
    written = (r.text for passage_rows in rows for r in passage_rows if r.origin is Origin.QUESTION)
    precedents.learn(
        embedder,
        written,
        unanswered,
        earlier=earlier.precedents if earlier else precedents.NOTHING,
        progress=lambda done: progress("questions", done, 0) if unanswered else None,
    ).save(folder)
