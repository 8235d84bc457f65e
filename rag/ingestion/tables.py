"""Tables: Markdown rows, and rows that extraction flattened into a line of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ingestion.units import Unit
from rag.ingestion.words import is_finished

_DATE = r"\d{1,2}[./]\d{1,2}[./]\d{4}"
_JOURNAL = (
    rf"(?:OJ|EUT|EFT|PB|EGT)\s(?:[LC]\s?)?\d+(?:/\d+)?(?:,?\s(?:of|af|van|of the)\s{_DATE}|,\s{_DATE})?"
)
_VALUE = re.compile(rf"\s({_JOURNAL}|{_DATE}|[-–—]|\d+(?:[.,]\d+)?\s?%?)\s*$")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_LETTER = re.compile(r"[^\W_⁰¹²³⁴⁵⁶⁷⁸⁹]")
_CELL = re.compile(r"(?:\\\||[^|\n])+")
_LONGEST_HEADER = 10
_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells and the columns they belong under, as source ranges."""

    cells: tuple[tuple[int, int], ...]
    columns: tuple[tuple[int, int], ...]


def flattened(text: str, units: Sequence[Unit], index: int) -> Row | None:
    """The row at `units[index]` whose headers are the lines directly before it."""
    unit = units[index]
    if unit.marker or len(unit.chunks) > 1 or len(unit.chunks[0].lines) > 1 or is_finished(unit.words):
        return None
    headers = _headers(units, index)
    if len(headers) < 2:
        return None
    cells = _values(text, *unit.ranges[0], len(headers))
    return Row(cells, headers) if cells else None


def _values(text: str, start: int, end: int, width: int) -> tuple[tuple[int, int], ...]:
    """`width` values (journal references, dates, dashes, numbers) from the right, and what is left
    as the first cell; nothing if they are fewer."""
    cells: list[tuple[int, int]] = []
    while len(cells) < width and (found := _VALUE.search(text, max(start, end - 80), end)):
        cells.insert(0, (found.start(1), found.end(1)))
        end = found.start()
    rest = text[start:end].rstrip()
    if len(cells) < width or not rest:
        return ()
    return ((start, start + len(rest)), *cells)


def _headers(units: Sequence[Unit], index: int) -> tuple[tuple[int, int], ...]:
    """The column names: the short lines directly before the row. The first column has none."""
    headers: list[tuple[int, int]] = []
    at = index - 1
    while at >= 0 and len(headers) <= _MOST_COLUMNS and _is_header(units[at]):
        headers.insert(0, units[at].ranges[0])
        at -= 1
    return tuple(headers)


def _is_header(unit: Unit) -> bool:
    whole = len(unit.chunks) == 1 and len(unit.chunks[0].lines) == 1 and unit.marker is None
    return whole and unit.length <= _LONGEST_HEADER and unit.words[-1:].isalpha()


def markdown_rows(text: str, unit: Unit) -> list[Row]:
    """The rows of a unit that is a Markdown table."""
    lines = unit.chunks[0].lines
    if len(unit.chunks) > 1 or len(lines) < 3 or "|" not in text[lines[0].start : lines[0].end]:
        return []
    if not _RULE.fullmatch(text[lines[1].start : lines[1].end]):
        return []
    columns = _cells(text, lines[0].start, lines[0].end)
    rows = [Row(_cells(text, line.start, line.end), columns) for line in lines[2:]]
    # Rows of note numbers or rules alone would leave nothing to hold the column names.
    return rows if any(_LETTER.search(text, a, b) for row in rows for a, b in row.cells) else []


def _cells(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    found = ((m.start(), m.end()) for m in _CELL.finditer(text, start, end))
    return tuple((a, b) for a, b in found if text[a:b].strip())
