"""Reads a text: from the decoded source to a `Document` whose blocks and repairs are settled.

Everything is decided by features of the text; no document is known by name. The source is never
changed, and every character of it is in a block, in a repair, or is whitespace.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.domain.documents import (
    Block,
    Contact,
    Description,
    Document,
    EndMatter,
    Footnote,
    FootnoteCall,
    Furniture,
    Heading,
    ListItem,
    Paragraph,
    TableRow,
    Title,
)
from rag.domain.spans import Repair, RepairKind, Span, Spans
from rag.ingestion.calls import Call, calls_in
from rag.ingestion.endmatter import Aside, asides
from rag.ingestion.furniture import parts_of
from rag.ingestion.inline import broken_words, markup
from rag.ingestion.lines import Chunk, chunks_of
from rag.ingestion.notes import Note, separate
from rag.ingestion.repair import Edit, Trimmer, repairs_of, settle
from rag.ingestion.structure import Draft, drafts_of
from rag.ingestion.units import units_of


def parse(text: str, *, id: str, language: str, description: Description, sha256: str) -> Document:
    """The document that `text` is. `language` may be "unknown"; no text is refused."""
    chunks = chunks_of(text)
    markers = [c.marker for c in chunks if c.marker and c.marker.kind == "note"]
    calls, notices = calls_in(text, markers)
    body, notes = separate(chunks, calls)
    parts = parts_of(text, body)
    units = units_of(body, parts, [note.chunks[0].start for note in notes])
    drafts = drafts_of(text, units)
    edits = settle(_edits(text, drafts, notes, calls, body))
    assembly = _Assembly(text, edits, calls)
    blocks = assembly.blocks(drafts, notes, asides(text, body, parts))
    repairs = sorted([*repairs_of(text, edits), *assembly.interruptions])
    return Document(
        id=id,
        text=text,
        language=language,
        description=description,
        sha256=sha256,
        blocks=blocks,
        repairs=tuple(repairs),
        notices=(*notices, *_notices(blocks, calls)),
    )


def _edits(
    text: str, drafts: Sequence[Draft], notes: Sequence[Note], calls: Sequence[Call], body: Sequence[Chunk]
) -> Iterable[Edit]:
    """All that readings pass over: markers, calls, markup, broken words, column rules."""
    begins = {start for draft in drafts for start, _ in draft.ranges}
    for chunk in body:
        if chunk.marker and chunk.content in begins:
            yield Edit(chunk.marker.start, chunk.marker.end, "", RepairKind.MARKUP)
    for note in notes:
        for chunk in note.chunks:
            if chunk.marker:
                yield Edit(chunk.marker.start, chunk.marker.end, "", RepairKind.MARKUP)
    yield from (Edit(call.start, call.end, "", RepairKind.MARKER) for call in calls)
    for draft in drafts:
        if draft.row:
            yield from _rules(text, draft.row.cells)
            yield from _rules(text, draft.row.columns)
    yield from markup(text)
    yield from broken_words(text)


def _rules(text: str, cells: Sequence[tuple[int, int]]) -> Iterable[Edit]:
    """Between two cells a reader sees a rule."""
    for (_, end), (start, _) in zip(cells, cells[1:], strict=False):
        gap = text[end:start]
        if not gap.strip(" \t\r\n|"):
            yield Edit(end, start, " | ", RepairKind.WHITESPACE)


class _Assembly:
    """Turns drafts, notes and the rest into blocks, in reading order."""

    def __init__(self, text: str, edits: Sequence[Edit], calls: Sequence[Call]) -> None:
        self.text, self.calls = text, calls
        self.trimmer = Trimmer(text, edits)
        self.interruptions: list[Repair] = []

    def blocks(
        self, drafts: Sequence[Draft], notes: Sequence[Note], beside: Sequence[Aside]
    ) -> tuple[Block, ...]:
        placed: list[tuple[int, Block, Draft | Aside | None]] = []
        for draft in drafts:
            spans = self._spans(draft.ranges, joined=draft.row is not None)
            if spans:
                placed.append((spans[0].start, self._block(draft, spans), draft))
        for note in notes:
            spans = self._spans(_note_ranges(note))
            if spans:
                placed.append((spans[0].start, Footnote(spans, note.number), None))
        for aside in beside:
            spans = self._spans(aside.ranges)
            if spans:
                placed.append((spans[0].start, aside.kind(spans), aside))
        placed.sort(key=lambda item: item[0])
        self._bridge([block for _, block, _ in placed])
        return self._linked([block for _, block, _ in placed], [draft for _, _, draft in placed])

    def _bridge(self, blocks: Sequence[Block]) -> None:
        """Two blocks of the running text with only notes or furniture between read on."""
        before: Block | None = None
        interrupted = False
        for block in blocks:
            if isinstance(block, Footnote | Furniture | Contact | EndMatter):
                interrupted = True
                continue
            if before is not None and interrupted and before.spans[-1].end < block.spans[0].start:
                gap = Span(before.spans[-1].end, block.spans[0].start)
                self.interruptions.append(Repair(gap, " ", RepairKind.INTERRUPTION))
            before, interrupted = block, False

    def _spans(self, ranges: Sequence[tuple[int, int]], joined: bool = False) -> Spans:
        if joined:
            ranges = [(ranges[0][0], ranges[-1][1])]
        spans = [span for start, end in ranges if (span := self.trimmer.trim(start, end))]
        for before, after in zip(spans, spans[1:], strict=False):
            gap = Span(before.end, after.start)
            self.interruptions.append(Repair(gap, " ", RepairKind.INTERRUPTION))
        return tuple(spans)

    def _block(self, draft: Draft, spans: Spans) -> Block:
        if draft.kind == "title":
            return Title(spans, draft.number)
        if draft.kind == "heading":
            return Heading(spans, draft.number, draft.level)
        if draft.kind == "item":
            return ListItem(spans, draft.number, draft.level)
        if draft.kind == "row" and draft.row:
            columns = tuple(self._cell(*column) for column in draft.row.columns)
            cells = tuple(self._cell(*cell) for cell in draft.row.cells)
            return TableRow(spans, None, columns, cells)
        return Paragraph(spans, draft.number)

    def _cell(self, start: int, end: int) -> Spans:
        span = self.trimmer.trim(start, end)
        return (span,) if span else ()

    def _linked(self, blocks: list[Block], drafts: Sequence[Draft | Aside | None]) -> tuple[Block, ...]:
        """Lead-ins and calls, once the blocks' places are known."""
        index_of = {id(draft): index for index, draft in enumerate(drafts) if draft is not None}
        called = self._called(blocks)
        callers = {call.start: index for index, found in called.items() for call in found}
        pending: dict[str, list[Call]] = defaultdict(list)
        for call in reversed(self.calls):
            if call.start in callers:
                pending[call.number].append(call)
        for index, block in enumerate(blocks):
            draft = drafts[index]
            marks = tuple(FootnoteCall(c.number, Span(c.start, c.end)) for c in called.get(index, ()))
            if isinstance(block, ListItem):
                lead_in = (
                    index_of.get(id(draft.lead_in)) if isinstance(draft, Draft) and draft.lead_in else None
                )
                blocks[index] = replace(block, lead_in=lead_in, calls=marks)
            elif isinstance(block, Paragraph):
                blocks[index] = replace(block, calls=marks)
            elif isinstance(block, Contact | EndMatter) and isinstance(draft, Aside) and draft.heading:
                blocks[index] = replace(block, heading=index_of.get(id(draft.heading)))
            elif isinstance(block, Footnote) and pending[block.number or ""]:
                call = pending[block.number or ""].pop()
                blocks[index] = replace(block, caller=callers[call.start], call=Span(call.start, call.end))
        return tuple(blocks)

    def _called(self, blocks: Sequence[Block]) -> dict[int, list[Call]]:
        """The calls of each block, by its index; a call after the last word counts as the block's."""
        reaches = sorted((span.start, index) for index, block in enumerate(blocks) for span in block.spans)
        starts = [start for start, _ in reaches]
        called: dict[int, list[Call]] = defaultdict(list)
        for call in self.calls:
            at = bisect_right(starts, call.start) - 1
            if at >= 0:
                called[reaches[at][1]].append(call)
        return called


def _note_ranges(note: Note) -> list[tuple[int, int]]:
    ends = [*note.pages[1:], len(note.chunks)]
    return [
        (note.chunks[first].content, note.chunks[last - 1].end)
        for first, last in zip(note.pages, ends, strict=True)
    ]


def _notices(blocks: Sequence[Block], calls: Sequence[Call]) -> Iterable[str]:
    notes = [block for block in blocks if isinstance(block, Footnote)]
    for note in notes:
        if note.call is None:
            yield (
                f"The call of footnote {note.number} was lost in the source; "
                "the footnote is kept, but what it belongs to is not known."
            )
    known = {note.number for note in notes}
    absent = list(dict.fromkeys(call.number for call in calls if call.number not in known))
    if absent:
        named = ", ".join(absent)
        yield f"The text calls footnotes whose words are absent from the source: {named}."
