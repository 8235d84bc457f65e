"""What of a source stands outside its blocks: printed numbers, and text that no block took up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from rag.domain.documents import Block, Document, TableRow
from rag.domain.spans import RepairKind, Span, join_spans, subtract


def printed_number(document: Document, block: Block) -> str:
    """The block's official number, unless its words already begin with it."""
    if not block.number:
        return ""
    shown = document.reading(block.spans).lstrip("([")
    begins = re.match(rf"{re.escape(block.number)}(?:[.):\]]|\s|$)", shown)
    return "" if begins else block.number


def unplaced(document: Document) -> Iterator[Span]:
    """Ranges with words that no block, marker or repair accounts for, in order."""
    taken: list[Span] = [
        repair.span for repair in document.repairs if repair.kind is not RepairKind.INTERRUPTION
    ]
    for block in document.blocks:
        taken.extend(block.spans)
        taken.extend(call.span for call in getattr(block, "calls", ()))
        if isinstance(block, TableRow):
            taken.extend(span for cell in (*block.columns, *block.cells) for span in cell)
    whole = (Span(0, len(document.text)),)
    for span in subtract(whole, join_spans(taken)):
        words = document.text[span.start : span.end]
        if any(character.isalnum() for character in words) and not _is_label(document, span):
            yield span


def _is_label(document: Document, span: Span) -> bool:
    """Whether the range is only the printed number of the block that follows it ("a.", "7.", "¹")."""
    words = normalize("NFKC", document.text[span.start : span.end]).strip(" \t\r\n-–•*.()[]")
    nearest = min(
        (b for b in document.blocks if b.spans and b.spans[0].start >= span.end),
        key=lambda block: block.spans[0].start,
        default=None,
    )
    return nearest is not None and nearest.number is not None and words == nearest.number
