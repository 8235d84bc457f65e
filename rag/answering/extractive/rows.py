"""A table row in plain words: "column: cell; column: cell". Refuses to guess which column a cell is under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain.documents import Document, TableRow
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.spans import Span, Spans

_BAR = re.compile(r"(?<!\\)\|")


def row_in_words(document: Document, passage: Passage, translation: Translation | None) -> str | None:
    """The row's cells, each with its column's name; None if the passage is no row of a table.

    In the translation's words where it has as many cells and columns as the row, and else, where
    there is none, in the source's own.
    """
    block = document.blocks[passage.blocks[-1]] if passage.blocks else None
    if passage.kind is not PassageKind.TABLE_ROW or not isinstance(block, TableRow):
        return None
    kept = [(i, spans) for i, cell in enumerate(block.cells) if (spans := _within(cell, passage.spans))]
    cells = [document.reading(spans) for _, spans in kept]
    columns = [document.reading(spans) for spans in block.columns]
    under = _columns_of(document, block)
    if translation is not None:
        told = _divided(translation.text)
        names = _divided(translation.context)
        if len(told) != len(cells) or len(names) != len(columns):
            return _sentence(told)
        cells, columns = told, names
    return _sentence(
        [
            _under(columns[at] if (at := under[i]) is not None else "", cell)
            for (i, _), cell in zip(kept, cells, strict=True)
        ]
    )


def _within(cell: Spans, passage: Spans) -> Spans:
    """What the passage holds of a cell: a long row is cut into several passages."""
    return tuple(
        Span(max(a.start, b.start), min(a.end, b.end))
        for a in cell
        for b in passage
        if a.start < b.end and b.start < a.end
    )


def _columns_of(document: Document, row: TableRow) -> list[int | None]:
    """The index of each cell's column, or None: by the bars before it, or else from the right."""
    names = {_place(document.text, spans): i for i, spans in enumerate(row.columns) if spans}
    places = [_place(document.text, spans) for spans in row.cells]
    if None not in names and None not in places:
        return [names.get(place) for place in places]
    unnamed = len(row.cells) - len(row.columns)
    if unnamed not in (0, 1):
        return [None] * len(row.cells)
    return [i - unnamed if i >= unnamed else None for i in range(len(row.cells))]


def _place(text: str, spans: Spans) -> int | None:
    """How many bars divide the cell from the edge of its table; None where there are no bars."""
    if not spans:
        return None
    start = text.rfind("\n", 0, spans[0].start) + 1
    end = text.find("\n", spans[0].start)
    line = text[start : end if end >= 0 else len(text)]
    if not _BAR.search(line):
        return None
    edge = line.lstrip().startswith("|")
    return len(_BAR.findall(line[: spans[0].start - start])) - edge


def _divided(words: str) -> list[str]:
    return [piece.strip() for piece in _BAR.split(words) if piece.strip()]


def _under(column: str, cell: str) -> str:
    name = column.strip().rstrip(":")
    return f"{name}: {cell}" if name else cell


def _sentence(pieces: Sequence[str]) -> str:
    said = "; ".join(piece.rstrip(" ;") for piece in pieces)
    return said if said[-1:] in (".", "!", "?", "…") else f"{said}."
