"""Takes files, folders and collections into the library: what is new, what is there already, what cannot be read.

One unreadable file never stops the rest: it is an outcome, with its reason.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from rag.domain.errors import CorpusError, UnreadableDocument
from rag.domain.ports import LanguageIdentifier
from rag.ingestion.formats import READABLE, Extracted, extract, read_jsonl
from rag.ingestion.library import EXTRACTION, Arrival, DocumentLibrary, Record

COLLECTIONS = (".jsonl", ".ndjson")
SAMPLE_CHARACTERS = 1_000
BATCH_BYTES = 20_000_000
BATCH_DOCUMENTS = 500
LONGEST_ID = 120
UNFIT_FOR_ID = re.compile(r"[#/\\?%<>\"'`|&\s\x00-\x1f\x7f-\x9f]+")
"""What would be read as something else in an address or in a passage's id ("document#key")."""


class Outcome(StrEnum):
    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "already there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one document. `id` is empty if it was refused; `notice` says what a person should know."""

    outcome: Outcome
    source: str
    id: str = ""
    notice: str = ""


class Intake:
    """One run of `ingest`. `progress` is called with the name of each file before it is read."""

    def __init__(
        self,
        library: DocumentLibrary,
        identifier: LanguageIdentifier,
        progress: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._library = library
        self._identifier = identifier
        self._progress = progress
        self._shelf = Shelf(library.records())
        self._batch: list[Arrival] = []

    def take(self, paths: Sequence[Path]) -> tuple[Result, ...]:
        """Take in every readable file of `paths`.

        Raises CorpusError if a path does not exist or the library cannot be written.
        On an error (or a kill) what was taken in before stays; a second run goes on from there.
        """
        results: list[Result] = []
        for path in tuple(files(paths)):
            self._progress(str(path))
            results.extend(self._file(path))
        self._keep()
        return tuple(results)

    def _file(self, path: Path) -> Iterator[Result]:
        source = str(path.resolve())
        try:
            data = path.read_bytes()
            if path.suffix.lower() in COLLECTIONS:
                yield from self._collection(data, path)
            else:
                yield self._document(data, path, source)
        except UnreadableDocument as error:
            yield Result(Outcome.REFUSED, source, notice=str(error))
        except OSError as error:
            yield Result(
                Outcome.REFUSED,
                source,
                notice=f"{path} cannot be read: {error.strerror}. Check its permissions.",
            )

    def _collection(self, data: bytes, path: Path) -> Iterator[Result]:
        for line in read_jsonl(data, str(path)):
            source = f"{path.resolve()}#{line.id}"
            wanted = fit_id(line.id)
            identifier = self._shelf.free_id(wanted, source)
            notices = [f'the id "{line.id}" became "{identifier}"'] if identifier != line.id else []
            if self._shelf.taken_this_run(identifier):
                notices.append(f'the id "{line.id}" stands twice in {path.name}; the later text is kept')
            text = Extracted(line.text, line.title, line.language_hint)
            yield self._settle(identifier, line.text.encode(), text, source, line.language_hint, notices)

    def _document(self, data: bytes, path: Path, source: str) -> Result:
        sha256 = hashlib.sha256(data).hexdigest()
        twin = self._shelf.by_hash.get(sha256)
        if twin is not None and twin.source != source and twin.extraction == EXTRACTION:
            return Result(Outcome.UNCHANGED, source, twin.id, f"{path.name} has the same bytes as {twin.id}")
        known = self._shelf.by_source.get(source)
        if known and known.sha256 == sha256 and known.extraction == EXTRACTION:
            return Result(Outcome.UNCHANGED, source, known.id)
        wanted = fit_id(path.stem)
        identifier = known.id if known else self._shelf.free_id(wanted, source)
        notices = (
            [f'the id "{wanted}" is taken by another file of this run']
            if not known and identifier != wanted
            else []
        )
        return self._settle(identifier, data, extract(data, path.name), source, "", notices)

    def _settle(
        self, identifier: str, data: bytes, extracted: Extracted, source: str, given: str, notices: list[str]
    ) -> Result:
        known = self._shelf.by_id.get(identifier)
        language = given or self._language(extracted)
        arrival = Arrival(identifier, data, extracted.text, title_of(extracted, identifier), language, source)
        record = Record(identifier, arrival.sha256, arrival.title, language, source, "")
        if known and known.source != source:
            notices.append(f"it takes the place of {known.source}")
        same = known is not None and _content(known) == _content(record)
        self._shelf.put(record)
        if same:
            return Result(Outcome.UNCHANGED, source, identifier, "; ".join(notices))
        self._batch.append(arrival)
        if len(self._batch) >= BATCH_DOCUMENTS or sum(len(a.original) for a in self._batch) > BATCH_BYTES:
            self._keep()
        return Result(Outcome.REPLACED if known else Outcome.ADDED, source, identifier, "; ".join(notices))

    def _keep(self) -> None:
        if self._batch:
            self._library.add(self._batch)
        self._batch = []

    def _language(self, extracted: Extracted) -> str:
        text = extracted.text
        middle = max(0, len(text) // 2 - SAMPLE_CHARACTERS // 2)
        sample = (
            text
            if len(text) <= 2 * SAMPLE_CHARACTERS
            else text[:SAMPLE_CHARACTERS] + text[middle : middle + SAMPLE_CHARACTERS]
        )
        seen = self._identifier.identify(sample)
        return seen if seen != "unknown" else extracted.language_hint or "unknown"


class Shelf:
    """What the library holds, and what this run has put there so far."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.by_id: dict[str, Record] = {}
        self.by_source: dict[str, Record] = {}
        self.by_hash: dict[str, Record] = {}
        self._this_run: dict[str, str] = {}
        for record in records:
            self._place(record)

    def put(self, record: Record) -> None:
        self._this_run[record.id] = record.source
        self._place(record)

    def taken_this_run(self, identifier: str) -> bool:
        return identifier in self._this_run

    def free_id(self, wanted: str, source: str) -> str:
        """`wanted`, or with a number if this run gave it to another source."""
        identifier, number = wanted, 1
        while self._this_run.get(identifier, source) != source:
            number += 1
            identifier = f"{wanted}-{number}"
        return identifier

    def _place(self, record: Record) -> None:
        earlier = self.by_id.get(record.id)
        if earlier is not None:
            for table, key in ((self.by_source, earlier.source), (self.by_hash, earlier.sha256)):
                if table.get(key) is earlier:
                    del table[key]
        self.by_id[record.id] = self.by_source[record.source] = self.by_hash[record.sha256] = record


def _content(record: Record) -> tuple[object, ...]:
    return record.sha256, record.title, record.language, record.extraction


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and the readable ones in the folders named, in the order of their names. Raises CorpusError."""
    for path in paths:
        if path.is_dir():
            found = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in (*READABLE, *COLLECTIONS) and p.is_file()
            )
            visible = [
                p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts)
            ]
            if not visible:
                raise CorpusError(
                    f"{path} holds no file that can be read ({', '.join(READABLE)}). Name another folder."
                )
            yield from visible
        elif path.exists():
            yield path
        else:
            raise CorpusError(f"{path} does not exist. Check the name.")


def fit_id(name: str) -> str:
    """The name as an id that is safe in addresses; most names stay as they are."""
    fit = UNFIT_FOR_ID.sub("-", unicodedata.normalize("NFC", name)).strip("-")[:LONGEST_ID]
    return fit if fit.strip(".") else "document"


def title_of(extracted: Extracted, identifier: str) -> str:
    """The title the file states, its first heading if it begins with one, or its name."""
    first = next((line.strip() for line in extracted.text.split("\n") if line.strip()), "")
    heading = first.lstrip("#").strip() if first.startswith("#") else ""
    return extracted.title or heading or PurePath(identifier).name.replace("_", " ")
