"""Documents, passages and representations of one index generation, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from rag.domain.documents import (
    Block,
    Contact,
    Description,
    Document,
    EndMatter,
    Footnote,
    FootnoteCall,
    Furniture,
    Heading,
    LegalForce,
    ListItem,
    Paragraph,
    Standing,
    TableRow,
    Title,
)
from rag.domain.errors import IndexFailure, UnknownDocument
from rag.domain.passages import Enrichment, Passage, PassageKind, Translation
from rag.domain.spans import Repair, RepairKind, Span, Spans

_KINDS: dict[str, type[Block]] = {
    kind.__name__: kind
    for kind in (Title, Heading, Paragraph, ListItem, Footnote, TableRow, Contact, EndMatter, Furniture)
}
_TABLES = """
create table documents (id text primary key, position integer, body text not null);
create table passages (number integer primary key, id text not null, document text not null,
                       body text not null);
create table representations (key text not null, passage integer not null, origin text not null,
                              language text not null, text text not null, sentence integer);
create table stems (passage text primary key, stems text not null);
create index passages_of on passages (document);
"""


RepresentationRow = tuple[str, int, str, str, str, int | None]
"""Key, passage number, origin, language, text, sentence."""


class Store:
    """One generation's SQLite file. Reading opens a connection per call: cheap, and thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> None:
        connection = self._connect()
        try:
            connection.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._unwritable(error) from error
        finally:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            return sqlite3.connect(self._path)
        except sqlite3.Error as error:
            raise IndexFailure(
                f"{self._path} cannot be opened: {error}. Run `python -m rag index --rebuild`."
            ) from error

    def _unwritable(self, error: sqlite3.Error) -> IndexFailure:
        return IndexFailure(
            f"{self._path} cannot be written: {error}. Check free disk space, then index again."
        )

    def _write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        connection = self._connect()
        try:
            with connection:
                connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise self._unwritable(error) from error
        finally:
            connection.close()

    def _read(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        connection = self._connect()
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise IndexFailure(
                f"{self._path} is damaged: {error}. Run `python -m rag index --rebuild`."
            ) from error
        finally:
            connection.close()

    def add_document(self, position: int, document: Document) -> None:
        body = json.dumps(_document_data(document), ensure_ascii=False)
        self._write("insert into documents values (?, ?, ?)", [(document.id, position, body)])

    def add_passages(self, first: int, passages: Iterable[tuple[Passage, Enrichment]]) -> None:
        self._write(
            "insert into passages values (?, ?, ?, ?)",
            (
                (number, p.id, p.document, json.dumps(_passage_data(p, e), ensure_ascii=False))
                for number, (p, e) in enumerate(passages, start=first)
            ),
        )

    def add_stems(self, rows: Iterable[tuple[str, str]]) -> None:
        """Passage id, and the stems by which a question may name what it says."""
        self._write("insert or replace into stems values (?, ?)", rows)

    def stems(self, passage_id: str) -> str:
        rows = self._read("select stems from stems where passage = ?", (passage_id,))
        return str(rows[0][0]) if rows else ""

    def add_representations(self, rows: Iterable[RepresentationRow]) -> None:
        self._write("insert into representations values (?, ?, ?, ?, ?, ?)", rows)

    def document(self, document_id: str) -> Document:
        rows = self._read("select body from documents where id = ?", (document_id,))
        if not rows:
            raise UnknownDocument(
                f"There is no document '{document_id}'. `python -m rag sources` lists them."
            )
        return _document(json.loads(rows[0][0]))

    def document_ids(self) -> tuple[str, ...]:
        return tuple(r[0] for r in self._read("select id from documents order by position"))

    def passages(self) -> Iterator[tuple[Passage, Enrichment]]:
        """All passages in the order of their numbers."""
        for (body,) in self._read("select body from passages order by number"):
            yield _passage(json.loads(body))

    def representations(self) -> list[RepresentationRow]:
        return self._read("select key, passage, origin, language, text, sentence from representations")


def _spans(data: list[list[int]]) -> Spans:
    return tuple(Span(start, end) for start, end in data)


def _pairs(spans: Spans) -> list[list[int]]:
    return [[s.start, s.end] for s in spans]


def _document_data(document: Document) -> dict[str, Any]:
    d = document.description
    return {
        "id": document.id,
        "text": document.text,
        "language": document.language,
        "sha256": document.sha256,
        "notices": document.notices,
        "description": {f.name: getattr(d, f.name) for f in fields(d)},
        "repairs": [[r.span.start, r.span.end, r.replacement, r.kind] for r in document.repairs],
        "blocks": [_block_data(b) for b in document.blocks],
    }


def _document(data: dict[str, Any]) -> Document:
    description = data["description"]
    description["titles"] = tuple((code, title) for code, title in description["titles"])
    description["force_notes"] = tuple((code, note) for code, note in description.get("force_notes", ()))
    description["force"] = LegalForce(description["force"])
    description["standing"] = Standing(description["standing"])
    return Document(
        id=data["id"],
        text=data["text"],
        language=data["language"],
        description=Description(**description),
        sha256=data["sha256"],
        blocks=tuple(_block(b) for b in data["blocks"]),
        repairs=tuple(
            Repair(Span(start, end), replacement, RepairKind(kind))
            for start, end, replacement, kind in data["repairs"]
        ),
        notices=tuple(data["notices"]),
    )


def _block_data(block: Block) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": type(block).__name__,
        "spans": _pairs(block.spans),
        "number": block.number,
    }
    match block:
        case Heading():
            data["level"] = block.level
        case ListItem():
            data |= {
                "level": block.level,
                "lead_in": block.lead_in,
                "calls": _calls_data(block.calls),
            }
        case Paragraph():
            data["calls"] = _calls_data(block.calls)
        case Contact() | EndMatter():
            data["heading"] = block.heading
        case Footnote():
            data |= {"caller": block.caller, "call": _pairs((block.call,)) if block.call else None}
        case TableRow():
            data |= {
                "columns": [_pairs(c) for c in block.columns],
                "cells": [_pairs(c) for c in block.cells],
            }
    return data


