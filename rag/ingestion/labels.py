"""Official labels: how a person would cite a passage in a letter.

A label is the text's short title, the numbers (or names) of the headings above the passage, and the
passage's own number, or its place where it has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.domain.documents import (
    Block,
    Contact,
    Document,
    EndMatter,
    Footnote,
    Heading,
    ListItem,
    Paragraph,
    TableRow,
    Title,
)

_TERM = re.compile(r"in the (short|medium|long)(?:er)? term\b", re.IGNORECASE)
_FOLLOWING = re.compile(r"\bthe following ([a-z-]+):$")
_LONGEST_CAPTION = 4
_LONGEST_NAME = 8
_DIVISIONS = re.compile(r"(?:article|artikel|annex|bilag|bijlage)\b", re.IGNORECASE)


@dataclass(slots=True)
class Labels:
    """Gives each block its label, going through the document once.

    `counted` are the paragraphs that have a place of their own among those of their section; a few
    words that only introduce a list have none.
    """

    document: Document
    counted: frozenset[int]
    path: list[str] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    labels: dict[int, str] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)

    def all(self) -> dict[int, str]:
        """Labels by block index; headings and furniture have none."""
        for index, block in enumerate(self.document.blocks):
            if isinstance(block, Heading):
                self._enter(block)
            else:
                self.sections[index] = self._at()
                self._label(index, block)
        return self.labels

    def of_whole(self, blocks: Sequence[int], name: str) -> str:
        """The label of a list or of the contents; one that is spread over sections has no place of its own."""
        first = self.document.blocks[blocks[0]]
        place = self.sections.get(blocks[0], "") if len(blocks) == 1 and not name else ""
        number = f"point {first.number}" if first.number else ""
        named = name or number or caption(self.document, blocks[0]) or "list"
        return f"{self.document.description.short_title}, {place}{named}"

    def _enter(self, heading: Heading) -> None:
        words = self.document.reading(heading.spans)
        self.path = [*self.path[: heading.level - 1], _name(words, heading.number)]

    def _label(self, index: int, block: Block) -> None:
        if isinstance(block, Footnote):
            place = self._note_place(block)
        elif isinstance(block, TableRow):
            place = self._counted("row")
        elif isinstance(block, ListItem):
            place = self._item_place(index, block)
        elif isinstance(block, Contact):
            place = self._beside("contact")
        elif isinstance(block, EndMatter):
            place = self._end_place(block)
        elif isinstance(block, Title) and index in self.counted:
            place = "title page"
        elif isinstance(block, Paragraph) and index in self.counted:
            place = f"{self._at()}point {block.number}" if block.number else self._counted("paragraph")
        else:
            return
        self.labels[index] = f"{self.document.description.short_title}, {place}"

    def _at(self) -> str:
        path = self.path
        article = next((i for i, name in enumerate(path) if _DIVISIONS.match(name)), 0)
        path = path[article:]
        joined = ".".join(path) if all(len(name) <= 4 for name in path) else ", ".join(path)
        return f"{joined}, " if joined else ""

    def _counted(self, kind: str, of: str = "") -> str:
        above = f"{self._at()}{of}"
        self.counts[(above, kind)] += 1
        return f"{above}{kind} {self.counts[(above, kind)]}"

    def _beside(self, kind: str) -> str:
        """The place of what belongs to no section of the text."""
        self.counts["", kind] += 1
        return f"{kind} {self.counts['', kind]}"

    def _end_place(self, block: EndMatter) -> str:
        heads = self.document.blocks[block.heading].spans if block.heading is not None else ()
        return self._beside(f"{self.document.reading(heads).rstrip(': ') or 'end matter'}, line")

    def _note_place(self, note: Footnote) -> str:
        """A note belongs to the section that calls it; if its call was lost, to no known one."""
        section = self.sections.get(note.caller, "") if note.caller is not None else ""
        return f"{section}footnote {note.number}"

    def _item_place(self, index: int, item: ListItem) -> str:
        blocks = self.document.blocks
        lead = blocks[item.lead_in] if item.lead_in is not None else None
        above = self._lead_place(item.lead_in, lead)
        if item.number is None:
            return self._counted("item", above)
        if item.number.isalpha() and isinstance(lead, Paragraph | ListItem) and lead.number and above:
            return f"{self._at()}{above.removesuffix(', ')}({item.number})"
        return f"{self._at()}{above}point {item.number}"

    def _lead_place(self, index: int | None, lead: Block | None) -> str:
        """What to name of a list before the place of an item in it."""
        if lead is None or index is None:
            return ""
        if isinstance(lead, ListItem):
            own = self.labels[index].removeprefix(f"{self.document.description.short_title}, ")
            return own.removeprefix(self._at()) + ", "
        if lead.number:
            return f"point {lead.number}, "
        name = caption(self.document, index)
        return f"{name}, " if name else ""


def caption(document: Document, index: int) -> str:
    """A short name for the list that a block introduces, if its words offer one."""
    words = document.reading(document.blocks[index].spans)
    last = re.split(r"(?<=[.!?]) ", words)[-1]
    if term := _TERM.match(last):
        return f"{term[1].lower()}-term measures"
    if found := _FOLLOWING.search(last):
        return found[1]
    bare = words.rstrip(":, ")
    return bare if len(bare.split()) <= _LONGEST_CAPTION else ""


def _name(words: str, number: str | None) -> str:
    """A heading as a label names it: its number, "Article 3", or its (first) words."""
    if number and _DIVISIONS.match(words):
        return " ".join(words.split()[:2])
    if number:
        return number
    name = words.capitalize() if words.isupper() else words
    split: Sequence[str] = name.split()
    return name if len(split) <= _LONGEST_NAME else " ".join(split[:_LONGEST_NAME]) + " …"
