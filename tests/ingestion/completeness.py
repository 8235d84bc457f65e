"""What a parser must not do: lose a character, or claim it twice."""

from __future__ import annotations

from rag.domain.documents import Document, TableRow
from rag.domain.spans import RepairKind, Span


def claims(document: Document) -> list[Span]:
    """Every span of every block; the columns of a table count once, for all its rows."""
    spans = [span for block in document.blocks for span in block.spans]
    columns = {s for b in document.blocks if isinstance(b, TableRow) for c in b.columns for s in c}
    return sorted([*spans, *columns])


def lost(document: Document) -> str:
    """The source characters in no block and no repair that are not whitespace, in order.

    Interruptions do not count: they cover other blocks.
    """
    covered = bytearray(len(document.text))
    repairs = [r.span for r in document.repairs if r.kind is not RepairKind.INTERRUPTION]
    for span in [*claims(document), *repairs]:
        covered[span.start : span.end] = b"\1" * len(span)
    return "".join(c for c, held in zip(document.text, covered, strict=True) if not held).strip()
