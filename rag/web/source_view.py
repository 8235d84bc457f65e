"""A document as the page shows it: parts in reading order, notes gathered at the end.

Nothing of the source is left out: text that belongs to no block is shown as page furniture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from rag.domain.documents import (
    Block,
    Contact,
    Document,
    Footnote,
    FootnoteCall,
    Furniture,
    Heading,
    ListItem,
    Paragraph,
    TableRow,
    Title,
)
from rag.domain.spans import Span, Spans
from rag.web.highlighting import Highlighter, Run, calls_by_block
from rag.web.placement import printed_number, unplaced

Cells = tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A block on the page. `kind` is "title", "heading", "paragraph", "item", "contact" or "furniture"."""

    kind: str
    anchor: str
    runs: tuple[Run, ...]
    level: int = 1
    number: str = ""
    """The printed number, where the words themselves do not begin with it."""

    @property
    def words(self) -> str:
        return " ".join("".join(run.words for run in self.runs if run.call is None).split())


@dataclass(frozen=True, slots=True)
class ItemList:
    items: tuple[Part, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Table:
    columns: Cells
    rows: tuple[Cells, ...]
    anchor: str
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Note:
    number: str
    anchor: str
    runs: tuple[Run, ...]
    callers: tuple[str, ...]
    """Anchors of the places that call the note."""


@dataclass(frozen=True)
class SourceView:
    """One document with the cited spans marked."""

    document: Document
    cited: Spans = ()

    @cached_property
    def _highlighter(self) -> Highlighter:
        return Highlighter(self.document, self.cited)

    @cached_property
    def _calls(self) -> dict[int, tuple[FootnoteCall, ...]]:
        return calls_by_block(self.document)

    @cached_property
    def note_anchors(self) -> dict[str, str]:
        """The anchor of each note, by its number; the first note of a number wins."""
        anchors: dict[str, str] = {}
        for index, block in enumerate(self.document.blocks):
            if isinstance(block, Footnote) and block.number:
                anchors.setdefault(block.number, f"note-{index}")
        return anchors

    @cached_property
    def parts(self) -> tuple[Part | ItemList | Table, ...]:
        return tuple(self._gather(tuple(self._units())))

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        callers: dict[str, list[str]] = {}
        for calls in self._calls.values():
            for call in calls:
                callers.setdefault(call.number, []).append(f"call-{call.span.start}")
        return tuple(
            Note(
                block.number or "",
                f"note-{index}",
                self._words(block, index),
                tuple(callers.get(block.number or "", ())),
            )
            for index, block in enumerate(self.document.blocks)
            if isinstance(block, Footnote)
        )

    @cached_property
    def contents(self) -> tuple[Part, ...]:
        """The headings, for a table of contents."""
        return tuple(p for p in self.parts if isinstance(p, Part) and p.kind == "heading" and p.words)

    @property
    def groups(self) -> Iterator[tuple[Run, ...]]:
        """The runs of each paragraph, item, cell and note in the order of the page."""
        for part in self.parts:
            match part:
                case Part():
                    yield part.runs
                case ItemList():
                    yield from (item.runs for item in part.items)
                case Table():
                    yield from (cell for cells in (part.columns, *part.rows) for cell in cells)
        yield from (note.runs for note in self.notes)

    @cached_property
    def marked_runs(self) -> tuple[Run, ...]:
        """The highlighted runs in the order of the page."""
        return tuple(run for group in self.groups for run in group if run.marked)

    @property
    def first_mark(self) -> int | None:
        """The source position at which the first highlighted run of the page begins."""
        return self.marked_runs[0].position if self.marked_runs else None

    def _units(self) -> Iterator[tuple[Block, Part | None, int]]:
        """Blocks but notes, in reading order, with unplaced text where it stands."""
        loose = list(unplaced(self.document))
        for index, block in enumerate(self.document.blocks):
            start = block.spans[0].start if block.spans else 0
            while loose and loose[0].start < start:
                yield self._loose(loose.pop(0))
            if not isinstance(block, Footnote):
                yield block, self._part(block, index), index
        for span in loose:
            yield self._loose(span)

    def _loose(self, span: Span) -> tuple[Block, Part | None, int]:
        block = Furniture((span,))
        kind = "furniture" if self.document.blocks else "unparsed"
        return block, Part(kind, f"loose-{span.start}", self._words(block, -1)), -1

    def _part(self, block: Block, index: int) -> Part | None:
        anchor, runs, number = (
            f"part-{index}",
            self._words(block, index),
            printed_number(self.document, block),
        )
        match block:
            case TableRow():
                return None
            case Title():
                return Part("title", anchor, runs, number=number)
            case Heading(level=level):
                return Part("heading", anchor, runs, level, number)
            case ListItem(level=level):
                return Part("item", anchor, runs, level, number)
            case Contact():
                return Part("contact", anchor, runs)
            case Furniture():
                return Part("furniture", anchor, runs)
            case Paragraph():
                return Part("paragraph", anchor, runs, number=number)
        return Part("paragraph", anchor, runs, number=number)

    def _words(self, block: Block, index: int) -> tuple[Run, ...]:
        return trimmed(self._highlighter.runs(block.spans, self._calls.get(index, ())))

    def _gather(self, units: tuple[tuple[Block, Part | None, int], ...]) -> Iterator[Part | ItemList | Table]:
        items: list[Part] = []
        rows: list[TableRow] = []
        first = 0
        for block, part, index in units:
            if items and not isinstance(block, ListItem):
                yield ItemList(tuple(items))
                items = []
            if rows and not (isinstance(block, TableRow) and block.columns == rows[0].columns):
                yield self._table(rows, first)
                rows = []
            if isinstance(block, TableRow):
                first = first if rows else index
                rows.append(block)
            elif isinstance(block, ListItem) and part:
                items.append(part)
            elif part:
                yield part
        if items:
            yield ItemList(tuple(items))
        if rows:
            yield self._table(rows, first)

    def _table(self, rows: list[TableRow], index: int) -> Table:
        def cells(cells: tuple[Spans, ...]) -> Cells:
            return tuple(trimmed(self._highlighter.runs(spans)) for spans in cells)

        body = tuple(cells(row.cells or (row.spans,)) for row in rows)
        columns = cells(rows[0].columns)
        unnamed = max(map(len, body)) - len(columns)
        return Table(((),) * unnamed + columns if columns else (), body, f"part-{index}")


def trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without blank space at either end."""
    kept = list(runs)
    if kept and kept[0].call is None:
        kept[0] = replace(kept[0], words=kept[0].words.lstrip())
    if kept and kept[-1].call is None:
        kept[-1] = replace(kept[-1], words=kept[-1].words.rstrip())
    return tuple(run for run in kept if run.words)
