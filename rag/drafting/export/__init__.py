"""A sheet as DOCX, HTML, Markdown, PDF or JSON; each carries the sheet, so that it can be checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rag.domain.errors import RecordError
from rag.drafting.export.docx import to_docx
from rag.drafting.export.html import to_html
from rag.drafting.export.markdown import to_markdown
from rag.drafting.export.pdf import to_pdf
from rag.drafting.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    write: Callable[[Sheet], bytes]


KINDS: Mapping[str, Kind] = {
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_docx),
    "html": Kind("text/html; charset=utf-8", lambda sheet: to_html(sheet).encode()),
    "md": Kind("text/markdown; charset=utf-8", lambda sheet: to_markdown(sheet).encode()),
    "pdf": Kind("application/pdf", to_pdf),
    "json": Kind("application/json", lambda sheet: sheet.to_json().encode()),
}


def export(sheet: Sheet, kind: str) -> bytes:
    """The reply in the format that file names of `kind` stand for. Raises RecordError."""
    if kind not in KINDS:
        raise RecordError(f"A reply cannot be written as '.{kind}'. Choose one of {', '.join(KINDS)}.")
    return KINDS[kind].write(sheet)
