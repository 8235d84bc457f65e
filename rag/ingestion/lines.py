"""Lines of a source text and the chunks they form: what a typist would have kept together.

It looks at layout only (blank lines, indents, markers at line starts) and decides nothing about
meaning. Positions are code points of the source; nothing is copied or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from rag.ingestion.markers import Marker, marker_at, stands_alone
from rag.ingestion.words import MONTHS, plain

_LINE_END = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_WRAPPED_WIDTH = 125
"""Hard-wrapped lines are shorter than this; a paragraph on one line is usually longer."""
_CONTINUING_SHARE = 0.3
_FULL_LINE, _HEADING_SHARE = 50, 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has words: its trimmed range, and what whitespace came before it."""

    start: int
    end: int
    indent: int
    gap: int
    """Blank lines since the previous line with words."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that belong together; `content` is where the words start, after any marker."""

    lines: tuple[Line, ...]
    marker: Marker | None
    words: str
    """An approximate reading, without markup or markers, for decisions only."""
    turned_page: bool = False
    """A page break seems to stand before it."""

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end

    @property
    def content(self) -> int:
        return self.marker.end if self.marker else self.start

    @property
    def gap(self) -> int:
        return self.lines[0].gap


def lines_of(text: str) -> Iterator[Line]:
    """The lines that have words, in order."""
    gap = position = 0
    ends = [(m.start(), m.end()) for m in _LINE_END.finditer(text)] + [(len(text), len(text))]
    for end, following in ends:
        raw = text[position:end]
        words = raw.strip()
        if words:
            indent = len(raw) - len(raw.lstrip())
            yield Line(position + indent, position + indent + len(words), indent, gap)
            gap = 0
        else:
            gap += 1
        position = following


def is_double_spaced(text: str, lines: list[Line]) -> bool:
    """Whether a blank line follows every line, so that it divides nothing."""
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if b.gap == 1]
    if len(pairs) < 8 or median(line.end - line.start for line in lines) > _WRAPPED_WIDTH:
        return False
    continuing = sum(
        1
        for a, b in pairs
        if (text[a.end - 1].isalnum() or text[a.end - 1] == ",") and text[b.start].islower()
    )
    return continuing >= _CONTINUING_SHARE * len(pairs)


def is_line_per_paragraph(lines: list[Line]) -> bool:
    """Whether every line is a paragraph of its own, with no blank lines between."""
    if len(lines) < 4:
        return False
    apart = sum(1 for line in lines if line.gap)
    return apart <= 0.1 * len(lines) and max(x.end - x.start for x in lines) > 2 * _WRAPPED_WIDTH


def chunks_of(text: str) -> list[Chunk]:
    """The text's chunks in order; each line that has words is in exactly one."""
    lines = list(lines_of(text))
    allowed = 1 if is_double_spaced(text, lines) else 0
    single = is_line_per_paragraph(lines)
    runs: list[tuple[list[Line], Marker | None, bool]] = []
    for line in lines:
        marker = marker_at(text, line.start, line.end)
        previous = runs[-1] if runs else None
        turned = previous is not None and _turns_page(line, previous[0][-1])
        if previous is None or single or turned or _parts(text, line, marker, previous, allowed):
            runs.append(([line], marker, turned))
        else:
            previous[0].append(line)
    return [_chunk(text, run, marker, turned) for run, marker, turned in runs]


def _chunk(text: str, run: list[Line], marker: Marker | None, turned: bool) -> Chunk:
    start = marker.end if marker else run[0].start
    words = plain(text[start : run[-1].end])
    return Chunk(tuple(run), marker, words, turned)


def _turns_page(line: Line, previous: Line) -> bool:
    """Extraction from PDF leaves one space where a new page begins, with no blank line."""
    return line.gap == 0 and line.indent == 1 and previous.indent != 1


def _parts(
    text: str,
    line: Line,
    marker: Marker | None,
    previous: tuple[list[Line], Marker | None, bool],
    allowed: int,
) -> bool:
    """Whether `line` starts a new chunk."""
    run, run_marker, _ = previous
    last = run[-1]
    if line.gap > allowed or stands_alone(text, line.start, line.end):
        return True
    if stands_alone(text, last.start, last.end) or (len(run) == 1 and _heads(text, last, line)):
        return True
    return marker is not None and _is_real_marker(text, line, marker, last, run_marker)


def _heads(text: str, last: Line, line: Line) -> bool:
    """Whether a short line without an end stands as a heading directly above a full line."""
    length, below = last.end - last.start, line.end - line.start
    if below < _FULL_LINE or length > _HEADING_SHARE * below or line.gap:
        return False
    upper = text[last.start].isupper() and text[line.start].isupper()
    return upper and text[last.end - 1].isalpha() and text.count(" ", last.start, last.end) < 10


def _is_real_marker(text: str, line: Line, marker: Marker, last: Line, run_marker: Marker | None) -> bool:
    """Whether a marker at a line start begins an item, or only looks like one ("den / 8. maj")."""
    if marker.kind in ("bullet", "note", "heading") or line.gap:
        return True
    closing = text[last.end - 1]
    same = run_marker is not None and run_marker.kind == marker.kind
    if marker.kind == "dash":
        return same or closing in ".:;"
    first = re.match(r"[^\W\d]+", text[marker.end : line.end])
    if first and first.group().lower() in MONTHS:
        return False
    return same or closing in ".:;,!?"
