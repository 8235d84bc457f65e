"""Makes drafts of blocks from the running text: titles, headings, lists, table rows, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.ingestion.headings import Levels, Rank, front_matter, is_part_title, rank_of
from rag.ingestion.markers import Marker
from rag.ingestion.tables import Row, flattened, markdown_rows
from rag.ingestion.units import Unit
from rag.ingestion.words import count_words, introduces, is_finished, last_mark

Ranges = list[tuple[int, int]]
Kind = Literal["title", "heading", "paragraph", "item", "row"]


@dataclass(slots=True)
class Draft:
    """A block before its spans are settled; `lead_in` is the draft that introduces a list."""

    kind: Kind
    ranges: Ranges
    number: str | None = None
    level: int = 1
    lead_in: Draft | None = None
    row: Row | None = None
    tail: str = ""
    form: str = ""
    indent: int = 0

    @property
    def start(self) -> int:
        return self.ranges[0][0]


def drafts_of(text: str, units: Sequence[Unit]) -> list[Draft]:
    """The running text's drafts, in order."""
    return _Structure(text, units).run()


class _Structure:
    """One pass over the units, keeping the open headings and the open lists."""

    def __init__(self, text: str, units: Sequence[Unit]) -> None:
        self.text, self.units = text, units
        self.drafts: list[Draft] = []
        self.levels = Levels()
        self.lists: list[Draft] = []
        """The last item of each open list, outermost first."""
        self.numbers: dict[str, int] = {}
        """The last number of each open run of numbered paragraphs, by form."""

    def run(self) -> list[Draft]:
        rows = {i: row for i in range(len(self.units)) if (row := flattened(self.text, self.units, i))}
        columns = {column for row in rows.values() for column in row.columns}
        page, titled = front_matter(self.units)
        page = self._without_last_heading(page, bool(columns))
        for index, unit in enumerate(self.units):
            if unit.ranges[0] in columns and index not in rows:
                continue
            if index < page:
                self._add_front(unit, index < max(1, min(titled, page)))
            elif index in rows:
                self._add(Draft("row", list(rows[index].cells), row=rows[index]))
            else:
                self._place(index, unit)
        return self.drafts

    def _without_last_heading(self, page: int, has_table: bool) -> int:
        """The last line of a title page may be the first heading of the text."""
        if page >= 2:
            rank = rank_of(self.units, page - 1, self.text)
            if (
                rank
                and (rank.rank < 20 or self.units[page - 1].length <= 4)
                and not self._is_reference(page - 1)
            ):
                return page - 1
        return page

    def _is_reference(self, index: int) -> bool:
        return any(map(str.isdigit, self.units[index].words)) and self.units[index].marker is None

    def _add_front(self, unit: Unit, is_title: bool) -> None:
        self._add(Draft("title" if is_title else "paragraph", unit.ranges, tail=unit.tail))

    def _place(self, index: int, unit: Unit) -> None:
        table = markdown_rows(self.text, unit)
        if table:
            for row in table:
                self._add(Draft("row", list(row.cells), row=row))
        elif is_part_title(unit) and not rank_of(self.units, index, self.text):
            self._close()
            self._add(Draft("title", unit.ranges))
        elif self._names_division(unit):
            self.drafts[-1].ranges.extend(unit.ranges)
            self.drafts[-1].tail = ""
        elif rank := self._rank(index):
            self._add_heading(unit, rank)
        elif unit.marker and unit.marker.kind != "roman":
            self._add_item(unit, unit.marker)
        else:
            self._add_paragraph(unit)

    def _rank(self, index: int) -> Rank | None:
        marker = self.units[index].marker
        rank = rank_of(self.units, index, self.text)
        if rank and marker and marker.kind == "number" and self._continues_list(marker):
            return None
        return rank

    def _continues_list(self, marker: Marker) -> bool:
        last = next((item for item in reversed(self.lists) if item.form == marker.form), None)
        return last is not None and last.number == str(int(marker.label) - 1)

    def _names_division(self, unit: Unit) -> bool:
        """Whether this is the title that an "Article 3" on the line before still lacks."""
        if not self.drafts or self.drafts[-1].kind != "heading" or self.drafts[-1].tail != "division":
            return False
        short = unit.length <= 20 and not is_finished(unit.words) and last_mark(unit.words) not in ":;,"
        return unit.marker is None and short and len(unit.chunks) == 1

    def _add_heading(self, unit: Unit, rank: Rank) -> None:
        self._close()
        self.numbers.clear()
        start = unit.chunks[0].content if unit.marker and unit.marker.kind == "heading" else unit.start
        bare = count_words(unit.words) == 2 and rank.rank in range(11, 16)
        draft = Draft("heading", [(start, unit.ranges[0][1])], rank.number, self.levels.enter(rank.rank))
        draft.tail = "division" if bare else ""
        self._add(draft)

    def _add_paragraph(self, unit: Unit, number: str | None = None) -> None:
        ranges = unit.ranges if number else [(unit.start, unit.ranges[0][1]), *unit.ranges[1:]]
        draft = Draft("paragraph", ranges, number, tail=unit.tail)
        if not self._is_inside_item(draft, unit):
            self._close()
        self._add(draft)

    def _is_inside_item(self, draft: Draft, unit: Unit) -> bool:
        """Whether a paragraph may stand between items of a numbered list that goes on after it."""
        numbered = bool(self.lists) and bool(self.lists[0].number)
        return numbered and draft.number is None and unit.length > 4

    def _add_item(self, unit: Unit, marker: Marker) -> None:
        if marker.kind == "number" and self._is_paragraph(unit, marker):
            self.numbers[marker.form] = int(marker.label)
            self._add_paragraph(unit, marker.label)
            return
        form, indent = self._form(marker), unit.chunks[0].lines[0].indent
        depth = self._depth(form, indent)
        if depth is not None and self._restarts(self.lists[depth], marker):
            self.lists = []
            depth = None
        if depth is not None:
            lead_in = self.lists[depth].lead_in
            self.lists = self.lists[:depth]
        else:
            lead_in = self._lead_in(indent)
            if lead_in is None or lead_in.kind != "item":
                self.lists = []
        draft = Draft("item", unit.ranges, marker.label or None, len(self.lists) + 1, lead_in)
        draft.tail, draft.form, draft.indent = unit.tail, form, indent
        self.lists.append(draft)
        self._add(draft)

    def _form(self, marker: Marker) -> str:
        """The make of a marker; "(i)" is a roman number unless it comes after "(h)"."""
        if marker.kind != "letter" or marker.label.strip("ivx"):
            return marker.form
        before = next((item.number for item in reversed(self.lists) if item.form == marker.form), None)
        follows = before is not None and len(marker.label) == 1 and ord(before[0]) + 1 == ord(marker.label)
        return marker.form if follows else marker.form.replace("a", "i")

    def _depth(self, form: str, indent: int) -> int | None:
        """The open list that an item belongs to; deeper indents make a list of their own."""
        if self.lists and self.drafts[-1] is self.lists[-1] and indent >= self.lists[-1].indent + 2:
            return None
        same = [i for i, item in enumerate(self.lists) if item.form == form]
        level = [i for i in same if abs(self.lists[i].indent - indent) < 2]
        return next(iter(level or same), None)

    def _restarts(self, item: Draft, marker: Marker) -> bool:
        """Whether a marker of the same make begins a new list: after a new lead-in, or from 1."""
        last = self.drafts[-1]
        if marker.kind == "number" and item.number == str(int(marker.label) - 1):
            return False
        if last.kind == "paragraph":
            return introduces(last.tail) or marker.kind in ("bullet", "dash") or marker.label == "1"
        return False

    def _is_paragraph(self, unit: Unit, marker: Marker) -> bool:
        """A numbered paragraph, as opposed to an item of a numbered list."""
        if self._continues_list(marker):
            return False
        if self.numbers.get(marker.form, -1) == int(marker.label) - 1 and marker.label != "1":
            return True
        if self._lead_in() is not None:
            return False
        return is_finished(unit.tail) or unit.length >= 20 or last_mark(unit.tail) in {":", ";"}

    def _lead_in(self, indent: int = 0) -> Draft | None:
        last = self.drafts[-1] if self.drafts else None
        if last is None:
            return None
        if last.kind == "item" and (last_mark(last.tail) == ":" or indent >= last.indent + 2):
            return last
        return last if last.kind == "paragraph" and introduces(last.tail) else None

    def _close(self) -> None:
        self.lists = []

    def _add(self, draft: Draft) -> None:
        self.drafts.append(draft)
