"""Re-checks a reply that comes back: every quotation against the texts, every word against its sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from pydantic import ValidationError

from rag.domain.errors import RecordError, UnknownDocument
from rag.domain.spans import Span
from rag.drafting.export import markdown
from rag.drafting.export.docx import read_docx
from rag.drafting.export.html import read_html
from rag.drafting.export.pdf import read_pdf, squeezed
from rag.drafting.sheet import Cited, Sheet
from rag.drafting.shelf import Texts

LONGEST_SHOWN = 120


def verify_file(path: Path, texts: Texts) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet in the file, and what is wrong with it (nothing, for an untouched reply).

    Raises RecordError where the file cannot be read or holds no sheet.
    """
    try:
        data = path.read_bytes()
        sheet, visible = _read(path.suffix.lower(), data)
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValidationError, ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
        raise RecordError(f"{path} holds no readable sheet: it was changed or is not one of ours.") from error
    return sheet, (*check_sheet(sheet, texts), *visible)


def check_sheet(sheet: Sheet, texts: Texts) -> tuple[str, ...]:
    """What is wrong with the sheet itself: its hash, and each quotation against its text."""
    problems = [] if sheet.sha256 == sheet.digest() else ["The sheet was changed after it was made."]
    for number, cited in enumerate(sheet.citations, start=1):
        problem = check_quotation(cited, texts)
        if problem:
            problems.append(f"Note {number} ({cited.label}): {problem}")
    for part in sheet.parts:
        for sentence in part.sentences:
            if any(not 1 <= n <= len(sheet.citations) for n in sentence.citations):
                problems.append(f"A sentence cites a note that is not there: {_short(sentence.text)}")
    return tuple(problems)


def check_quotation(cited: Cited, texts: Texts) -> str:
    """What is wrong with a quotation, or nothing."""
    try:
        document = texts.document(cited.document)
    except UnknownDocument:
        return f"the text '{cited.document}' is not among ours."
    try:
        spans = tuple(Span(start, end) for start, end in cited.spans)
    except ValueError:
        return "its place is not a place."
    if not spans or spans[-1].end > len(document.text) or list(spans) != sorted(spans):
        return "its place lies outside the text."
    stands = document.reading(spans)
    if stands != cited.quote:
        return f"the text reads otherwise {_difference(cited.quote, stands)}."
    if document.sha256 != cited.document_sha256:
        return "the text has changed since, though these words still stand there."
    return ""


def _read(suffix: str, data: bytes) -> tuple[Sheet, tuple[str, ...]]:
    if suffix == ".json":
        return Sheet.model_validate_json(data), ()
    if suffix in (".md", ".markdown"):
        found = markdown.split(data.decode("utf-8"))
        if found is None:
            raise ValueError("no sheet")
        sheet = Sheet.model_validate_json(found[1])
        return sheet, _compared(found[0].splitlines(), markdown.body(sheet).splitlines(), "line")
    if suffix in (".docx", ".html", ".htm"):
        read = read_docx(data) if suffix == ".docx" else read_html(data.decode("utf-8"))
        if read is None:
            raise ValueError("no sheet")
        sheet = Sheet.model_validate_json(read[0])
        return sheet, (
            *_compared(read[1], _sentences(sheet), "sentence"),
            *_compared(read[2], _quotations(sheet, in_order_of_calls=suffix == ".docx"), "quotation"),
        )
    if suffix == ".pdf":
        pages = read_pdf(data)
        if pages is None:
            raise ValueError("no sheet")
        sheet = Sheet.model_validate_json(pages[0])
        shown = (*_sentences(sheet), *_quotations(sheet, in_order_of_calls=False))
        missing = (t for t in shown if squeezed(t) not in pages[1])
        return sheet, tuple(f"This does not stand on the pages as in the sheet: {_short(t)}" for t in missing)
    raise RecordError(
        f"Replies with the ending '{suffix}' cannot be checked: json, docx, html, md or pdf can."
    )


def _sentences(sheet: Sheet) -> tuple[str, ...]:
    return tuple(sentence.text for part in sheet.parts for sentence in part.sentences)


def _quotations(sheet: Sheet, *, in_order_of_calls: bool) -> tuple[str, ...]:
    """The quotations a reader sees; a footnote stands where it is first called."""
    if not in_order_of_calls:
        return tuple(cited.quote for cited in sheet.citations)
    calls = (n for part in sheet.parts for sentence in part.sentences for n in sentence.citations)
    return tuple(sheet.citations[n - 1].quote for n in dict.fromkeys(calls) if 1 <= n <= len(sheet.citations))


def _compared(seen: Sequence[str], wanted: Sequence[str], what: str) -> tuple[str, ...]:
    problems = []
    for number, (found, expected) in enumerate(zip_longest(seen, wanted), start=1):
        if found is None:
            problems.append(f"A {what} is missing from the page: {_short(expected or '')}")
        elif expected is None:
            problems.append(f"A {what} was added to the page: {_short(found)}")
        elif found != expected:
            problems.append(f"The page's {what} {number} is not the sheet's {_difference(found, expected)}.")
    return tuple(problems)


def _difference(given: str, stands: str) -> str:
    """Where two texts part."""
    at = next((i for i, (a, b) in enumerate(zip(given, stands, strict=False)) if a != b), None)
    place = min(len(given), len(stands)) if at is None else at
    begin = max(0, place - 20)
    return f"(“{given[begin : place + 20]}”, not “{stands[begin : place + 20]}”)"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
