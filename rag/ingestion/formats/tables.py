"""Tables as lines: a row of cells between bars; the row of column names is underlined, as in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NUMBERING = re.compile(r"\(?(?:\d{1,3}|[a-z]{1,4}|[IVXivx]{1,5})[.)]?|[-–—•·]")
"""What stands in the first of two columns when a table only aligns a numbered list."""


def table_lines(rows: Sequence[Sequence[str]], *, header: bool) -> Iterator[str]:
    """One line a row. A table of two columns that only numbers its rows becomes those numbered lines."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if filled and not header and all(len(row) == 2 and NUMBERING.fullmatch(row[0].strip()) for row in filled):
        yield from (f"{number.strip()} {words}" for number, words in filled)
        return
    for index, row in enumerate(filled):
        yield f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |"
        if index == 0 and header:
            yield f"|{'---|' * len(row)}"
