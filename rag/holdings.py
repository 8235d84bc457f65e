"""What the service answers from, as the settings name it: documents, their enrichment, known questions.

Reads them and says what an index of them is made of; which models and stores serve them is not known here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

from rag.domain.documents import Document
from rag.domain.passages import Enrichment, Passage
from rag.domain.ports import Embedder
from rag.drafting.shelf import Shelf
from rag.ingestion.catalogue import Entry, load_catalogue
from rag.ingestion.enrichment import Placed, read_entries, read_file, sort_fresh
from rag.ingestion.library import DocumentLibrary
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from rag.ingestion.precedents import Precedent, read_precedents
from rag.ingestion.sources import SourceText, sources
from rag.retrieval.glossary import Glossary, load_glossary
from rag.retrieval.indexing import IndexText, fingerprint_of
from rag.retrieval.precedents import METRIC_FILE
from rag.settings import PROJECT, Settings

CODE_THAT_SHAPES_AN_INDEX = ("domain", "ingestion", "retrieval")
"""Packages whose source is part of an index's fingerprint: an upgrade that reads texts otherwise
builds a new index by itself."""


def open_library(settings: Settings, *, with_default_corpus: bool = True) -> DocumentLibrary:
    """The data folder's library; `with_default_corpus` counts only when it is made now."""
    return DocumentLibrary.open(settings.data_dir, with_default_corpus=with_default_corpus)


def catalogue(settings: Settings) -> tuple[Entry, ...]:
    return load_catalogue(settings.corpus_dir / "catalogue.toml")


def list_sources(settings: Settings) -> Iterator[SourceText]:
    """What the index is built from."""
    return sources(open_library(settings), catalogue(settings))


def text_library(settings: Settings) -> Shelf:
    """The library's texts without an index, for checking quotations."""
    return Shelf(
        {source.id: lru_cache(maxsize=1)(partial(parsed, source)) for source in list_sources(settings)}
    )


def parsed(source: SourceText) -> Document:
    return parse(
        source.text,
        id=source.id,
        language=source.language,
        description=source.description,
        sha256=source.sha256,
    )


def index_text(
    source: SourceText,
    entries: Mapping[str, Sequence[Placed]],
    answered: Mapping[str, Enrichment],
) -> IndexText:
    """A text parsed and cut into passages, with the enrichment that still fits them.

    `answered`, by passage, are further questions that it answers.
    """
    document = parsed(source)
    cut = passages(document)
    fresh, _ = sort_fresh(cut, entries.get(document.id, ()))
    enriched = (fresh.get(p.id, Enrichment()).asked_also(answered.get(p.id, Enrichment())) for p in cut)
    return IndexText(document, cut, tuple(enriched))


def all_passages(settings: Settings) -> tuple[list[Passage], dict[str, str]]:
    """Every passage of the library, and the titles of the documents by id."""
    every: list[Passage] = []
    titles: dict[str, str] = {}
    for source in list_sources(settings):
        document = parsed(source)
        titles[document.id] = document.description.title(document.language) or document.id
        every += passages(document)
    return every, titles


def glossary_of(settings: Settings) -> Glossary:
    return load_glossary(settings.corpus_dir / "glossary.toml")


def precedents(settings: Settings) -> list[Precedent]:
    return read_precedents(precedents_file(settings))


def precedents_file(settings: Settings) -> Path:
    """Questions that the built-in texts are known to answer, or not to answer."""
    return settings.corpus_dir / "precedents.jsonl"


def enrichment_folders(settings: Settings) -> tuple[Path, Path]:
    """The built-in enrichment, and the operator's."""
    return settings.corpus_dir / "enrichment", settings.data_dir / "enrichment"


def enrichment_entries(settings: Settings) -> dict[str, list[Placed]]:
    """Entries by the document they are about; a last line that a crash cut off is passed over."""
    built_in, own = enrichment_folders(settings)
    found = [*read_entries(built_in), *read_own_entries(own)]
    by_document: dict[str, list[Placed]] = defaultdict(list)
    for one in found:
        by_document[one.entry.passage.rsplit("#", 1)[0]].append(one)
    return by_document


def read_own_entries(folder: Path) -> Iterator[Placed]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from read_file(file, forgive_last=True)


def index_fingerprint(settings: Settings, found: Sequence[SourceText], embedder: Embedder) -> str:
    """Names everything an index is made of: texts, descriptions, enrichment, model and code."""
    parts = [embedder.fingerprint, _code_hash()]
    parts += [f"{s.id}|{s.sha256}|{s.language}|{s.description}" for s in found]
    for folder in enrichment_folders(settings):
        parts += [hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.jsonl"))]
    shaping = (precedents_file(settings), METRIC_FILE)
    parts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in shaping if path.exists()]
    return fingerprint_of(parts)


@lru_cache(maxsize=1)
def _code_hash() -> str:
    files = (p for name in CODE_THAT_SHAPES_AN_INDEX for p in (PROJECT / "rag" / name).rglob("*.py"))
    return fingerprint_of(p.read_text(encoding="utf-8") for p in sorted(files))