def _calls_data(calls: tuple[FootnoteCall, ...]) -> list[list[Any]]:
    return [[c.number, c.span.start, c.span.end] for c in calls]


def _block(data: dict[str, Any]) -> Block:
    kind = _KINDS[data.pop("kind")]
    data["spans"] = _spans(data["spans"])
    if "calls" in data:
        data["calls"] = tuple(FootnoteCall(n, Span(start, end)) for n, start, end in data["calls"])
    if data.get("call"):
        data["call"] = _spans(data["call"])[0]
    for name in ("columns", "cells"):
        if name in data:
            data[name] = tuple(_spans(c) for c in data[name])
    return kind(**data)


def _passage_data(passage: Passage, enrichment: Enrichment) -> dict[str, Any]:
    data = {f.name: getattr(passage, f.name) for f in fields(passage)}
    data["spans"], data["context"] = _pairs(passage.spans), _pairs(passage.context)
    return {
        "passage": data,
        "translations": [[t.language, t.text, t.origin, t.context] for t in enrichment.translations],
        "questions": enrichment.questions,
        "told_in": enrichment.told_in,
    }


def _passage(data: dict[str, Any]) -> tuple[Passage, Enrichment]:
    p = data["passage"]
    p["spans"], p["context"] = _spans(p["spans"]), _spans(p["context"])
    p["kind"] = PassageKind(p["kind"])
    p["section"], p["blocks"] = tuple(p["section"]), tuple(p["blocks"])
    enrichment = Enrichment(
        translations=tuple(Translation(*t) for t in data["translations"]),
        questions=tuple((code, question) for code, question in data["questions"]),
        told_in=tuple((question, tuple(sentences)) for question, sentences in data.get("told_in", ())),
    )
    return Passage(**p), enrichment
