"""Word files: paragraphs in order with headings, numbering as Word shows it, tables as rows, footnotes at the end."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.extracted import (
    MAX_UNPACKED_BYTES,
    MAX_UNPACKED_RATIO,
    MEGABYTE,
    SUPERSCRIPTS,
    Extracted,
    hint,
)
from rag.ingestion.formats.numbering import Numbering
from rag.ingestion.formats.tables import table_lines

HEADING = re.compile(r"(?:heading|overskrift|kop) (\d)", re.IGNORECASE)
SKIPPED = frozenset(
    (qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)
Element = Any
"""An lxml element; python-docx ships no types for it."""


def extract_docx(data: bytes, name: str) -> Extracted:
    """Raises UnreadableDocument."""
    _refuse_bombs(data, name)
    try:
        document = docx.Document(BytesIO(data))
        body = list(_lines(document))
        notes = list(_notes(document))
        title, language = document.core_properties.title, document.core_properties.language
    except Exception as error:  # python-docx raises what its parts raise: KeyError, lxml errors, ValueError
        raise UnreadableDocument(
            f"{name} is a damaged DOCX ({type(error).__name__}). Open and save it anew."
        ) from error
    return Extracted("\n".join([*body, *notes]) + "\n", (title or "").strip(), hint(language))


def _refuse_bombs(data: bytes, name: str) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES or (
        unpacked > 20 * MEGABYTE and unpacked > MAX_UNPACKED_RATIO * len(data)
    ):
        raise UnreadableDocument(
            f"{name} would unpack to {unpacked // MEGABYTE} MB from "
            f"{len(data) / MEGABYTE:.1f} MB. Save its text as plain text."
        )


def _lines(document: Any) -> Iterator[str]:
    numbering = Numbering.of(document)
    in_list = False
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ("", *_table(block), "")
            in_list = False
            continue
        words = _words(block._p).strip()
        if not words:
            continue
        mark = _heading_mark(block) or numbering.mark(block)
        listed = bool(mark) and not mark.startswith("#")
        if not (listed and in_list):
            yield ""
        yield mark + words
        in_list = listed


def _heading_mark(paragraph: Paragraph) -> str:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.lower() == "title":
        return "# "
    found = HEADING.match(style)
    return f"{'#' * int(found[1])} " if found else ""


def _table(table: Table) -> Iterator[str]:
    rows = [[" ".join(cell.text.split()) for cell in _once(row.cells)] for row in table.rows]
    if max((len(row) for row in rows), default=0) <= 1:
        for row in rows:
            yield from (*row, "")
        return
    yield from table_lines(rows, header=len(rows) > 1 and all(rows[0]))


def _once(cells: Any) -> Iterator[Any]:
    """The cells of a row; one that spans several columns is given once."""
    last = None
    for cell in cells:
        if cell._tc is not last:
            yield cell
        last = cell._tc


def _words(element: Element) -> str:
    if element.tag in SKIPPED:
        return ""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
        return " " if element.tag == qn("w:tab") else "\n"
    if element.tag == qn("w:noBreakHyphen"):
        return "-"
    if element.tag == qn("w:footnoteReference"):
        return str(element.get(qn("w:id"))).translate(SUPERSCRIPTS)
    if element.tag == qn("w:pPr"):
        return ""
    return "".join(_words(child) for child in element)


def _notes(document: Any) -> Iterator[str]:
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            root = parse_xml(relation.target_part.blob)
            for note in root.findall(qn("w:footnote")):
                words = " ".join(_words(note).split())
                if words and note.get(qn("w:type")) in (None, "normal"):
                    yield f"\n{str(note.get(qn('w:id'))).translate(SUPERSCRIPTS)} {words}"
