"""Chooses the room for a file: by its first bytes, then by its name."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePath

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.docx import extract_docx
from rag.ingestion.formats.extracted import MAX_FILE_BYTES, MEGABYTE, Extracted, checked
from rag.ingestion.formats.html import extract_html
from rag.ingestion.formats.pdf import extract_pdf
from rag.ingestion.formats.plain import extract_plain

READABLE = (".txt", ".md", ".markdown", ".text", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".jsonl")
"""Endings taken from a folder; a file named outright is read whatever it is called."""

HTML_ENDINGS = (".html", ".htm", ".xhtml")
HTML_STARTS = (b"<!doctype html", b"<html")
FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls, .ppt)",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
}


def extract(data: bytes, name: str) -> Extracted:
    """The text of one file. `name` serves messages and, where the bytes do not tell, the format.

    Raises UnreadableDocument. A .jsonl file holds many documents: see `read_jsonl`.
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableDocument(f"{name} is empty. Leave it out, or add the text it should hold.")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(
            f"{name} has {len(data) // MEGABYTE} MB; the limit is {MAX_FILE_BYTES // MEGABYTE} MB. "
            "Divide it into several files."
        )
    extracted = _room(data, name)
    return Extracted(checked(extracted.text, name), extracted.title, extracted.language_hint)


def _room(data: bytes, name: str) -> Extracted:
    if b"%PDF-" in data[:1024]:
        return extract_pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, name)
    for start, what in FOREIGN.items():
        if data.startswith(start):
            raise UnreadableDocument(f"{name} is {what}. Save it as PDF, DOCX, HTML or plain text.")
    ending = PurePath(name).suffix.lower()
    opening = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if ending in HTML_ENDINGS or opening.startswith(HTML_STARTS):
        return extract_html(data, name)
    if ending in (".pdf", ".docx"):
        raise UnreadableDocument(
            f"{name} is called {ending} but is not one, or is damaged at its start. "
            "Export it anew, or give it its true ending."
        )
    return extract_plain(data, name)


def _zipped(data: bytes, name: str) -> Extracted:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise UnreadableDocument(f"{name} is damaged ({error}). Export or copy it anew.") from error
    if "word/document.xml" in members:
        return extract_docx(data, name)
    raise UnreadableDocument(
        f"{name} is a zip archive, not a DOCX. Unpack it and ingest the files, or save it as DOCX."
    )
