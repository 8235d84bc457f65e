"""Opens a list, or the contents of a text, that was found as a whole: its members are what is told and cited."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain.documents import Contact, Document, ListItem
from rag.domain.passages import Enrichment, Passage, PassageKind, Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Hit
from rag.domain.sentences import sentences
from rag.domain.spans import OMISSION


def opened(hits: Sequence[Hit], library: EnrichedLibrary) -> list[Hit]:
    """The hits, with each list as a whole replaced by its members; each passage once."""
    found: dict[str, Hit] = {}
    for hit in hits:
        for one in members(hit, library) if hit.passage.kind is PassageKind.LIST else [hit]:
            found.setdefault(one.passage.id, one)
    return list(found.values())


def members(whole: Hit, library: EnrichedLibrary) -> list[Hit]:
    """Every member of the list in order, also those of the lists within it."""
    blocks = library.document(whole.passage.document).blocks
    leads = set(whole.passage.blocks)
    found: list[Hit] = []
    for passage in library.passages(whole.passage.document):
        block = blocks[passage.blocks[-1]]
        led = block.lead_in if isinstance(block, ListItem) else None
        headed = block.heading if isinstance(block, Contact) else None
        if leads & {led, headed}:
            leads.add(passage.blocks[-1])
            found.append(hit_of(passage, whole.score, library))
    return found


def announced(hit: Hit, library: EnrichedLibrary) -> list[Hit]:
    """The contents that the hit's nearest sentence announces ("The strategy contains eight initiatives")."""
    document = library.document(hit.passage.document)
    ranges = sentences(document, hit.passage.spans)
    if len(ranges) != len(hit.sentences):
        return []
    nearest = ranges[max(range(len(ranges)), key=hit.sentences.__getitem__)]
    found = (p for p in library.passages(document.id) if p.kind is PassageKind.CONTENTS)
    return [hit_of(p, hit.score, library) for p in found if p.context == nearest]


def headings(document: Document, passage: Passage, translation: Translation | None) -> tuple[str, ...]:
    """What the contents are told in: one heading after the other; nothing for other passages."""
    if passage.kind is not PassageKind.CONTENTS:
        return ()
    if translation is not None:
        return tuple(translation.text.split(OMISSION))
    return tuple(document.reading(document.blocks[index].spans) for index in passage.blocks)


def whole_list(hit: Hit, library: EnrichedLibrary) -> list[Hit]:
    """Every item of the list that the hit belongs to or introduces, in order."""
    items = (
        p
        for p in library.passages(hit.passage.document)
        if p.kind is PassageKind.LIST_ITEM
        and p.group is not None
        and p.group in (hit.passage.group, hit.passage.id)
        # Lead-ins of equal words ("Key actions:") name their lists alike, in every section.
        and p.section == hit.passage.section
    )
    return [hit_of(p, hit.score, library) for p in items]


def hit_of(passage: Passage, score: float, library: EnrichedLibrary) -> Hit:
    """The passage as if found with that score."""
    known = library.enriched(passage.id)
    return Hit(passage, known[1] if known else Enrichment(), score)
