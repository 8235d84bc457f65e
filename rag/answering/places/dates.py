"""Says when each of the texts dates from, with the place in it that says so.

"When were the five texts adopted?" is about all texts at once, and their dates stand on title pages that
are like no question. A date is only given where the text itself holds the one its description has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rag.answering.places.cues import Pattern, cues
from rag.answering.support.names import Aliases
from rag.answering.support.reading import Reader
from rag.answering.wording import say
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.documents import Document
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Query

CERTAIN = 0.99
"""Not fitted: description and text agree on the date."""
MOST_TEXTS = 12
"""An answer has to be read."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class DateFinder:
    """Gives the dates of all texts; None for every other question."""

    def __init__(self, library: EnrichedLibrary) -> None:
        self._library = library
        self._reader = Reader(Aliases(()))

    def looked_up(self, query: Query, fingerprint: str) -> Answer | None:
        """The dates, oldest first, and in a note the texts whose date is not known from their words."""
        del fingerprint  # the texts are few, and read anew
        documents = sorted(self._library.documents(), key=lambda d: d.description.date)
        if not 1 < len(documents) <= MOST_TEXTS or not _asks_for_dates().fullmatch(query.text):
            return None
        statements: list[Statement] = []
        citations: list[Citation] = []
        undated: list[str] = []
        for document in documents:
            called = document.description.short_title or document.id
            found = next(self._dated(document), None)
            if found is None:
                undated.append(called)
                continue
            passage, written = found
            citations.append(self._citation(len(citations) + 1, passage, query.language))
            written = self._written(citations[-1], document) or written
            statements.append(Statement(f"{written}.", (len(citations),), speaker=called))
        if not statements:
            return None
        notes = (say("silent", query.language, texts="; ".join(undated)),) if undated else ()
        return Answer(tuple(statements), tuple(citations), CERTAIN, notes=notes)

    def _dated(self, document: Document) -> Iterator[tuple[Passage, str]]:
        """Passages that hold the date of the description, with the date as it stands there."""
        for passage in self._library.passages(document.id):
            if passage.kind is not PassageKind.FOOTNOTE:
                written = self._date_in(passage.text, passage.language, document)
                if written:
                    yield passage, written

    def _written(self, citation: Citation, document: Document) -> str:
        """The date in the words of the translation."""
        shown = citation.translation
        return self._date_in(shown.text, shown.language, document) if shown else ""

    def _date_in(self, text: str, language: str, document: Document) -> str:
        known = _ISO.fullmatch(document.description.date)
        if known is None or known[1] not in text:
            return ""
        wanted = tuple(map(int, known.groups()))
        dates = (d for sentence in self._reader.read(text, language).sentences for d in sentence.dates)
        return next((d.written for d in dates if (d.year, d.month, d.day) == wanted), "")

    def _citation(self, number: int, passage: Passage, language: str) -> Citation:
        quote = self._library.document(passage.document).reading(passage.spans)
        known = self._library.enriched(passage.id)
        found = known[1].translation(language) if known and language != passage.language else None
        shown = Translation(found.language, found.text, found.origin) if found else None
        return Citation(number, passage, passage.spans, quote, shown)


@cache
def _asks_for_dates() -> Pattern:
    words = cues().words
    which = rf"{words['every']}|{words['articles']}|{words['these']}"
    texts = rf"(?:(?:{which})\s+)?(?:(?:{words['counts']})\s+)?(?:{words['texts']})"
    made = rf"(?:{words['made']})(?:\s*(?:{words['and']}|of)\s*(?:{words['made']}))*"
    return re.compile(
        rf"(?:{words['dated']})\s+(?:(?:{words['was']})\s+)?{texts}(?:\s+(?:{words['was']}))?(?:\s+{made})?\W*",
        re.IGNORECASE,
    )
