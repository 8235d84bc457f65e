"""The extractive answer: the sources' own sentences, chosen, ordered and cited.

In the asker's language where an unofficial translation exists; the original words are always
the quotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.extractive.cues import asks_for_list, asks_what_must_be_done_by, names
from rag.answering.extractive.rows import row_in_words
from rag.answering.extractive.selection import Settings, chosen_hits, chosen_sentences, reading_order
from rag.answering.relevance import Relevance
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.documents import Document
from rag.domain.passages import Enrichment, Passage, PassageKind, Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Hit, Query
from rag.domain.sentences import sentences, split_sentences
from rag.domain.spans import Spans, join_spans

SHORT_FOOTNOTE_CHARACTERS = 90
"""A footnote shorter than this is quoted with the sentence that calls it."""


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """What is taken of one passage: source spans, quote, and sentences to show."""

    passage: Passage
    spans: Spans
    quote: str
    shown: tuple[str, ...]
    translation: Translation | None


class ExtractiveAnswerer:
    """Implements the Answerer port."""

    def __init__(
        self, library: EnrichedLibrary, relevance: Relevance | None = None, settings: Settings | None = None
    ) -> None:
        self._library = library
        self._relevance = relevance or Relevance.load()
        self._settings = settings or Settings()

    def answer(self, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """None when there is nothing to quote."""
        if not hits:
            return None
        excerpts: list[_Excerpt] = []
        for hit in self._wanted(query, hits):
            excerpt = self._excerpt(hit, query.language)
            if excerpt.shown and not _repeats(excerpt, excerpts):
                excerpts.append(excerpt)
        if not excerpts:
            return None
        citations = tuple(
            Citation(number, e.passage, e.spans, e.quote, e.translation)
            for number, e in enumerate(excerpts, start=1)
        )
        sources: dict[str, list[int]] = {}
        for number, excerpt in enumerate(excerpts, start=1):
            for text in excerpt.shown:
                sources.setdefault(text, []).append(number)  # two footnotes may share their sentence
        statements = tuple(Statement(text, tuple(numbers)) for text, numbers in sources.items())
        return Answer(statements, citations, confidence=0.0)

    def _wanted(self, query: Query, hits: Sequence[Hit]) -> list[Hit]:
        relevances = self._relevance.probabilities(query, hits)
        chosen = chosen_hits(hits, relevances, self._relevance.threshold, self._settings)
        if asks_for_list(query.text, query.language):
            whole = self._whole_list(chosen[0])
            likely = {
                h.passage.id
                for h, r in zip(hits, relevances, strict=True)
                if r >= self._settings.list_relevance
            }
            if sum(h.passage.id in likely for h in whole) >= self._settings.list_items_found:
                return whole
        return self._duties(query, hits, chosen[0].passage.document) or chosen

    def _duties(self, query: Query, hits: Sequence[Hit], document: str) -> list[Hit]:
        """The list of what somebody must do, where that is asked and its lead-in names them.

        The passages that name an act are closer to "What must they do under the act?" than the items
        of a list in it, which seldom name either: so the lead-in decides, in the text that fits best.
        """
        who = asks_what_must_be_done_by(query.text, query.language)
        found: dict[str, list[Hit]] = {}
        for hit in hits:
            passage = hit.passage
            if who and passage.kind is PassageKind.LIST_ITEM and passage.document == document:
                translation = _translation(hit, query.language)
                if names(who, translation.context if translation else passage.context_text):
                    found.setdefault(f"{passage.group} {passage.section}", []).append(hit)
        items = max(found.values(), key=len, default=[])
        return self._whole_list(items[0]) if len(items) >= self._settings.list_items_found else []

    def _whole_list(self, hit: Hit) -> list[Hit]:
        """Every item of the list that the hit belongs to or introduces, in order."""
        group = hit.passage.group
        members = [
            p
            for p in self._library.passages(hit.passage.document)
            if p.kind is PassageKind.LIST_ITEM
            and p.group is not None
            and p.group in (group, hit.passage.id)
            # Lead-ins of equal words ("Key actions:") name their lists alike, in every section.
            and p.section == hit.passage.section
        ]
        found: list[Hit] = []
        for passage in members:
            known = self._library.enriched(passage.id)
            found.append(Hit(passage, known[1] if known else Enrichment(), hit.score))
        return found

    def _excerpt(self, hit: Hit, language: str) -> _Excerpt:
        passage = hit.passage
        document = self._library.document(passage.document)
        ranges = sentences(document, passage.spans)
        texts = [document.reading(spans) for spans in ranges]
        picked = self._picked(hit, texts, language)
        spans = join_spans(s for index in picked for s in ranges[index])
        if len(picked) == len(texts):
            spans = passage.spans
        context = self._context(passage)
        shown, translation = self._shown(hit, document, picked, texts, language)
        if context:
            spans = join_spans((*context, *spans))
        return _Excerpt(passage, spans, document.reading(spans), shown, translation)

    def _picked(self, hit: Hit, texts: list[str], language: str) -> list[int]:
        """All sentences where the translation shown divides otherwise: shown and quoted must agree."""
        translation = _translation(hit, language)
        if translation and len(split_sentences(translation.text, language)) != len(texts):
            return list(range(len(texts)))
        return chosen_sentences(hit, texts, self._settings)

    @staticmethod
    def _context(passage: Passage) -> Spans:
        if passage.kind is PassageKind.FOOTNOTE and len(passage.text) >= SHORT_FOOTNOTE_CHARACTERS:
            return ()
        return passage.context

    def _shown(
        self, hit: Hit, document: Document, picked: list[int], texts: list[str], language: str
    ) -> tuple[tuple[str, ...], Translation | None]:
        """The sentences a person reads, with the lead-in, and the translation they come from."""
        passage = hit.passage
        translation = _translation(hit, language)
        row = row_in_words(document, passage, translation)
        if row:
            return (row,), replace(translation, text=row) if translation else None
        with_context = bool(self._context(passage))
        order = reading_order(hit, texts, picked, self._settings)
        if translation is None:
            shown = [texts[i] for i in order]
            return _led_in(passage, shown, passage.context_text if with_context else ""), None
        ranges = split_sentences(translation.text, language)
        words = [translation.text[a:b] for a, b in ranges]
        aligned = len(words) == len(texts)
        shown = [words[i] for i in order] if aligned else words
        context = translation.context if with_context else ""
        in_place = [words[i] for i in picked] if aligned else words
        text = " ".join(([context] if context else []) + in_place)
        return (
            _led_in(passage, shown, context),
            Translation(language, text, translation.origin, translation.context),
        )


def _translation(hit: Hit, language: str) -> Translation | None:
    return hit.enrichment.translation(language) if language != hit.passage.language else None


def _led_in(passage: Passage, shown: list[str], context: str) -> tuple[str, ...]:
    if not context or not shown:
        return tuple(shown)
    if passage.kind is PassageKind.LIST_ITEM:
        return (f"{context.rstrip()} {shown[0]}", *shown[1:])
    return (context, *shown)


def _repeats(excerpt: _Excerpt, earlier: Sequence[_Excerpt]) -> bool:
    words = " ".join(excerpt.shown).casefold()
    return any(words in " ".join(e.shown).casefold() for e in earlier)
