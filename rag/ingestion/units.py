"""Units of the running text: chunks, joined where something cut a sentence in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ingestion.furniture import Part
from rag.ingestion.lines import Chunk
from rag.ingestion.markers import Marker
from rag.ingestion.words import count_words, is_capitals, is_cut, is_finished, starts_lower


@dataclass(slots=True)
class Unit:
    """A paragraph, item or heading in the making; several ranges if it was interrupted."""

    chunks: list[Chunk]
    ranges: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0
    """How many words it has."""

    @property
    def words(self) -> str:
        """Its first words (all of them, if it is whole)."""
        return self.chunks[0].words

    @property
    def tail(self) -> str:
        """Its last words."""
        return self.chunks[-1].words

    @property
    def marker(self) -> Marker | None:
        return self.chunks[0].marker

    @property
    def start(self) -> int:
        return self.chunks[0].start


def unit_of(chunk: Chunk) -> Unit:
    return Unit([chunk], [(chunk.content, chunk.end)], count_words(chunk.words))


def units_of(chunks: Sequence[Chunk], parts: Sequence[Part], interruptions: Sequence[int]) -> list[Unit]:
    """The running text's units. `interruptions` are the starts of the notes, sorted."""
    units: list[Unit] = []
    interrupted = False
    starts = iter([*interruptions, float("inf")])
    note = next(starts)
    for chunk, part in zip(chunks, parts, strict=True):
        while note < chunk.start:
            interrupted, note = True, next(starts)
        if part is not Part.BODY:
            interrupted = True
            continue
        if units and _continues(units, chunk, interrupted):
            _join(units[-1], chunk, interrupted)
        else:
            units.append(unit_of(chunk))
        interrupted = False
    return units


def _join(unit: Unit, chunk: Chunk, interrupted: bool) -> None:
    unit.chunks.append(chunk)
    unit.length += count_words(chunk.words)
    if interrupted:
        unit.ranges.append((chunk.content, chunk.end))
    else:
        unit.ranges[-1] = (unit.ranges[-1][0], chunk.end)


def _continues(units: Sequence[Unit], chunk: Chunk, interrupted: bool) -> bool:
    """Whether `chunk` is the rest of the last unit."""
    unit = units[-1]
    if chunk.marker or is_finished(unit.tail) or (unit.marker and unit.marker.kind == "heading"):
        return False
    if is_capitals(chunk.words) and not is_finished(chunk.words):
        return False
    if starts_lower(chunk.words):
        return interrupted or (is_cut(unit.tail) and unit.length >= 5)
    if not (interrupted or chunk.turned_page) or not is_cut(unit.tail) or unit.length < 5:
        return False
    return not (unit.marker and _has_loose_sibling(units, unit.marker))


def _has_loose_sibling(units: Sequence[Unit], marker: Marker) -> bool:
    """Whether an item of the same list ends without punctuation: then this one was not cut."""
    if len(units) < 2:
        return False
    other = units[-2]
    return other.marker is not None and other.marker.form == marker.form and is_cut(other.tail)
