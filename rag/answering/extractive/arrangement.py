"""The order in which the passages of an answer are told: likeliest first, what belongs together together."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extractive.footnotes import only_names, only_points_elsewhere
from rag.domain.passages import Passage, PassageKind
from rag.domain.retrieval import Hit


def arranged(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, likeliest first, as they are told.

    Items of one list follow one another, and so do the parts of one paragraph, in its order. A
    footnote that only names something does not lead, and one that only says where more is told is
    left out, unless it was the likeliest of all.
    """
    told = [hit for place, hit in enumerate(hits) if place == 0 or not only_points_elsewhere(hit.passage)]
    lead = next((hit for hit in told if not only_names(hit.passage)), None)
    if lead is not None:
        told.remove(lead)
        told.insert(0, lead)
    wholes: dict[object, list[Hit]] = {}
    for hit in told:
        wholes.setdefault(_whole(hit.passage), []).append(hit)
    return [hit for members in wholes.values() for hit in _in_order(members)]


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
