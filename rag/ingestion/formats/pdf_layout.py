"""From words on a page to text: lines, columns, paragraphs, headings, footnote calls. Geometry only, no vendor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.ingestion.formats.extracted import SUPERSCRIPTS

SAME_LINE = 0.5
"""Words whose middles are closer than this share of their height stand on one line."""
GUTTER_POINTS = 9.0
GUTTER_ZONE = (0.3, 0.7)
"""Two columns part in this share of the page's width."""
COLUMN_LINES = 0.35
"""So many of the lines must have words on both sides of the gutter, and few may cross it."""
CROSSING_LINES = 0.4
PARAGRAPH_GAP = 1.45
"""Lines further apart than so many usual line steps begin a new paragraph."""
HEADING_SIZE = 1.12
HEADING_CHARACTERS = 160
SMALL = 0.8
"""A number smaller than this share of its line is a footnote call."""
EDGE_LINES = 2
REPEATED_PAGES = 3
BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\u25aa": "•", "\u25cf": "•", "\uf02d": "–"})
PAGE_NUMBER = re.compile(
    r"(?:page|pagina|side|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|of|van|af)\s*\d{1,4})?", re.IGNORECASE
)
SENTENCE_END = (".", ":", ";", "!", "?", ".”", '."', ")")


@dataclass(frozen=True, slots=True)
class Word:
    """`top` and `bottom` are distances from the page's upper edge, in points."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    top: float
    bottom: float
    size: float
    bold: bool
    new_flow: bool = False
    """The first line of a column, page or band: its distance from the line before says nothing."""


def order_lines(words: Iterable[Word], width: float, height: float) -> list[Line]:
    """The lines of a page in reading order; outside the page nothing is read."""
    rows = _rows([word for word in words if 0 <= word.middle <= height])
    gutter = _gutter(rows, width)
    if gutter is None:
        return _lines(rows)
    ordered: list[Line] = []
    left: list[list[Word]] = []
    right: list[list[Word]] = []
    for row in rows:
        sides = [word for word in row if word.x1 <= gutter], [word for word in row if word.x0 >= gutter]
        if len(sides[0]) + len(sides[1]) < len(row) or _runs_across(sides):
            ordered += [*_lines(left), *_lines(right), *_lines([row])]
            left, right = [], []
        else:
            left += [sides[0]] if sides[0] else []
            right += [sides[1]] if sides[1] else []
    return [*ordered, *_lines(left), *_lines(right)]


def without_running_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages less page numbers and the lines that stand at the edge of several of them."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])})
    needed = max(REPEATED_PAGES, len(pages) // 4)
    kept = []
    for page in pages:
        last = len(page) - EDGE_LINES
        kept.append(
            [
                line
                for at, line in enumerate(page)
                if EDGE_LINES <= at < last
                or not (
                    seen[_shape(line)] >= needed
                    or (len(pages) > 1 and PAGE_NUMBER.fullmatch(line.text.strip()))
                )
            ]
        )
    return kept


def page_text(pages: Sequence[list[Line]]) -> str:
    """The text of the pages: a line each, an empty line between paragraphs, "#" before headings."""
    lines = [line for page in pages for line in page]
    if not lines:
        return ""
    body = _body_size(lines)
    step = _line_step(lines)
    sizes = sorted({round(line.size, 1) for line in lines if line.size >= HEADING_SIZE * body}, reverse=True)[
        :3
    ]
    written: list[str] = []
    before: Line | None = None
    for line in lines:
        mark = _heading_mark(line, body, sizes)
        if before is not None and (mark or _heading_mark(before, body, sizes) or _parted(before, line, step)):
            same = mark and mark == _heading_mark(before, body, sizes) and not _parted(before, line, step)
            if same:  # a heading of two lines
                written[-1] += f" {line.text}"
                before = line
                continue
            written.append("")
        written.append(mark + line.text)
        before = line
    return "\n".join(written) + "\n"


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.middle, w.x0)):
        row = rows[-1] if rows else None
        if row and abs(word.middle - _anchor(row).middle) <= SAME_LINE * (
            _anchor(row).bottom - _anchor(row).top
        ):
            row.append(word)
        else:
            rows.append([word])
    # A raised footnote call opens a row of its own above its line: give it back.
    for above, below in pairwise(list(rows)):
        if all(_is_call(w, _anchor(below)) and w.bottom > _anchor(below).top for w in above):
            below.extend(above)
            rows.remove(above)
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _anchor(row: Sequence[Word]) -> Word:
    return max(row, key=lambda w: (w.size, w.x1 - w.x0))


def _is_call(word: Word, beside: Word) -> bool:
    return word.text.isdigit() and len(word.text) <= 3 and word.size <= SMALL * beside.size


def _lines(rows: Sequence[list[Word]]) -> list[Line]:
    return [_line(row, new_flow=index == 0) for index, row in enumerate(rows) if row]


def _line(row: Sequence[Word], *, new_flow: bool) -> Line:
    anchor = _anchor(row)
    pieces: list[str] = []
    for index, word in enumerate(row):
        call = _is_call(word, anchor)
        gap = word.x0 - row[index - 1].x1 if index else 0.0
        if index and (gap > 0.15 * anchor.size if not call else gap > 0.6 * anchor.size):
            pieces.append(" ")
        pieces.append(word.text.translate(SUPERSCRIPTS) if call else word.text)
    text = "".join(pieces).translate(BULLETS).strip()
    bold = all(word.bold for word in row if not _is_call(word, anchor))
    return Line(text, anchor.top, anchor.bottom, anchor.size, bold, new_flow)


def _gutter(rows: Sequence[list[Word]], width: float) -> float | None:
    """Where the page parts into two columns, or None."""
    if len(rows) < 6:
        return None
    candidates = [
        width * (GUTTER_ZONE[0] + step * (GUTTER_ZONE[1] - GUTTER_ZONE[0]) / 80) for step in range(81)
    ]
    clear = [x for x in candidates if _parts(rows, x)]
    return median(clear) if clear else None


def _parts(rows: Sequence[list[Word]], x: float) -> bool:
    half = GUTTER_POINTS / 2
    crossing = sum(any(w.x0 < x + half and w.x1 > x - half for w in row) for row in rows)
    both = sum(
        any(w.x1 <= x - half for w in row)
        and any(w.x0 >= x + half for w in row)
        and not any(w.x0 < x < w.x1 for w in row)
        for row in rows
    )
    return both >= COLUMN_LINES * len(rows) and crossing <= CROSSING_LINES * len(rows)


def _runs_across(sides: tuple[list[Word], list[Word]]) -> bool:
    """A centred or full-width line that happens to have a word's space at the gutter."""
    if not sides[0] or not sides[1]:
        return False
    return sides[1][0].x0 - sides[0][-1].x1 < 0.6 * sides[0][-1].size


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.strip())


def _body_size(lines: Sequence[Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size, 1)] += len(line.text)
    return weights.most_common(1)[0][0]


def _line_step(lines: Sequence[Line]) -> float:
    steps = [b.top - a.top for a, b in pairwise(lines) if not b.new_flow and b.top > a.top]
    return median(steps) if steps else lines[0].size * 1.2


def _parted(before: Line, line: Line, step: float) -> bool:
    if line.new_flow:  # a sentence may run on into the next column or page
        return before.text.endswith(SENTENCE_END) or not line.text[:1].islower()
    return line.top - before.top > PARAGRAPH_GAP * step


def _heading_mark(line: Line, body: float, sizes: Sequence[float]) -> str:
    if len(line.text) > HEADING_CHARACTERS or not any(c.isalpha() for c in line.text):
        return ""
    if round(line.size, 1) in sizes:
        return f"{'#' * (sizes.index(round(line.size, 1)) + 1)} "
    if line.bold and line.size >= 0.95 * body and not line.text.endswith((".", ",", ";")):
        return f"{'#' * (len(sizes) + 1)} "
    return ""
