"""The offset map from a source to its reading: where characters are passed over, and why.

Callers say what is markup, a marker or a broken word (`Edit`s); this module adds the whitespace
and settles what each run of passed-over characters reads as, so that a reading has single spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.domain.spans import Repair, RepairKind, Span

_SPACE = re.compile(r"\s+")
_NO_SPACE_BEFORE = ".,;)"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Source characters that the reading passes over or replaces."""

    start: int
    end: int
    replacement: str
    kind: RepairKind


def settle(edits: Iterable[Edit]) -> list[Edit]:
    """Sorted and disjoint: of two that overlap, the one that starts first, then the longer."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.end > edit.start and (not kept or edit.start >= kept[-1].end):
            kept.append(edit)
    return kept


def repairs_of(text: str, edits: Sequence[Edit]) -> list[Repair]:
    """The repairs that make every reading of `text` clean; `edits` are settled."""
    repairs: list[Repair] = []
    for cluster in _clusters(_atoms(text, edits)):
        repairs.extend(_cluster_repairs(text, cluster))
    return repairs


def _atoms(text: str, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits, and the whitespace runs between them, in order."""
    at = 0
    for run in _SPACE.finditer(text):
        start, end = run.span()
        while at < len(edits) and edits[at].start < end:
            edit = edits[at]
            if edit.start > start:
                yield Edit(start, edit.start, " ", RepairKind.WHITESPACE)
            yield edit
            start = max(start, edit.end)
            at += 1
        if at and edits[at - 1].end > start:
            start = edits[at - 1].end
        if start < end:
            yield Edit(start, end, " ", RepairKind.WHITESPACE)
    yield from edits[at:]


def _clusters(atoms: Iterable[Edit]) -> Iterator[list[Edit]]:
    cluster: list[Edit] = []
    for atom in atoms:
        if cluster and atom.start != cluster[-1].end:
            yield cluster
            cluster = []
        cluster.append(atom)
    if cluster:
        yield cluster


def _cluster_repairs(text: str, cluster: list[Edit]) -> Iterator[Repair]:
    """One space (or rule) at most for the whole cluster, given to the first atom that brings it."""
    widest = max(len(atom.replacement) for atom in cluster)
    brought = next((i for i, a in enumerate(cluster) if a.replacement and len(a.replacement) == widest), None)
    if brought is not None and _closes_up(text, cluster):
        brought = None
    for index, atom in enumerate(cluster):
        replacement = atom.replacement if index == brought else ""
        if text[atom.start : atom.end] != replacement:
            yield Repair(Span(atom.start, atom.end), replacement, atom.kind)


def _closes_up(text: str, cluster: list[Edit]) -> bool:
    """Whether the space is damage: before a stop or comma that ends a word."""
    start, end = cluster[0].start, cluster[-1].end
    if any(len(atom.replacement) > 1 for atom in cluster):
        return False
    following = text[end : end + 2]
    if following[:1] not in _NO_SPACE_BEFORE or not following:
        return False
    ends_word = following[1:].strip() == "" or following[1] in _NO_SPACE_BEFORE
    before = text[start - 1 : start]
    return ends_word and (before.isalnum() or before in {")", "”", '"', "]"})


class Trimmer:
    """Narrows a range to the characters that are read, leaving edits and whitespace outside."""

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        self._text, self._edits = text, edits
        self._starts = [edit.start for edit in edits]

    def trim(self, start: int, end: int) -> Span | None:
        """None if nothing is left."""
        while start < end:
            if self._text[start].isspace():
                start += 1
            elif (edit := self._covering(start)) is not None:
                start = edit.end
            else:
                break
        while start < end:
            if self._text[end - 1].isspace():
                end -= 1
            elif (edit := self._covering(end - 1)) is not None:
                end = edit.start
            else:
                break
        return Span(start, end) if start < end else None

    def _covering(self, position: int) -> Edit | None:
        at = bisect_right(self._starts, position) - 1
        if at >= 0 and self._edits[at].end > position:
            return self._edits[at]
        return None
