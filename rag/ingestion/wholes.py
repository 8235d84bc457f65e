"""What a text sets out as a whole: its numbered headings, its lists, its contacts.

A person may ask for all of it ("which eight initiatives", "the short-term measures"), in words that
only the introduction of a list holds, or no sentence at all. Refuses what has too few members to ask for.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.domain.documents import Contact, Document, Heading, ListItem, Paragraph
from rag.domain.passages import PassageKind
from rag.domain.sentences import sentences
from rag.domain.spans import Spans

CUES = Path(__file__).with_name("wholes.toml")
FEWEST_HEADINGS = 3
FEWEST_MEMBERS = 2
MOST_WORDS = 250
"""Longer contents are told chapter by chapter."""
FEWEST_PLACES = 3
"""A list is spread over a text if it is introduced alike in so many places."""
_LONGEST_CAPTION = 3
_STEM_LETTERS = 6
"""So much of a caption's first word counts: "Key action:" and "Key actions:" introduce one list."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A passage that stands for several blocks.

    `blocks` are the headings of the contents, or the blocks that introduce the members of a list;
    `name` is what its label calls it, if not by its own words.
    """

    kind: PassageKind
    spans: Spans
    context: Spans
    blocks: tuple[int, ...]
    name: str = ""


def wholes(document: Document, short: Callable[[Document, int], bool]) -> tuple[Whole, ...]:
    """In reading order. `short` tells of a lead-in whether it is no passage by itself."""
    found = [*_contents(document), *_lists(document, short), *_contacts(document)]
    return tuple(sorted(found, key=lambda whole: whole.blocks[0]))


# --- headings ----------------------------------------------------------------------------------


def _contents(document: Document) -> Iterator[Whole]:
    headings = [(i, b) for i, b in enumerate(document.blocks) if isinstance(b, Heading) and b.number]
    if max((len(s) for s in _series([h for _, h in headings])), default=0) < FEWEST_HEADINGS:
        return
    pieces = _pieces(document, headings)
    for number, piece in enumerate(pieces, start=1):
        spans = tuple(span for index in piece for span in document.blocks[index].spans)
        context = _announced(document, [b for i, b in headings if i in piece], piece[0])
        name = "contents" if len(pieces) == 1 else f"contents {number}"
        yield Whole(PassageKind.CONTENTS, spans, context, tuple(piece), name)


def _series(headings: Sequence[Heading]) -> list[list[Heading]]:
    """Headings of one level, which may count on through the chapters above them."""
    levels: dict[int, list[Heading]] = defaultdict(list)
    for heading in headings:
        levels[heading.level].append(heading)
    return list(levels.values())


def _pieces(document: Document, headings: Sequence[tuple[int, Heading]]) -> list[list[int]]:
    """All of them, or chapter by chapter if they are many, as few chapters together as must be."""
    chapters: list[list[int]] = []
    top = min(heading.level for _, heading in headings)
    for index, heading in headings:
        if not chapters or heading.level == top:
            chapters.append([])
        chapters[-1].append(index)
    pieces: list[list[int]] = []
    for chapter in chapters:
        if pieces and _words(document, [*pieces[-1], *chapter]) <= MOST_WORDS:
            pieces[-1] += chapter
        else:
            pieces.append(chapter)
    return pieces


def _words(document: Document, blocks: Sequence[int]) -> int:
    return sum(len(document.reading(document.blocks[i].spans).split()) for i in blocks)


def _announced(document: Document, headings: Sequence[Heading], first: int) -> Spans:
    """The sentence before them that says how many there are; nothing if none does."""
    counts = {len(series) for series in _series(headings)}
    cues = [pattern for count, pattern in _cues().items() if count in counts]
    for block in document.blocks[:first]:
        if isinstance(block, Paragraph):
            for spans in sentences(document, block.spans):
                if any(cue.search(document.reading(spans)) for cue in cues):
                    return spans
    return ()


@cache
def _cues() -> Mapping[int, re.Pattern[str]]:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    return {
        int(count): re.compile(rf"\b(?:{data['announces']})\s+(?:{words}|{count})\s+\w{{3,}}", re.IGNORECASE)
        for count, words in data["numbers"].items()
    }


# --- lists -------------------------------------------------------------------------------------


def _lists(document: Document, short: Callable[[Document, int], bool]) -> Iterator[Whole]:
    """Lists whose lead-ins are too short to be found by themselves, and those spread over sections."""
    members: dict[int, int] = defaultdict(int)
    for block in document.blocks:
        if isinstance(block, ListItem) and block.lead_in is not None:
            members[block.lead_in] += 1
    leads = [i for i in members if isinstance(document.blocks[i], Paragraph) and short(document, i)]
    spread: dict[str, list[int]] = defaultdict(list)
    for lead in leads:
        spread[_caption(document, lead)].append(lead)
    for caption, alike in spread.items():
        if caption and len(alike) >= FEWEST_PLACES:
            yield _list(document, alike)
        else:
            yield from (_list(document, [lead]) for lead in alike if members[lead] >= FEWEST_MEMBERS)


def _caption(document: Document, lead: int) -> str:
    """How a caption of a few words begins; nothing of a sentence."""
    words = document.reading(document.blocks[lead].spans).split()
    return words[0][:_STEM_LETTERS].casefold() if len(words) <= _LONGEST_CAPTION else ""


def _list(document: Document, leads: Sequence[int], name: str = "") -> Whole:
    return Whole(PassageKind.LIST, document.blocks[leads[0]].spans, (), tuple(leads), name)


def _contacts(document: Document) -> Iterator[Whole]:
    under: dict[int, int] = defaultdict(int)
    for block in document.blocks:
        if isinstance(block, Contact) and block.heading is not None:
            under[block.heading] += 1
    for heading, count in under.items():
        if count >= FEWEST_MEMBERS:
            yield _list(document, [heading], "contacts")
