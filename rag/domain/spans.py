"""Positions in a text: half-open code-point ranges, and the law that binds a quote to them.

A source text is never edited. What a person reads is the source under a list of
`Repair`s (a page break that cut a sentence, a bold marker, doubled spaces); `reading`
is the only function that turns positions into words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

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
    """A source range read as `replacement` (usually nothing, or one space)."""

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

    `repairs` are sorted and disjoint. Inside a span each repair is applied; a gap between two
    spans that repairs cover wholly reads as their replacements, any other gap as `OMISSION`.
    The result is stripped at both ends.
    """
    pieces: list[str] = []
    for index, span in enumerate(spans):
        if index:
            pieces.append(_read_gap(repairs, Span(spans[index - 1].end, span.start)))
        pieces.append(_read_run(text, repairs, span))
    return "".join(pieces).strip()


def _within(repairs: Sequence[Repair], span: Span) -> Iterable[Repair]:
    at = bisect_left(repairs, span.start, key=lambda repair: repair.span.start)
    if at and repairs[at - 1].span.end > span.start:
        at -= 1
    while at < len(repairs) and repairs[at].span.start < span.end:
        yield repairs[at]
        at += 1


def _read_run(text: str, repairs: Sequence[Repair], span: Span) -> str:
    pieces: list[str] = []
    position = span.start
    for repair in _within(repairs, span):
        pieces.append(text[position : max(position, repair.span.start)])
        if span.contains(repair.span):
            pieces.append(repair.replacement)
        position = min(repair.span.end, span.end)
    pieces.append(text[position : span.end])
    return "".join(pieces)


def _read_gap(repairs: Sequence[Repair], gap: Span) -> str:
    position, pieces = gap.start, []
    for repair in _within(repairs, gap):
        if repair.span.start != position or repair.span.end > gap.end:
            return OMISSION
        pieces.append(repair.replacement)
        position = repair.span.end
    return "".join(pieces) if position == gap.end else OMISSION
