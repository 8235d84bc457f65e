"""Positions in a text: half-open code-point ranges, and the law that binds a quote to them.

A source text is never edited. What a person reads is the source under a list of
`Repair`s (a page break that cut a sentence, a bold marker, doubled spaces); `reading`
is the only function that turns positions into words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

OMISSION = " … "
"""Stands in a reading where source text that is not a repair was left out between two spans."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points in `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is not a half-open range")

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


Spans = tuple[Span, ...]


class RepairKind(StrEnum):
    """What was wrong with the source at this place."""

    WHITESPACE = "whitespace"  # line break, doubled space, tab
    MARKUP = "markup"  # bold marker, Markdown link target, escape
    MARKER = "marker"  # footnote call
    BROKEN_WORD = "broken word"  # "dr ie"
    HYPHENATION = "hyphenation"  # a word divided at a line end
    INTERRUPTION = "interruption"  # footnotes or page furniture inside a sentence


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """A source range read as `replacement` (usually nothing, or one space).

    An interruption may enclose or cross other repairs: it is applied between spans only.
    """

    span: Span
    replacement: str
    kind: RepairKind


def join_spans(spans: Iterable[Span]) -> Spans:
    """Sort the spans and merge those that touch or overlap; empty ones vanish."""
    merged: list[Span] = []
    for span in sorted(s for s in spans if len(s)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def subtract(spans: Spans, holes: Spans) -> Spans:
    """The parts of `spans` that no hole covers."""
    left: list[Span] = []
    for span in spans:
        start = span.start
        for hole in holes:
            if hole.end <= start or hole.start >= span.end:
                continue
            if hole.start > start:
                left.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def read(text: str, repairs: Sequence[Repair], spans: Spans) -> str:
    """The words of `spans` as a person reads them.

    `repairs` are sorted; all but interruptions are disjoint. An interruption stands between two
    spans and never inside one, so that footnotes and the text they interrupt can both be read.
    Inside a span every other repair is applied. A gap between two spans that is exactly an
    interruption reads as its replacement; a gap of repairs and whitespace only reads as they do;
    any other gap is an `OMISSION`. The result is stripped at both ends.
    """
    return "".join(piece.words for piece in trace(text, repairs, spans)).strip()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reading: its words, where they come from, and whether they stand there."""

    span: Span
    words: str
    verbatim: bool


def trace(text: str, repairs: Sequence[Repair], spans: Spans) -> Iterable[Piece]:
    """The reading of `spans`, unstripped, piece by piece with the source of each."""
    for index, span in enumerate(spans):
        if index:
            yield from _trace_gap(text, repairs, Span(spans[index - 1].end, span.start))
        yield from _trace_run(text, repairs, span)


def locate(text: str, repairs: Sequence[Repair], spans: Spans, start: int, end: int) -> Spans:
    """The source of `read(text, repairs, spans)[start:end]`, stripped: reading it gives that again.

    A replacement of several letters is taken whole when the range touches it.
    """
    return locate_all(text, repairs, spans, ((start, end),))[0]


def locate_all(
    text: str, repairs: Sequence[Repair], spans: Spans, ranges: Sequence[tuple[int, int]]
) -> tuple[Spans, ...]:
    """`locate` for several ranges, the reading being traced once."""
    pieces = list(trace(text, repairs, spans))
    reading = "".join(piece.words for piece in pieces)
    indent = len(reading) - len(reading.lstrip())
    offsets = list(accumulate((len(piece.words) for piece in pieces), initial=0))
    return tuple(
        _source(spans, pieces, offsets, reading, start + indent, end + indent) for start, end in ranges
    )


def _source(
    spans: Spans,
    pieces: Sequence[Piece],
    offsets: Sequence[int],
    reading: str,
    start: int,
    end: int,
) -> Spans:
    words = reading[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start >= end:
        return ()
    first, last = bisect_right(offsets, start) - 1, bisect_left(offsets, end) - 1
    opening, closing = pieces[first], pieces[last]
    source_start = opening.span.start + (start - offsets[first] if opening.verbatim else 0)
    source_end = closing.span.start + end - offsets[last] if closing.verbatim else closing.span.end
    cut = (
        Span(max(s.start, source_start), max(source_start, s.start, min(s.end, source_end))) for s in spans
    )
    return tuple(span for span in cut if len(span))


def _before(repairs: Sequence[Repair], position: int) -> int:
    """The index of the first repair that may cover `position`; only interruptions may nest."""
    at = bisect_left(repairs, position, key=lambda repair: repair.span.start)
    back = at
    while back and repairs[back - 1].kind is RepairKind.INTERRUPTION:
        back -= 1
    return back - 1 if back and repairs[back - 1].span.end > position else at


def _within(repairs: Sequence[Repair], span: Span) -> Iterable[Repair]:
    at = _before(repairs, span.start)
    while at < len(repairs) and repairs[at].span.start < span.end:
        if repairs[at].kind is not RepairKind.INTERRUPTION and repairs[at].span.end > span.start:
            yield repairs[at]
        at += 1


def _trace_run(text: str, repairs: Sequence[Repair], span: Span) -> Iterable[Piece]:
    position = span.start
    for repair in _within(repairs, span):
        if repair.span.start > position:
            yield Piece(Span(position, repair.span.start), text[position : repair.span.start], True)
        if span.contains(repair.span):
            yield Piece(repair.span, repair.replacement, False)
        position = min(repair.span.end, span.end)
    if position < span.end:
        yield Piece(Span(position, span.end), text[position : span.end], True)


def _trace_gap(text: str, repairs: Sequence[Repair], gap: Span) -> Iterable[Piece]:
    if not len(gap):
        return ()
    at = bisect_left(repairs, gap.start, key=lambda repair: repair.span.start)
    while at < len(repairs) and repairs[at].span.start == gap.start:
        if repairs[at].kind is RepairKind.INTERRUPTION and repairs[at].span == gap:
            return (Piece(gap, repairs[at].replacement, False),)
        at += 1
    pieces = tuple(_trace_run(text, repairs, gap))
    inside = all(gap.contains(repair.span) for repair in _within(repairs, gap))
    if inside and all(not p.verbatim or p.words.isspace() for p in pieces):
        return pieces
    return (Piece(gap, OMISSION, False),)
