"""The texts an index is built from: the built-in ones, if the data folder wants them, and the operator's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.domain.documents import Description
from rag.ingestion.catalogue import Entry
from rag.ingestion.library import DocumentLibrary, Record

LONGEST_SHORT_TITLE = 60


@dataclass(frozen=True, slots=True)
class SourceText:
    """What the parser needs of a text."""

    id: str
    text: str
    language: str
    description: Description
    sha256: str


def sources(library: DocumentLibrary, catalogue: Sequence[Entry]) -> Iterator[SourceText]:
    """Every text, built-in ones first, read one at a time.

    An operator's document takes the place of a built-in one with its id. Raises CorpusError,
    HashMismatch.
    """
    own = {record.id for record in library.records()}
    if library.with_default_corpus:
        for entry in catalogue:
            if entry.id not in own:
                yield SourceText(entry.id, entry.read(), entry.language, entry.description, entry.sha256)
    for record, text in library.texts():
        yield SourceText(record.id, text, record.language, describe(record), record.sha256)


def describe(record: Record) -> Description:
    """What is known of an operator's document: its title; of its weight in law, nothing."""
    return Description(
        titles=((record.language, record.title),), short_title=shortened(record.title or record.id)
    )


def shortened(title: str) -> str:
    """A title fit for a label, cut between words."""
    words = " ".join(title.split())
    if len(words) <= LONGEST_SHORT_TITLE:
        return words
    return words[:LONGEST_SHORT_TITLE].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"
