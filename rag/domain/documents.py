"""A source text and the blocks it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rag.domain.spans import Repair, Span, Spans, read


class LegalForce(StrEnum):
    """What weight the text has in law; every answer shows it."""

    BINDING = "binding act"
    SUMMARY = "summary of a binding act"
    CONCLUSIONS = "political conclusions"
    STRATEGY = "strategy"
    PRESS = "press release"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether the text still applies."""

    IN_FORCE = "in force"
    EXPIRED = "expired"
    HISTORICAL = "historical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Description:
    """What the catalogue says of a text: bibliography and legal weight.

    `titles` maps a language (ISO 639-1) to the title in it; `date` is ISO 8601 or "unknown".
    """

    titles: tuple[tuple[str, str], ...]
    short_title: str
    institution: str = "unknown"
    kind: str = "unknown"
    date: str = "unknown"
    reference: str = "unknown"
    force: LegalForce = LegalForce.UNKNOWN
    standing: Standing = Standing.UNKNOWN
    force_note: str = ""
    force_checked: str = "unknown"
    source_page: str = ""
    reuse: str = ""
    force_notes: tuple[tuple[str, str], ...] = ()
    """`force_note` by language."""

    def note(self, language: str) -> str:
        """What the legal force means for a reader, in `language`, or else in English."""
        return dict(self.force_notes).get(language) or self.force_note

    def title(self, language: str) -> str:
        """The title in `language`, or else in the first language given."""
        return dict(self.titles).get(language) or (self.titles[0][1] if self.titles else "")


@dataclass(frozen=True, slots=True)
class FootnoteCall:
    """A marker in running text that calls footnote `number`; `span` is the marker itself."""

    number: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit of a text; its words are `Document.reading(block.spans)`."""

    spans: Spans
    number: str | None = None
    """The official number as printed ("7", "a", "I", "28"), without its punctuation."""


@dataclass(frozen=True, slots=True)
class Title(Block):
    """The title of the whole text (or a part of it)."""


@dataclass(frozen=True, slots=True)
class Heading(Block):
    level: int = 1
    """1 for a section, 2 for a subsection, and so on."""


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    calls: tuple[FootnoteCall, ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem(Block):
    level: int = 1
    lead_in: int | None = None
    """Index in `Document.blocks` of the block that introduces the list."""
    calls: tuple[FootnoteCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote(Block):
    """A note; `number` is its number. `caller` is the block that calls it, if the call survives."""

    caller: int | None = None
    call: Span | None = None
    """The calling marker, or None when extraction lost it (the note is then kept, uncalled)."""


@dataclass(frozen=True, slots=True)
class TableRow(Block):
    """A row whose column names stand elsewhere; `cells[i]` belongs under `columns[i]`."""

    columns: tuple[Spans, ...] = ()
    cells: tuple[Spans, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact(Block):
    """A person's or office's contact details: name, office and numbers together."""

    heading: int | None = None
    """Index in `Document.blocks` of the line that heads the contacts."""


@dataclass(frozen=True, slots=True)
class EndMatter(Block):
    """What a text says after its last word: a line of further reading, when it was updated, who runs the site."""

    heading: int | None = None
    """Index in `Document.blocks` of the line that heads the list."""


@dataclass(frozen=True, slots=True)
class Furniture(Block):
    """Page numbers, running heads, bare addresses, navigation, placeholders: never used to answer."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source text.

    `text` is the decoded source, unedited (for PDF, HTML and the like: the extracted text, kept
    as extracted). `repairs` are sorted, and disjoint but for interruptions. `blocks` stand in
    reading order.
    `sha256` is that of the source bytes; `notices` are what the reader of the text should know
    of its damage ("the call of note 80 was lost in extraction").
    """

    id: str
    text: str
    language: str
    description: Description
    sha256: str
    blocks: tuple[Block, ...] = ()
    repairs: tuple[Repair, ...] = field(default=(), repr=False)
    notices: tuple[str, ...] = ()

    def reading(self, spans: Spans) -> str:
        """The words of `spans` as a person reads them; every quotation is made by this."""
        return read(self.text, self.repairs, spans)
