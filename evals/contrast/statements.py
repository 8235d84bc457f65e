"""The true statements that edits start from: every sentence of the corpus and of its translations."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.domain.passages import Enrichment, Passage
from rag.domain.sentences import split_sentences
from rag.ingestion.catalogue import load_catalogue
from rag.ingestion.enrichment import load_enrichment
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages

RUN = 6
"""Passages that follow one another in a section and stay in one split."""
SHORTEST_WORDS, LONGEST_WORDS = 7, 70


@dataclass(frozen=True, slots=True)
class TrueStatement:
    """A sentence as the text has it, in its own language or in translation."""

    text: str
    language: str
    document: str
    passage: str
    split: str
    evidence: tuple[str, ...]
    """The passage with its context, and the translation where the statement is from one."""
    translated: bool


def true_statements(corpus: Path) -> tuple[TrueStatement, ...]:
    """Every sentence of `SHORTEST_WORDS` to `LONGEST_WORDS`, in reading order. Raises CorpusError."""
    folder = corpus / "enrichment"
    enrichment = load_enrichment(folder) if folder.is_dir() else {}
    return tuple(_all(corpus, enrichment))


def _all(corpus: Path, enrichment: Mapping[str, Enrichment]) -> Iterator[TrueStatement]:
    for entry in load_catalogue(corpus / "catalogue.toml"):
        document = parse(
            entry.read(),
            id=entry.id,
            language=entry.language,
            description=entry.description,
            sha256=entry.sha256,
        )
        for number, passage in enumerate(passages(document)):
            split = split_of(passage, number)
            yield from _sentences(passage, passage.text, passage.language, split, (passage.full_text,))
            for translation in enrichment.get(passage.id, Enrichment()).translations:
                full = f"{translation.context} {translation.text}".strip()
                yield from _sentences(
                    passage, translation.text, translation.language, split, (passage.full_text, full)
                )


def _sentences(
    passage: Passage, text: str, language: str, split: str, evidence: tuple[str, ...]
) -> Iterator[TrueStatement]:
    for start, end in split_sentences(text, language):
        sentence = text[start:end]
        if SHORTEST_WORDS <= len(sentence.split()) <= LONGEST_WORDS:
            yield TrueStatement(
                sentence, language, passage.document, passage.id, split, evidence, len(evidence) > 1
            )


def split_of(passage: Passage, number: int) -> str:
    """Development or test, by section (long ones by runs of passages): no passage is in both."""
    place = "|".join((passage.document, *passage.section, str(number // RUN)))
    return "dev" if zlib.crc32(place.encode()) % 2 else "test"
