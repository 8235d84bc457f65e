"""Cuts a document into passages: what is found, cited and read.

Passages follow the text's own structure and know nothing of models: a paragraph, an item with the
words that introduce it, a note with the sentence that calls it, a row with its columns, a person's
contact details, a line of end matter; and a list, or the contents, as a whole (wholes.py). Only a
paragraph too long to be found is divided, at sentence ends; a fragment too short to say anything
joins its neighbour. No passage crosses a section.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.documents import (
    Block,
    Contact,
    Document,
    EndMatter,
    Footnote,
    Furniture,
    Heading,
    ListItem,
    Paragraph,
    TableRow,
    Title,
)
from rag.domain.passages import Passage, PassageKind
from rag.domain.sentences import sentences
from rag.domain.spans import Span, Spans, locate_all
from rag.ingestion.labels import Labels
from rag.ingestion.wholes import Whole, wholes

LONGEST_WORDS = 170
"""Longer paragraphs are divided; passages of 100 to 150 words are found best (design notes)."""
PART_WORDS = 130
TINY_WORDS = 12
"""A shorter paragraph joins the next one of its section."""
LEAD_IN_WORDS = 12
"""A shorter paragraph that introduces a list is only the context of its items."""
NOTE_WORDS = 5
TITLE_PAGE_BLOCKS = 2
"""A text that opens with fewer lines of title than this has no title page, only a title."""
_KINDS = {
    Title: PassageKind.TITLE_PAGE,
    Paragraph: PassageKind.PARAGRAPH,
    ListItem: PassageKind.LIST_ITEM,
    Footnote: PassageKind.FOOTNOTE,
    TableRow: PassageKind.TABLE_ROW,
    Contact: PassageKind.CONTACT,
    EndMatter: PassageKind.END_MATTER,
}
_SAYS_SOMETHING = re.compile(r"\d|https?:|(?<=\S )[^\W\d_a-zæøå]")
_KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage before its label and key."""

    spans: Spans
    context: Spans
    blocks: tuple[int, ...]
    section: tuple[str, ...]
    part: int = 0


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of `document` in reading order; ids depend only on the words they read as."""
    drafts = [part for draft in _drafts(document) for part in _divided(document, draft)]
    labels = Labels(document, frozenset(draft.blocks[-1] for draft in drafts))
    places = labels.all()
    seen: Counter[str] = Counter()
    found = [_passage(document, draft, places, seen) for draft in drafts]
    for whole in wholes(document, _names_a_list):
        at = next((i for i, p in enumerate(found) if p.blocks[0] > whole.blocks[0]), len(found))
        found.insert(at, _whole(document, whole, labels, seen))
    return tuple(found)


def _drafts(document: Document) -> list[_Draft]:
    sections = _sections(document)
    leads = {b.lead_in for b in document.blocks if isinstance(b, ListItem) and b.lead_in is not None}
    drafts: list[_Draft] = []
    waiting: list[int] = []
    title_page = _title_page(document)
    if title_page:
        drafts.append(_joined(document, title_page, sections))
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading | Title):
            drafts.extend(_flushed(document, waiting, sections))
            waiting = []
        if isinstance(block, Paragraph):
            if index in leads and _names_a_list(document, index):
                drafts.extend(_flushed(document, waiting, sections))
                waiting = []
                continue
            waiting.append(index)
            if sum(_words(document, document.blocks[i].spans) for i in waiting) >= TINY_WORDS:
                drafts.append(_joined(document, waiting, sections))
                waiting = []
        elif isinstance(block, ListItem):
            drafts.extend(_flushed(document, waiting, sections))
            waiting = []
            drafts.append(_Draft(block.spans, _lead_in(document, block), (index,), sections[index]))
        elif isinstance(block, TableRow):
            columns = tuple(span for column in block.columns for span in column)
            drafts.append(_Draft(block.spans, columns, (index,), sections[index]))
        elif isinstance(block, Footnote) and _says_something(document, block):
            section = () if block.caller is None else sections[block.caller]
            drafts.append(_Draft(block.spans, _calling(document, block), (index,), section))
        elif isinstance(block, Contact | EndMatter):
            drafts.append(_Draft(block.spans, (), (index,), _beside(document, block)))
    drafts.extend(_flushed(document, waiting, sections))
    return drafts


def _beside(document: Document, block: Contact | EndMatter) -> tuple[str, ...]:
    """The heading of what stands beside the text: it belongs to no section of it."""
    return () if block.heading is None else (document.reading(document.blocks[block.heading].spans),)


def _title_page(document: Document) -> list[int]:
    """The lines of title that the text opens with, if they say more than its title: number, date, sender."""
    opening: list[int] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Title):
            opening.append(index)
        elif not isinstance(block, Furniture):
            break
    words = document.reading(tuple(s for index in opening for s in document.blocks[index].spans))
    telling = len(opening) >= TITLE_PAGE_BLOCKS and any(c.isdigit() for c in words)
    return opening if telling else []


def _sections(document: Document) -> list[tuple[str, ...]]:
    """The headings above each block; a title in mid-text counts as the outermost."""
    sections: list[tuple[str, ...]] = []
    path: list[str] = []
    base: tuple[str, ...] = ()
    begun = False
    for block in document.blocks:
        if isinstance(block, Heading):
            path = [*path[: block.level - 1], document.reading(block.spans)]
        elif isinstance(block, Title) and begun:
            base, path = (document.reading(block.spans),), []
        begun = begun or isinstance(block, Paragraph | ListItem | Heading)
        sections.append((*base, *path))
    return sections


def _words(document: Document, spans: Spans) -> int:
    return len(document.reading(spans).split())


def _names_a_list(document: Document, index: int) -> bool:
    """Whether the lead-in of a list is too short to be a passage by itself."""
    return _words(document, document.blocks[index].spans) < LEAD_IN_WORDS


def _joined(document: Document, waiting: Sequence[int], sections: Sequence[tuple[str, ...]]) -> _Draft:
    spans = tuple(span for index in waiting for span in document.blocks[index].spans)
    return _Draft(spans, (), tuple(waiting), sections[waiting[-1]])


def _flushed(document: Document, waiting: Sequence[int], sections: Sequence[tuple[str, ...]]) -> list[_Draft]:
    """Short paragraphs that found no neighbour: kept if they are sentences."""
    return [_joined(document, waiting, sections)] if waiting else []


def _lead_in(document: Document, item: ListItem) -> Spans:
    """The sentences that introduce an item, outermost first."""
    context: list[Spans] = []
    at = item.lead_in
    while at is not None:
        lead: Block = document.blocks[at]
        found = sentences(document, lead.spans)
        context.insert(0, found[-1] if found else lead.spans)
        at = lead.lead_in if isinstance(lead, ListItem) else None
    return tuple(span for spans in context for span in spans)


def _says_something(document: Document, note: Footnote) -> bool:
    """A note such as "Ibidem." or "More can be found here." is no passage."""
    words = document.reading(note.spans)
    return len(words.split()) >= NOTE_WORDS or _SAYS_SOMETHING.search(words) is not None


def _calling(document: Document, note: Footnote) -> Spans:
    """The sentence that calls a note."""
    if note.caller is None or note.call is None:
        return ()
    found = sentences(document, document.blocks[note.caller].spans)
    before = [spans for spans in found if spans[0].start < note.call.start]
    return before[-1] if before else ()


def _divided(document: Document, draft: _Draft) -> list[_Draft]:
    """`draft` itself, or balanced parts of it if it is too long."""
    if _words(document, draft.spans) <= LONGEST_WORDS:
        return [draft]
    found = [piece for spans in sentences(document, draft.spans) for piece in _chopped(document, spans)]
    groups = _balanced([_words(document, spans) for spans in found])
    if len(groups) == 1:
        return [draft]
    return [
        _Draft(
            _bridged(draft.spans, found[first], found[last - 1]),
            draft.context,
            draft.blocks,
            draft.section,
            part,
        )
        for part, (first, last) in enumerate(groups, start=1)
    ]


def _chopped(document: Document, spans: Spans) -> list[Spans]:
    """`spans` itself, or pieces of it: a "sentence" of hundreds of words is a list or a ruin."""
    reading = document.reading(spans)
    words = list(re.finditer(r"\S+", reading))
    if len(words) <= 2 * PART_WORDS:
        return [spans]
    starts = range(0, len(words), PART_WORDS)
    ends = (min(start + PART_WORDS, len(words)) - 1 for start in starts)
    ranges = [(words[a].start(), words[b].end()) for a, b in zip(starts, ends, strict=True)]
    return list(locate_all(document.text, document.repairs, spans, ranges))


def _balanced(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of sentences whose word counts are as even as sentence ends allow."""
    left = sum(sizes)
    parts = -(-left // PART_WORDS)
    groups: list[tuple[int, int]] = []
    first = 0
    for part in range(parts, 0, -1):
        goal = left / part
        last, total = first, 0
        while last < len(sizes) and (part == 1 or total + sizes[last] / 2 <= goal or total == 0):
            total += sizes[last]
            last += 1
        if last > first:
            groups.append((first, last))
        first, left = last, left - total
    return groups


def _bridged(spans: Spans, first: Spans, last: Spans) -> Spans:
    """The part of `spans` from the first sentence to the last."""
    start, end = first[0].start, last[-1].end
    return tuple(
        Span(max(start, span.start), min(end, span.end))
        for span in spans
        if span.start < end and span.end > start
    )


def _passage(document: Document, draft: _Draft, labels: dict[int, str], seen: Counter[str]) -> Passage:
    text = document.reading(draft.spans)
    context = document.reading(draft.context)
    key = _key(f"{context} {text}".strip())
    seen[key] += 1
    suffix = f"-{seen[key]}" if seen[key] > 1 else ""
    main = draft.blocks[-1]
    block = document.blocks[main]
    lead = block.lead_in if isinstance(block, ListItem) else None
    group = (
        f"{document.id}#{_key(document.reading(document.blocks[lead].spans))}" if lead is not None else None
    )
    return Passage(
        id=f"{document.id}#{key}{suffix}",
        document=document.id,
        language=document.language,
        kind=_KINDS[type(block)],
        spans=draft.spans,
        text=text,
        context=draft.context,
        context_text=context,
        label=labels[main],
        section=draft.section,
        blocks=draft.blocks,
        group=group,
        part=draft.part,
    )


def _whole(document: Document, whole: Whole, labels: Labels, seen: Counter[str]) -> Passage:
    text, context = document.reading(whole.spans), document.reading(whole.context)
    key = _key(f"{context} {text}".strip())
    seen[key] += 1
    return Passage(
        id=f"{document.id}#{key}" + (f"-{seen[key]}" if seen[key] > 1 else ""),
        document=document.id,
        language=document.language,
        kind=whole.kind,
        spans=whole.spans,
        text=text,
        context=whole.context,
        context_text=context,
        label=labels.of_whole(whole.blocks, whole.name),
        section=(),
        blocks=whole.blocks,
    )


def _key(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]
