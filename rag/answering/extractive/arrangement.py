"""The order in which the passages of an answer are told: likeliest first, what belongs together together."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extractive.footnotes import (
    is_called_in,
    only_points_elsewhere,
    states_nothing,
)
from rag.domain.passages import Passage, PassageKind
from rag.domain.retrieval import Hit


def arranged(hits: Sequence[Hit], *, with_sources: bool = False) -> list[Hit]:
    """The hits, likeliest first, as they are told.

    Items of one list follow one another, and so do the parts of one paragraph, in its order, and a
    footnote follows the passage that calls it, unless it is the likeliest of all and says something
    itself. One that does not is left out beside that passage; one that only says where more is told,
    always, unless it is the likeliest. `with_sources`: footnotes that name works are what is asked for.
    """
    told = [
        hit
        for place, hit in enumerate(hits)
        if place == 0 or not _adds_nothing(hit.passage, hits, with_sources=with_sources)
    ]
    wholes: dict[object, list[Hit]] = {}
    for hit in told:
        wholes.setdefault(_whole(hit.passage), []).append(hit)
    return _after_their_calls([hit for members in wholes.values() for hit in _in_order(members)])


def _adds_nothing(passage: Passage, hits: Sequence[Hit], *, with_sources: bool) -> bool:
    if only_points_elsewhere(passage):
        return True
    return not with_sources and states_nothing(passage) and any(_calls(h.passage, passage) for h in hits)


def _after_their_calls(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, each footnote behind the passage that calls it, if that is among them."""
    first = hits[0] if hits and not states_nothing(hits[0].passage) else None
    notes: dict[str, list[Hit]] = {}
    for hit in hits:
        caller = next((h for h in hits if _calls(h.passage, hit.passage)), None)
        if caller is not None and hit is not first:
            notes.setdefault(caller.passage.id, []).append(hit)
    following = {hit.passage.id for members in notes.values() for hit in members}
    return [
        one
        for hit in hits
        if hit.passage.id not in following
        for one in (hit, *notes.get(hit.passage.id, ()))
    ]


def _calls(passage: Passage, note: Passage) -> bool:
    footnote = note.kind is PassageKind.FOOTNOTE and passage.kind is not PassageKind.FOOTNOTE
    return footnote and bool(note.context) and is_called_in(note, passage)


def same_list(one: Passage, other: Passage) -> bool:
    """Whether both are items of one list."""
    items = one.kind is other.kind is PassageKind.LIST_ITEM
    return items and one.group is not None and _whole(one) == _whole(other)


def _whole(passage: Passage) -> object:
    """What the passage is a piece of: a list, a paragraph that was too long, or nothing but itself."""
    if passage.kind is PassageKind.LIST_ITEM and passage.group is not None:
        return (passage.document, passage.section, passage.group)
    return (passage.document, passage.blocks) if passage.part else passage.id


def _in_order(members: list[Hit]) -> list[Hit]:
    parts = all(hit.passage.part for hit in members)
    return sorted(members, key=lambda hit: hit.passage.part) if parts else members
