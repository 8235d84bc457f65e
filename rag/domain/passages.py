"""What is retrieved and cited, and the texts under which it can be found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from rag.domain.spans import Spans


class PassageKind(StrEnum):
    TITLE_PAGE = "title page"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    FOOTNOTE = "footnote"
    TABLE_ROW = "table row"
    CONTACT = "contact"
    END_MATTER = "end matter"
    CONTENTS = "contents"
    """A series of numbered headings: how the text is built up."""
    LIST = "list"
    """The few words that introduce a list, for the list as a whole: its members are what is cited."""


WHOLES = frozenset({PassageKind.CONTENTS, PassageKind.LIST})
"""Passages that stand for other blocks together, and are looked for only where those are asked for together."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One citable unit of a document.

    `spans` are its own words; `context` the words it needs to be understood: the lead-in of a list
    item, the calling sentence of a footnote, the column names of a row. `text` and `context_text`
    are their readings (kept for speed; `Document.reading` gives the same). `section` is the path of
    headings, outermost first. `blocks` are the indices in `Document.blocks` it is made of; `group`
    names the list it belongs to (the id of the lead-in passage), `part` its place in a block that was
    too long for one passage (0 if whole). `id` is `document#key`, and `key` is a hash of the
    reading that stays the same while the words do.
    """

    id: str
    document: str
    language: str
    kind: PassageKind
    spans: Spans
    text: str
    context: Spans
    context_text: str
    label: str
    section: tuple[str, ...]
    blocks: tuple[int, ...]
    group: str | None = None
    part: int = 0

    @property
    def heading(self) -> str:
        """The nearest heading, or nothing."""
        return self.section[-1] if self.section else ""

    @property
    def full_text(self) -> str:
        """Context and own words, as the passage is understood."""
        return f"{self.context_text} {self.text}".strip()


class Origin(StrEnum):
    """Where a representation comes from."""

    OWN_WORDS = "own words"
    HEADER = "header"
    TRANSLATION = "translation"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Representation:
    """A text under which a passage can be found. Only the passage is ever cited."""

    passage: str
    origin: Origin
    language: str
    text: str
    sentence: int | None = None
    """Index of the passage's own sentence this is (or translates), when it is only one of them."""


@dataclass(frozen=True, slots=True)
class Translation:
    """An unofficial translation of a passage's own words; `context` is that of its context, where it has one."""

    language: str
    text: str
    origin: str = "unofficial"
    context: str = ""


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What was written about a passage: translations, and questions it answers by language."""

    translations: tuple[Translation, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    """Pairs of language and question."""
    told_in: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Of some of these questions, the sentences of the passage that answer, counted from 0, the best first."""

    def translation(self, language: str) -> Translation | None:
        return next((t for t in self.translations if t.language == language), None)

    def asked_also(self, known: Enrichment) -> Enrichment:
        """With the questions of the other besides its own."""
        questions = tuple(dict.fromkeys((*self.questions, *known.questions)))
        told_in = dict((*known.told_in, *self.told_in))
        return replace(self, questions=questions, told_in=tuple(told_in.items()))
