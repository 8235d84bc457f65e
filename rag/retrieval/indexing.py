"""Builds a generation: store, lexical index and vectors, embedding only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.documents import Document
from rag.domain.passages import Enrichment, Passage, Representation
from rag.domain.ports import Embedder
from rag.retrieval.dense import COLLECTIONS, NAMES, VectorStore, text_key
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.lexical import build_lexical
from rag.retrieval.representations import representations
from rag.retrieval.sentence_vectors import SentenceVectors
from rag.retrieval.storage import Store

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
    chroma_url: str = "",
    progress: Progress = no_progress,
) -> Manifest:
    """Build a new generation beside the serving one and switch to it.

    `fingerprint` names everything the generation is made of. Raises IndexFailure; the serving
    generation is untouched by any failure.
    """
    with generations.building() as folder:
        store = Store(folder / "store.sqlite")
        store.create()
        rows, documents = _store_texts(store, texts, embedder, progress)
        progress("words", 0, 1)
        (folder / "tantivy").mkdir()
        build_lexical(folder / "tantivy", rows)
        progress("words", 1, 1)
        vectors = VectorStore(chroma_url or folder / "chroma", folder.name)
        _store_vectors(
            folder,
            vectors,
            _previous_vectors(generations, embedder, chroma_url),
            rows,
            embedder,
            progress,
        )
        manifest = Manifest(
            fingerprint=fingerprint,
            embedder=embedder.fingerprint,
            dimension=embedder.dimension,
            documents=documents,
            passages=len(rows),
            representations=sum(len(r) for r in rows),
        )
        generations.switch_to(folder, manifest)
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
        store.add_representations(
            (text_key(r.text), first + offset, r.origin.value, r.language, r.text, r.sentence)
            for offset, passage_rows in enumerate(rows)
            for r in passage_rows
        )
        all_rows.extend(rows)
        progress("texts", documents, 0)
    return all_rows, documents


def _previous_vectors(generations: Generations, embedder: Embedder, chroma_url: str) -> VectorStore | None:
    manifest = generations.manifest()
    if manifest is None or manifest.embedder != embedder.fingerprint:
        return None
    folder = generations.current()
    return VectorStore(chroma_url or folder / "chroma", folder.name)


def _store_vectors(
    folder: Path,
    vectors: VectorStore,
    previous: VectorStore | None,
    rows: Sequence[Sequence[Representation]],
    embedder: Embedder,
    progress: Progress,
) -> None:
    wanted: dict[str, dict[str, str]] = {name: {} for name in NAMES}
    sentences = SentenceVectors()
    for passage_rows in rows:
        for row in passage_rows:
            key = text_key(row.text)
            wanted[COLLECTIONS[row.origin]][key] = row.text
            if row.sentence is not None:
                sentences.want(key)
    total, done = sum(len(texts) for texts in wanted.values()), 0

    def add(name: str, keys: Sequence[str], found: Matrix) -> None:
        vectors.add(name, keys, found)
        sentences.add(keys, found)

    for name, texts in wanted.items():
        if previous is not None:
            known = list(previous.fetch(name, list(texts)))
            if known:
                add(name, [k for k, _ in known], np.stack([v for _, v in known]))
                done += len(known)
                for key, _ in known:
                    del texts[key]
        # Texts of like length together: batches are padded to their longest.
        keys = sorted(texts, key=lambda key: len(texts[key]))
        for start in range(0, len(keys), _EMBED_BATCH):
            batch = keys[start : start + _EMBED_BATCH]
            add(name, batch, embedder.embed_passages([texts[k] for k in batch]))
            done += len(batch)
            progress("vectors", done, total)
    sentences.save(folder)
