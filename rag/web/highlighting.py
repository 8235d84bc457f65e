"""A text cut into runs for the page: plain words, cited words, footnote calls.

It keeps the law of the house on the page: what stands in the marks of a span is the reading of
that span. Cleaning is the domain's; this room only decides where a mark begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rag.domain.documents import Document, Footnote, FootnoteCall, ListItem, Paragraph
from rag.domain.spans import OMISSION, Piece, Span, Spans, join_spans, trace

MOST_SPANS = 200
"""More ranges in one address are refused; a citation has a handful."""

_PAIR = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


class BadSpans(ValueError):
    """An address names ranges that the text does not have."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words of one kind; `call` is the note they call (words: the marker itself)."""

    words: str
    marked: bool = False
    call: str | None = None
    position: int = 0


def parse_spans(value: str, length: int) -> Spans:
    """Ranges such as "120-180,200-230" within a text of `length` code points. Raises BadSpans."""
    parts = value.split(",")
    if len(parts) > MOST_SPANS:
        raise BadSpans(value)
    spans: list[Span] = []
    for part in parts:
        found = _PAIR.fullmatch(part.strip())
        if found is None:
            raise BadSpans(value)
        start, end = int(found[1]), int(found[2])
        if not start < end <= length:
            raise BadSpans(value)
        spans.append(Span(start, end))
    return join_spans(spans)


def calls_by_block(document: Document) -> dict[int, tuple[FootnoteCall, ...]]:
    """The note calls of each block, by its index, in the order of the source."""
    calls: dict[int, dict[int, FootnoteCall]] = {}
    for index, block in enumerate(document.blocks):
        if isinstance(block, Paragraph | ListItem):
            calls.setdefault(index, {}).update((call.span.start, call) for call in block.calls)
        elif isinstance(block, Footnote) and block.call and block.number and block.caller is not None:
            call = FootnoteCall(block.number, block.call)
            calls.setdefault(block.caller, {}).setdefault(call.span.start, call)
    return {index: tuple(found[start] for start in sorted(found)) for index, found in calls.items()}


@dataclass(frozen=True)
class Highlighter:
    """Cuts the readings of one document at the borders of the cited spans."""

    document: Document
    cited: Spans = ()

    def runs(self, spans: Spans, calls: Sequence[FootnoteCall] = ()) -> tuple[Run, ...]:
        """The reading of `spans` with its note calls, run by run."""
        return tuple(_joined(self._cut(spans, calls)))

    def _cut(self, spans: Spans, calls: Sequence[FootnoteCall]) -> Iterator[Run]:
        waiting = list(calls)
        for piece in trace(self.document.text, self.document.repairs, spans):
            while waiting and waiting[0].span.end <= piece.span.start:
                yield _call_run(waiting.pop(0))
            inside = [call for call in waiting if piece.span.contains(call.span)]
            waiting = [call for call in waiting if call not in inside]
            if piece.verbatim:
                yield from self._verbatim(piece.span, inside)
            else:
                yield from map(_call_run, inside)
                yield from self._repaired(piece)
        yield from map(_call_run, waiting)

    def _verbatim(self, span: Span, calls: Sequence[FootnoteCall]) -> Iterator[Run]:
        borders = {span.start, span.end}
        for inner in (*self.cited, *(call.span for call in calls)):
            borders.update(p for p in (inner.start, inner.end) if span.start < p < span.end)
        numbers = {call.span.start: call.number for call in calls}
        for start, end in pairwise(sorted(borders)):
            marked = any(cited.contains(Span(start, end)) for cited in self.cited)
            yield Run(self.document.text[start:end], marked, numbers.get(start), start)

    def _repaired(self, piece: Piece) -> Iterator[Run]:
        if piece.words:
            yield Run(piece.words, piece.span in self._read_replacements, None, piece.span.start)

    @cached_property
    def _read_replacements(self) -> frozenset[Span]:
        """Repairs that the reading of the cited spans applies."""
        pieces = trace(self.document.text, self.document.repairs, self.cited)
        return frozenset(p.span for p in pieces if not p.verbatim and p.words != OMISSION)


def _call_run(call: FootnoteCall) -> Run:
    return Run(call.number, False, call.number, call.span.start)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    held: Run | None = None
    for run in runs:
        if held and held.call is None and run.call is None and held.marked == run.marked:
            held = Run(held.words + run.words, held.marked, None, held.position)
            continue
        if held:
            yield held
        held = run
    if held:
        yield held
