"""The real texts with their enrichment, found by the words they share with a question: quick, and no model.

Quotations, labels and translations are the real ones; only the ranking is a stand-in.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.assembly import enrichment_entries, index_text, list_sources
from rag.domain.answers import Abstention, Answer, Citation, Referral, Reply, Response, Stage, Statement
from rag.domain.conversations import History
from rag.domain.documents import Document
from rag.domain.errors import UnknownDocument
from rag.domain.passages import Enrichment, Passage
from rag.domain.retrieval import Hit
from rag.domain.sentences import split_sentences
from rag.settings import Settings

ENOUGH = 0.42
"""Share of a question's words (by rarity) that a passage must hold to be an answer here."""
_WORD = re.compile(r"\w{3,}")


def words(text: str) -> Counter[str]:
    return Counter(word.lower()[:7] for word in _WORD.findall(text))


@dataclass(frozen=True)
class Found:
    passage: Passage
    enrichment: Enrichment
    words: Counter[str]


@dataclass(frozen=True)
class CorpusLibrary:
    held: dict[str, Document]
    found: tuple[Found, ...]

    def document(self, document_id: str) -> Document:
        if document_id not in self.held:
            raise UnknownDocument(f"There is no document {document_id}.")
        return self.held[document_id]

    def documents(self) -> Sequence[Document]:
        return tuple(self.held.values())

    def passages(self, document_id: str) -> Sequence[Passage]:
        return tuple(f.passage for f in self.found if f.passage.document == document_id)


@cache
def library() -> CorpusLibrary:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        entries = enrichment_entries(settings)
        texts = [index_text(source, entries, {}) for source in list_sources(settings)]
    found = tuple(
        Found(passage, enrichment, _words_of(passage, enrichment))
        for text in texts
        for passage, enrichment in zip(text.passages, text.enrichments, strict=True)
    )
    return CorpusLibrary({text.document.id: text.document for text in texts}, found)


def _words_of(passage: Passage, enrichment: Enrichment) -> Counter[str]:
    questions = " ".join(question for _, question in enrichment.questions)
    return words(" ".join([passage.full_text, *(t.text for t in enrichment.translations), questions]))


@cache
def rarity() -> dict[str, float]:
    every = library().found
    seen = Counter(word for f in every for word in f.words)
    return {word: math.log(len(every) / count) for word, count in seen.items()}


class CorpusAssistant:
    """Answers with the first sentences of the best passage; "danger" in a question refers elsewhere."""

    fingerprint = "c0ffee00c0ffee00"

    @property
    def library(self) -> CorpusLibrary:
        return library()

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        spoken = language or "en"
        return Response(
            question,
            spoken,
            question,
            self._reply(question, spoken),
            self.fingerprint,
            (Stage("total", 1.0),),
        )

    def _reply(self, question: str, language: str) -> Reply:
        if "danger" in question:
            return Referral("You are not alone.", (), "help")
        hits = self.search(question, language, 3)
        citations = tuple(self._citation(n, hit, language) for n, hit in enumerate(hits, start=1))
        if not hits or hits[0].score < ENOUGH:
            return Abstention("The texts do not say.", citations, 0.1)
        statements = []
        for citation in citations[:2]:
            text = citation.translation.text if citation.translation else citation.quote
            for start, end in split_sentences(text)[:2]:
                statements.append(Statement(text[start:end], (citation.number,)))
        return Answer(tuple(statements), citations, hits[0].score)

    @staticmethod
    def _citation(number: int, hit: Hit, language: str) -> Citation:
        passage = hit.passage
        document = library().document(passage.document)
        translation = hit.enrichment.translation(language) if language != passage.language else None
        return Citation(number, passage, passage.spans, document.reading(passage.spans), translation)

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        asked = set(words(question))
        weights = {word: rarity().get(word, 7.0) for word in asked}
        total = sum(weights.values()) or 1.0
        scored = sorted(
            (
                (sum(weights[w] for w in asked if w in f.words) / total, i)
                for i, f in enumerate(library().found)
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        return tuple(
            Hit(library().found[i].passage, library().found[i].enrichment, score)
            for score, i in scored[:limit]
        )
