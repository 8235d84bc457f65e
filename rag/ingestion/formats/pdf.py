"""PDF files: lines in reading order (columns one after the other), running heads left out, headings marked.

A word divided at a line's end stays divided: repairing it is the parser's work. A PDF without text (a scan), with a
password, or whose fonts do not say which letters they draw, is refused with what to do about it.
"""

from __future__ import annotations

from io import BytesIO

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.extracted import MAX_CHARACTERS, MAX_PAGES, Extracted, hint
from rag.ingestion.formats.pdf_layout import Line, Word, order_lines, page_text, without_running_heads

UNMAPPED = "(cid:"
UNMAPPED_SHARE = 0.02


def extract_pdf(data: bytes, name: str) -> Extracted:
    """Raises UnreadableDocument."""
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise UnreadableDocument(
                    f"{name} has {len(pdf.pages)} pages; the limit is {MAX_PAGES}. Divide it."
                )
            pages, pictures = _pages(pdf)
            title, language = _stated(pdf)
    except UnreadableDocument:
        raise
    except Exception as error:  # pdfminer raises whatever a broken file makes of it
        raise UnreadableDocument(_reason(name, error)) from error
    text = page_text(without_running_heads(pages))
    if not text.strip():
        raise UnreadableDocument(
            f"{name} has {'pictures of pages but no text (a scan)' if pictures else 'no text'}. "
            "Run text recognition on it (for instance ocrmypdf) and ingest the result."
        )
    if text.count(UNMAPPED) * 5 > UNMAPPED_SHARE * len(text):
        raise UnreadableDocument(
            f"{name} does not say which letters its fonts draw. Export it anew, or run ocrmypdf --force-ocr."
        )
    return Extracted(text, title, language)


def _pages(pdf: pdfplumber.PDF) -> tuple[list[list[Line]], bool]:
    pages, pictures, characters = [], False, 0
    for page in pdf.pages:
        found = page.extract_words(
            x_tolerance_ratio=0.15,
            keep_blank_chars=False,
            use_text_flow=False,
            extra_attrs=["size", "fontname", "upright"],
        )
        words = [_word(w) for w in found if w["upright"]]
        characters += sum(len(word.text) for word in words)
        if characters > MAX_CHARACTERS:
            break
        pages.append(order_lines(words, float(page.width), float(page.height)))
        pictures = pictures or bool(page.images)
        page.close()
    return pages, pictures


def _word(found: dict[str, object]) -> Word:
    def number(key: str) -> float:
        return float(str(found[key]))

    bold = any(mark in str(found["fontname"]).lower() for mark in ("bold", "black", "heavy"))
    return Word(
        str(found["text"]), number("x0"), number("x1"), number("top"), number("bottom"), number("size"), bold
    )


def _stated(pdf: pdfplumber.PDF) -> tuple[str, str]:
    title = (pdf.metadata or {}).get("Title")
    language = pdf.doc.catalog.get("Lang")
    if isinstance(language, bytes):
        language = language.decode("latin-1")
    # Word processors write the file's name as title: that is none.
    named = (
        isinstance(title, str) and "." not in title[-6:] and not title.lower().startswith("microsoft word")
    )
    return (title.strip() if named and isinstance(title, str) else ""), hint(
        language if isinstance(language, str) else ""
    )


def _reason(name: str, error: Exception) -> str:
    causes = (error, *error.args, error.__cause__, error.__context__)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return f"{name} is protected by a password. Save a copy without one and ingest that."
    kind = (
        type(error.args[0]).__name__
        if isinstance(error, PdfminerException) and error.args
        else type(error).__name__
    )
    return f"{name} is a damaged PDF ({kind}). Download or export it anew."
