"""What has been written about passages: translations and the questions they answer, one JSON line per passage.

The files are made by hand (corpus/enrichment/) or by `python -m rag enrich` (the data folder's enrichment/).
This room reads them and tells fresh entries from stale ones; enrichment_check.py judges what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from rag.domain.errors import EnrichmentError
from rag.domain.passages import Enrichment, Passage, Translation

LANGUAGES = ("en", "nl", "da")
BY_HAND = "hand"
HASH_DIGITS = 12

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel):
    """One line of an enrichment file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: Words
    hash: Annotated[str, StringConstraints(pattern=rf"^[0-9a-f]{{{HASH_DIGITS}}}$")]
    label: str = ""
    translations: dict[str, Words] = {}
    context_translations: dict[str, Words] = {}
    questions: dict[str, tuple[Words, ...]] = {}
    told_in: dict[str, tuple[tuple[PositiveInt, ...], ...]] = {}
    """By language and question, as they stand in `questions`: which sentences of the passage answer, from 1."""
    by: Words = BY_HAND

    def enrichment(self) -> Enrichment:
        return Enrichment(
            tuple(
                Translation(language, text, context=self.context_translations.get(language, ""))
                for language, text in self.translations.items()
            ),
            tuple((language, question) for language, asked in self.questions.items() for question in asked),
            tuple(
                (question, tuple(number - 1 for number in numbers))
                for language, places in self.told_in.items()
                for question, numbers in zip(self.questions[language], places, strict=True)
                if numbers
            ),
        )

    @model_validator(mode="after")
    def _told_of_each(self) -> Entry:
        for language, places in self.told_in.items():
            if len(places) != len(self.questions.get(language, ())):
                raise ValueError(f'"told_in" must say of each question in "{language}" where it is answered')
        return self


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and where it stands."""

    entry: Entry
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that no longer fits a passage, and why."""

    placed: Placed
    reason: str


def passage_hash(passage: Passage) -> str:
    """Changes when a word of the passage or its context does."""
    return hashlib.sha256(passage.full_text.encode()).hexdigest()[:HASH_DIGITS]


def read_entries(folder: Path, *, forgive_last: bool = False) -> tuple[Placed, ...]:
    """Every entry of the folder's .jsonl files, by file name and line. Raises EnrichmentError; no folder is no entries.

    `forgive_last`: see `read_file`; for folders that `python -m rag enrich` writes.
    """
    files = sorted(folder.glob("*.jsonl"))
    return tuple(placed for file in files for placed in read_file(file, forgive_last=forgive_last))


def read_file(file: Path, *, forgive_last: bool = False) -> Iterator[Placed]:
    """The entries of one file.

    `forgive_last`: a last line cut off by a crash is passed over, as its writer rewrites it.
    """
    lines = _decoded(file).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Placed(Entry.model_validate_json(line), file, number)
        except ValidationError as error:
            if forgive_last and number == len(lines):
                return
            raise EnrichmentError(
                f"{file}, line {number}: {_first(error)}. Repair or delete the line."
            ) from error


def load_enrichment(folder: Path) -> Mapping[str, Enrichment]:
    """Passage id to what was written about it, fresh or not; `sort_fresh` tells which is."""
    return {placed.entry.passage: placed.entry.enrichment() for placed in read_entries(folder)}


def sort_fresh(
    passages: Iterable[Passage], entries: Sequence[Placed]
) -> tuple[Mapping[str, Enrichment], tuple[Stale, ...]]:
    """The enrichment that fits the passages as they now read, and the entries that do not.

    A passage whose place in the text moved keeps its id and hash, and so its entry. Of two fresh entries for one
    passage the one made by hand counts, else the later.
    """
    hashes = {passage.id: passage_hash(passage) for passage in passages}
    fresh: dict[str, Placed] = {}
    stale: list[Stale] = []
    for placed in entries:
        known = hashes.get(placed.entry.passage)
        if known is None:
            stale.append(Stale(placed, f"no passage has the id {placed.entry.passage}"))
        elif known != placed.entry.hash:
            stale.append(
                Stale(placed, f"the passage now reads otherwise (hash {known}, not {placed.entry.hash})")
            )
        elif not _outranked(placed, fresh.get(placed.entry.passage)):
            fresh[placed.entry.passage] = placed
    return {name: placed.entry.enrichment() for name, placed in fresh.items()}, tuple(stale)


def _outranked(placed: Placed, earlier: Placed | None) -> bool:
    return earlier is not None and earlier.entry.by == BY_HAND and placed.entry.by != BY_HAND


def _decoded(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EnrichmentError(f"{file} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise EnrichmentError(
            f"{file} cannot be read: {error.strerror}. Check that it is there and readable."
        ) from error


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in detail["loc"])
    return f'field "{field}": {detail["msg"]}' if field else detail["msg"]
