"""What stands beside the running text, block by block: a person's contact details, end matter, furniture.

Contact details and end matter say something that may be asked for; what kind a line is, furniture.py has settled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.domain.documents import Contact, EndMatter, Furniture
from rag.ingestion.furniture import (
    Part,
    is_contact_heading,
    is_links_heading,
    is_navigation,
    is_reachable,
    is_update,
    is_wrapped,
)
from rag.ingestion.lines import Chunk, Line
from rag.ingestion.words import count_words, plain, starts_lower

_FEWEST_WORDS = 3
"""A shorter line without a number is the name of a page, not a statement."""
_OPENING_WORDS = 2
_OF_THE_SITE = re.compile(r"\b(?:cookie|javascript)", re.IGNORECASE)

Range = tuple[int, int]


@dataclass(slots=True)
class Aside:
    """A block in the making that is no part of the running text; `heading` is the one it stands under."""

    kind: type[Contact | EndMatter | Furniture]
    ranges: list[Range]
    heading: Aside | None = None


def asides(text: str, chunks: Sequence[Chunk], parts: Sequence[Part]) -> list[Aside]:
    """Everything but the running text, in order; each line of it is in exactly one aside."""
    reader = _Asides(text)
    for chunk, part in zip(chunks, parts, strict=True):
        reader.read(chunk, part)
    return reader.found


def statements(words: Sequence[str], first: int, *, titles: bool) -> list[Range]:
    """The lines from `first` on that read as one: a title of a list and its rest, or a sentence of wrapped prose."""
    wrapped = not titles and is_wrapped(words[first:])
    begins = [
        index
        for index in range(first, len(words))
        if index == first
        or (_opening(words[index]) == _opening(words[first]) if wrapped else not starts_lower(words[index]))
    ]
    return list(pairwise([*begins, len(words)]))


class _Asides:
    """One pass, keeping the open contact and the heading of the contacts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Aside] = []
        self.heading: Aside | None = None
        self.person: Aside | None = None
        self.named = self.reached = False

    def read(self, chunk: Chunk, part: Part) -> None:
        if part is Part.BODY:
            self.heading = self.person = None
            return
        heading = self._heading(chunk.lines[0])
        lines = chunk.lines[1:] if heading else chunk.lines
        if not lines:
            return
        if part is Part.CONTACT:
            self._add_contact(lines)
        elif part is Part.END_MATTER:
            self._add_end_matter(lines, heading)
        else:
            self._add(Furniture, (lines[0].start, lines[-1].end))

    def _words(self, line: Line) -> str:
        return plain(self.text[line.start : line.end])

    def _add(self, kind: type[Contact | EndMatter | Furniture], *ranges: Range) -> Aside:
        self.found.append(Aside(kind, list(ranges)))
        return self.found[-1]

    def _heading(self, line: Line) -> Aside | None:
        words = self._words(line)
        if not (is_contact_heading(words) or is_links_heading(words)):
            return None
        heading = self._add(Furniture, (line.start, line.end))
        if is_contact_heading(words):
            self.heading, self.person = heading, None
        return heading

    def _add_contact(self, lines: Sequence[Line]) -> None:
        """A name, an office and numbers are one; so are more numbers below those of a person."""
        nameless = all(is_reachable(self._words(line)) for line in lines)
        span = (lines[0].start, lines[-1].end)
        if self.person and (not self.reached or (nameless and self.named)):
            self._extend(self.person, span)
        else:
            self.person = self._add(Contact, span)
            self.person.heading = self.heading
            self.named = self.reached = False
        self.named = self.named or not nameless
        self.reached = self.reached or any(is_reachable(self._words(line)) for line in lines)

    def _extend(self, aside: Aside, span: Range) -> None:
        start, end = aside.ranges[-1]
        if self.text[end : span[0]].isspace():
            aside.ranges[-1] = (start, span[1])
        else:
            aside.ranges.append(span)

    def _add_end_matter(self, lines: Sequence[Line], heading: Aside | None) -> None:
        words = [self._words(line) for line in lines]
        dated = int(is_update(words[0]))
        for first, last in [(0, 1)] * dated + statements(words, dated, titles=heading is not None):
            kind = EndMatter if _says_something(" ".join(words[first:last])) else Furniture
            self._add(kind, (lines[first].start, lines[last - 1].end)).heading = heading


def _opening(words: str) -> list[str]:
    """Notices set one below the other without stops show by their like openings where each begins."""
    return words.split()[:_OPENING_WORDS]


def _says_something(words: str) -> bool:
    """Not a line that only leads about the site."""
    if is_navigation(words) or _OF_THE_SITE.search(words):
        return False
    return count_words(words) >= _FEWEST_WORDS or any(map(str.isdigit, words))
