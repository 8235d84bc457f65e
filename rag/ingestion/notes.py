"""Tells footnotes from the text they interrupt, and puts back together what page ends cut apart.

In text extracted from PDF the notes of a page stand between its last line and the first line of
the next page, so a sentence may be cut by them; and a long note may go on at the foot of the next
page, so that the text above it interrupts the note. Which is which follows from three things: has
the next note been called already (then we are still at the foot of the page), does a note or a
paragraph break off, and does the chunk look like the rest of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ingestion.calls import Call
from rag.ingestion.lines import Chunk
from rag.ingestion.words import is_cut, is_finished, last_mark, starts_lower


@dataclass(slots=True)
class Note:
    """A footnote in the making: its number and its chunks, the later ones from later pages."""

    number: str
    chunks: list[Chunk]
    pages: list[int] = field(default_factory=lambda: [0])
    """The index in `chunks` at which each page's part begins."""

    @property
    def words(self) -> str:
        return self.chunks[-1].words


def separate(chunks: Sequence[Chunk], calls: Sequence[Call]) -> tuple[list[Chunk], list[Note]]:
    """The chunks of the running text, and the notes."""
    return _Separation(chunks, calls).run()


class _Separation:
    """One pass over the chunks; `waiting` counts calls whose notes have not come yet."""

    def __init__(self, chunks: Sequence[Chunk], calls: Sequence[Call]) -> None:
        self.chunks, self.calls = chunks, calls
        self.call_starts = [call.start for call in calls]
        self.following = _following_notes(chunks)
        self.body: list[Chunk] = []
        self.notes: list[Note] = []
        self.waiting: Counter[str] = Counter()
        self.in_notes = False
        self.in_list = False

    def run(self) -> tuple[list[Chunk], list[Note]]:
        for index, chunk in enumerate(self.chunks):
            if chunk.marker and chunk.marker.kind == "note":
                self._start(chunk)
            elif self._goes_on_at_foot(index, chunk):
                self.notes[-1].chunks.append(chunk)
            elif self._goes_on_from_last_page(index, chunk):
                note = self.notes[-1]
                note.pages.append(len(note.chunks))
                note.chunks.append(chunk)
                self.in_notes = True
            else:
                self.body.append(chunk)
                self.in_notes = self.in_list = False
            self._count_calls(chunk)
        return self.body, self.notes

    def _start(self, chunk: Chunk) -> None:
        number = chunk.marker.label if chunk.marker else ""
        self.notes.append(Note(number, [chunk]))
        self.waiting[number] = max(0, self.waiting[number] - 1)
        self.in_notes, self.in_list = True, False

    def _goes_on_at_foot(self, index: int, chunk: Chunk) -> bool:
        """Whether `chunk` belongs to the note directly before it."""
        if not self.in_notes:
            return False
        item = chunk.marker is not None and chunk.marker.kind in ("dash", "bullet", "letter")
        if item and (self.in_list or last_mark(self.notes[-1].words) == ":"):
            self.in_list = True
            return True
        following = self.following[index]
        return following is not None and self.waiting[following] > 0 and not self._has_new_calls(chunk)

    def _goes_on_from_last_page(self, index: int, chunk: Chunk) -> bool:
        """Whether `chunk`, the last before this page's notes, is the rest of the last page's note."""
        if self.in_notes or not self.notes or chunk.marker or index + 1 >= len(self.chunks):
            return False
        after = self.chunks[index + 1].marker
        if after is None or after.kind != "note" or not is_cut(self.notes[-1].words):
            return False
        if is_finished(self.notes[-1].words) or self._calls_in(chunk):
            return False
        cut = bool(self.body) and is_cut(self.body[-1].words) and not self.body[-1].marker
        return cut or starts_lower(chunk.words) or bool(self.body and is_cut(self.body[-1].words))

    def _calls_in(self, chunk: Chunk) -> list[Call]:
        first = bisect_left(self.call_starts, chunk.start)
        return list(self.calls[first : bisect_left(self.call_starts, chunk.end)])

    def _has_new_calls(self, chunk: Chunk) -> bool:
        return bool(self._calls_in(chunk))

    def _count_calls(self, chunk: Chunk) -> None:
        self.waiting.update(call.number for call in self._calls_in(chunk))


def _following_notes(chunks: Sequence[Chunk]) -> list[str | None]:
    """For each chunk, the number of the first note that starts after it."""
    following: list[str | None] = [None] * len(chunks)
    number: str | None = None
    for index in range(len(chunks) - 1, -1, -1):
        following[index] = number
        marker = chunks[index].marker
        if marker and marker.kind == "note":
            number = marker.label
    return following
