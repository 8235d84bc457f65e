"""Reads corpus/catalogue.toml: what the built-in texts are, and what weight they have in law.

A text whose bytes differ from the catalogue's SHA-256 is not used.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator

from rag.domain.documents import Description, LegalForce, Standing
from rag.domain.errors import CorpusError, HashMismatch, UnknownDocument

DOCUMENTS = "documents"

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Date = Annotated[str, StringConstraints(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?|unknown)$")]


class TextLine(BaseModel):
    """One [[text]] of the catalogue, as written."""

    model_config = ConfigDict(extra="forbid")

    id: Identifier
    file: Filled
    sha256: Digest
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    titles: dict[str, Filled]
    short_title: Filled
    institution: Filled = "unknown"
    kind: Filled = "unknown"
    date: Date = "unknown"
    reference: Filled = "unknown"
    force: LegalForce = LegalForce.UNKNOWN
    standing: Standing = Standing.UNKNOWN
    checked: Filled = "unknown"
    force_note: dict[Literal["en", "nl", "da"], Filled] = {}
    source_page: str = ""
    reuse: str = ""

    @field_validator("file")
    @classmethod
    def _in_the_folder(cls, name: str) -> str:
        if name != Path(name).name or name.startswith("."):
            raise ValueError(f"{name!r} must be the plain name of a file in {DOCUMENTS}/")
        return name

    @field_validator("source_page")
    @classmethod
    def _web_address(cls, address: str) -> str:
        if address and not address.startswith("https://"):
            raise ValueError("must be empty or begin with https://")
        return address


class CatalogueFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: list[TextLine]


@dataclass(frozen=True, slots=True)
class Entry:
    """A built-in text: where its bytes lie, what they hash to, and what is known of it."""

    id: str
    path: Path
    sha256: str
    language: str
    description: Description

    def read(self) -> str:
        """The text, decoded and unedited. Raises CorpusError, HashMismatch."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise CorpusError(
                f"{self.path} ({self.id}) cannot be read: {error.strerror}. Restore the file."
            ) from error
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise HashMismatch(
                f"{self.path} ({self.id}) has SHA-256 {found}, the catalogue "
                f"says {self.sha256}. Restore the file, or, if "
                "it was changed on purpose, ingest it as a document of your own."
            )
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CorpusError(
                f"{self.path} ({self.id}) is not UTF-8 (byte {error.start}). Save it as UTF-8 and renew its sha256."
            ) from error


def load_catalogue(path: Path) -> tuple[Entry, ...]:
    """The texts of the catalogue, in its order. Raises CorpusError naming file, entry and field; reads no text."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(
            f"The catalogue {path} cannot be read: {error.strerror}. "
            "Restore it, or set CORPUS_DIR to the corpus folder."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"The catalogue {path} is not valid TOML: {error}. Correct that line.") from error
    try:
        lines = CatalogueFile.model_validate(tables).text
    except ValidationError as error:
        raise CorpusError(_explain(path, tables, error)) from error
    _refuse_twins(path, lines)
    return tuple(_entry(line, path.parent / DOCUMENTS) for line in lines)


def find(entries: Iterable[Entry], identifier: str) -> Entry:
    """The entry with this id. Raises UnknownDocument."""
    known = {entry.id: entry for entry in entries}
    if identifier not in known:
        raise UnknownDocument(
            f"The catalogue has no text {identifier!r}. It has: {', '.join(known) or 'none'}."
        )
    return known[identifier]


def _entry(line: TextLine, folder: Path) -> Entry:
    description = Description(
        titles=tuple(line.titles.items()),
        short_title=line.short_title,
        institution=line.institution,
        kind=line.kind,
        date=line.date,
        reference=line.reference,
        force=line.force,
        standing=line.standing,
        force_note=line.force_note.get("en", ""),
        force_notes=tuple(line.force_note.items()),
        force_checked=line.checked,
        source_page=line.source_page,
        reuse=line.reuse,
    )
    return Entry(line.id, folder / line.file, line.sha256, line.language, description)


def _refuse_twins(path: Path, lines: list[TextLine]) -> None:
    seen: set[str] = set()
    for line in lines:
        for what in (f"id {line.id!r}", f"file {line.file!r}"):
            if what in seen:
                raise CorpusError(f"The catalogue {path} has the {what} twice. Give each text its own.")
            seen.add(what)


def _explain(path: Path, tables: dict[str, object], error: ValidationError) -> str:
    texts = tables.get("text")
    problems = []
    for detail in error.errors(include_url=False):
        place = detail["loc"]
        name = "the file"
        if (
            len(place) > 1
            and isinstance(place[1], int)
            and isinstance(texts, list)
            and isinstance(texts[place[1]], dict)
        ):
            name = f"entry {texts[place[1]].get('id', f'number {place[1] + 1}')!r}"
        field = ".".join(str(part) for part in place[2:] or place)
        problems.append(f'{name}, field "{field}": {detail["msg"]}')
    return f"The catalogue {path} is wrong in " + "; ".join(problems) + ". Correct the field and start again."
