"""The extractive answer: the sources' own sentences, chosen, ordered and cited.

In the asker's language where an unofficial translation exists; the original words are always
the quotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.extractive.arrangement import arranged, same_list
from rag.answering.extractive.choosing import PassageChooser
from rag.answering.extractive.cues import (
    asks_for_exact_words,
    asks_for_sources,
)
from rag.answering.extractive.excerpts import Excerpt, original_words, repeats, told_of
from rag.answering.extractive.footnotes import (
    is_called_in,
    is_remainder,
    is_title,
    needs_its_call,
    points_elsewhere,
    states_nothing,
)
from rag.answering.extractive.leading import Leading
from rag.answering.extractive.leaning import goes_on, introduces, leans, may_lead
from rag.answering.extractive.rows import row_in_words
from rag.answering.extractive.selection import (
    Settings,
    announces,
    chosen_sentences,
    likely_sentences,
    reading_order,
)
from rag.answering.lists import headings, hit_of, whole_list
from rag.answering.relevance import Relevance
from rag.domain.answers import Answer
from rag.domain.documents import Document
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Hit, Query
from rag.domain.sentences import sentences, split_sentences
from rag.domain.spans import Spans, join_spans


class ExtractiveAnswerer:
    """Implements the Answerer port."""

    def __init__(
        self,
        library: EnrichedLibrary,
        relevance: Relevance | None = None,
        settings: Settings | None = None,
        leading: Leading | None = None,
    ) -> None:
        self._library = library
        self._settings = settings or Settings()
        self._chooser = PassageChooser(library, relevance or Relevance.load(), self._settings)
        self._leading = leading or Leading.load()

    def answer(self, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """None when there is nothing to quote."""
        if not hits:
            return None
        answer = told_of(self._excerpts(query, self._chooser.wanted(query, hits)))
        if answer and asks_for_exact_words(query.text, query.language):
            return replace(answer, notes=(*answer.notes, *original_words(answer, query.language)))
        return answer

    def quoted(self, passages: Sequence[Passage], language: str) -> Answer | None:
        """The passages whole and in this order: what stands at a place that was asked for.

        A footnote is quoted without the sentence that calls it.
        """
        excerpts: list[Excerpt] = []
        for passage in passages:
            bare = passage
            if passage.kind is PassageKind.FOOTNOTE:
                bare = replace(passage, context=(), context_text="")
            hit = hit_of(bare, 1.0, self._library)
            every = list(range(len(self._sentences(passage))))
            excerpt = self._excerpt(Query("", language), hit, every)
            if excerpt.shown:
                excerpts.append(replace(excerpt, passage=passage))
        return told_of(excerpts)

    def _excerpts(self, query: Query, wanted: Sequence[Hit]) -> list[Excerpt]:
        excerpts: list[Excerpt] = []
        found = {hit.passage.id for hit in wanted}
        told = arranged(wanted, with_sources=asks_for_sources(query.text, query.language))
        for hit in told:
            among = any(same_list(hit.passage, h.passage) for h in told if h is not hit)
            pieces = self._with_its_list(query, hit, found, further=hit is not wanted[0])
            begun = self._begun(query, hit, found, pieces[0][1])
            for piece, cut in (*begun, *pieces, *self._continued(query, hit, found)):
                excerpt = self._excerpt(query, piece, cut, in_place=among or piece is not hit)
                if excerpt.shown and not repeats(excerpt, excerpts):
                    excerpts.append(excerpt)
        return excerpts

    def _with_its_list(
        self, query: Query, hit: Hit, found: set[str], *, further: bool
    ) -> list[tuple[Hit, list[int]]]:
        """The hit, and the items of the list it introduces, each with the sentences taken of it.

        Where the items are not told, nor is the sentence that introduces them, if it is not all.
        `further`: the hit is cited besides one that is likelier to answer.
        """
        texts = self._sentences(hit.passage)
        picked = self._picked(query, hit, texts, further=further)
        if hit.passage.kind is not PassageKind.PARAGRAPH or not introduces(texts[picked[-1]]):
            return [(hit, picked)]
        items = self._introduced(hit)
        if items and (announces(hit, picked, self._settings) or any(i.passage.id in found for i in items)):
            return [
                (hit, picked),
                *((i, self._picked(query, i, self._sentences(i.passage))) for i in items),
            ]
        alone = len(picked) == 1 or not self._aligned(hit, texts, query.language)
        return [(hit, picked if alone else picked[:-1])]

    def _begun(
        self, query: Query, hit: Hit, found: set[str], picked: Sequence[int]
    ) -> list[tuple[Hit, list[int]]]:
        """Of the part before, of a paragraph that was too long, the sentences that this part leans on
        ("This will prevent ..."), if it is told from its beginning."""
        passage = hit.passage
        if passage.part < 2 or 0 not in picked or not leans(self._sentences(passage)[0], passage.language):
            return []
        part = next((p for p in self._library.passages(passage.document) if _follows(passage, p)), None)
        if part is None or part.id in found:
            return []
        piece = hit_of(part, hit.score, self._library)
        texts = self._sentences(part)
        if not self._aligned(piece, texts, query.language):
            return []
        first = len(texts) - 1
        while first and leans(texts[first], part.language):
            first -= 1
        return [(piece, list(range(first, len(texts))))]

    def _continued(self, query: Query, hit: Hit, found: set[str]) -> list[tuple[Hit, list[int]]]:
        """The next part of a paragraph that was too long, if the sentence that answers goes on in it.

        So it does where each sentence to the end of this part goes on from the one before, and so does
        the first one of the next part.
        """
        passage = hit.passage
        if not passage.part:
            return []
        rest = next((p for p in self._library.passages(passage.document) if _follows(p, passage)), None)
        if rest is None or rest.id in found:
            return []
        texts, rest_texts = self._sentences(passage), self._sentences(rest)
        scores = self._leading.scores(query, hit, texts)
        if not scores or not goes_on(rest_texts[0], rest.language):
            return []
        best = max(range(len(scores)), key=lambda i: scores[i])
        if not all(goes_on(text, passage.language) for text in texts[best + 1 :]):
            return []
        return [(hit_of(rest, hit.score, self._library), list(range(len(rest_texts))))]

    def _introduced(self, hit: Hit) -> list[Hit]:
        """The items of the list, unless they are too many, or introduce further ones."""
        items = [i for i in whole_list(hit, self._library) if i.passage.group == hit.passage.id]
        too_many = len(items) > self._settings.most_items_introduced
        return [] if too_many or any(introduces(i.passage.text) for i in items) else items

    def _sentences(self, passage: Passage) -> list[str]:
        document = self._library.document(passage.document)
        return [document.reading(spans) for spans in sentences(document, passage.spans)]

    def _excerpt(self, query: Query, hit: Hit, picked: list[int], *, in_place: bool = False) -> Excerpt:
        """`in_place`: as one of several items, in the order of the source."""
        passage = hit.passage
        document = self._library.document(passage.document)
        ranges = sentences(document, passage.spans)
        texts = [document.reading(spans) for spans in ranges]
        spans = join_spans(s for index in picked for s in ranges[index])
        if len(picked) == len(texts):
            spans = passage.spans
        context = self._context(passage)
        named = asks_for_sources(query.text, query.language) and not is_remainder(passage)
        note_first = passage.kind is PassageKind.FOOTNOTE and (named or not states_nothing(passage))
        lead, words, translation = self._shown(
            hit, document, picked, texts, query.language, told_call=not note_first
        )
        order = list(range(len(words)))
        if len(words) == len(texts):
            order = picked if in_place else self._order(query, hit, picked, words)
        if context:
            spans = join_spans((*context, *spans))
        shown = tuple(words[i] for i in order)
        led_in = order.index(min(order)) if order else 0
        return Excerpt(passage, spans, document.reading(spans), lead, shown, translation, led_in, note_first)

    def _picked(self, query: Query, hit: Hit, texts: list[str], *, further: bool = False) -> list[int]:
        """All sentences where the translation shown divides otherwise: shown and quoted must agree."""
        if not self._aligned(hit, texts, query.language):
            return list(range(len(texts)))
        picked = chosen_sentences(hit, texts, self._settings)
        scores = self._leading.scores(query, hit, texts)
        if (further or hit.known) and hit.passage.kind in (PassageKind.PARAGRAPH, PassageKind.FOOTNOTE):
            within = self._settings.further_log_odds if further else self._settings.first_log_odds
            likely = likely_sentences(scores, texts, hit.passage.language, within)
            picked = [i for i in picked if i in likely] or picked
        if hit.passage.kind is not PassageKind.FOOTNOTE:
            return picked
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        told = [i for i in picked if not points_elsewhere(texts[i]) and (i == best or not is_title(texts[i]))]
        return told or picked

    @staticmethod
    def _aligned(hit: Hit, texts: list[str], language: str) -> bool:
        translation = hit.translation(language)
        return translation is None or len(split_sentences(translation.text, language)) == len(texts)

    @staticmethod
    def _context(passage: Passage) -> Spans:
        if passage.kind is PassageKind.FOOTNOTE and not needs_its_call(passage):
            return ()
        return passage.context

    def _shown(
        self,
        hit: Hit,
        document: Document,
        picked: list[int],
        texts: list[str],
        language: str,
        *,
        told_call: bool,
    ) -> tuple[str, Sequence[str], Translation | None]:
        """What leads in, all sentences as a person reads them, and the translation those picked come from."""
        passage = hit.passage
        translation = hit.translation(language)
        row = row_in_words(document, passage, translation)
        if row:
            return "", (row,), replace(translation, text=row) if translation else None
        with_context = bool(self._context(passage))
        if parts := headings(document, passage, translation):
            if translation is None:
                return passage.context_text, parts, None
            told = f"{translation.context} {translation.text}".strip()
            return translation.context, parts, replace(translation, text=told)
        if translation is None:
            return passage.context_text if with_context else "", texts, None
        words = [translation.text[a:b] for a, b in split_sentences(translation.text, language)]
        context = translation.context if with_context else ""
        if with_context and told_call and not context:
            context = self._call_in(language, passage)
        in_place = [words[i] for i in picked] if len(words) == len(texts) else words
        text = " ".join(([context] if context else []) + in_place)
        return context, words, Translation(language, text, translation.origin, context or translation.context)

    def _call_in(self, language: str, note: Passage) -> str:
        """The sentence that calls the footnote, from the translation of the passage it stands in."""
        if note.kind is not PassageKind.FOOTNOTE:
            return ""
        document = self._library.document(note.document)
        for caller in self._library.passages(note.document):
            known = self._library.enriched(caller.id)
            translation = known[1].translation(language) if known and is_called_in(note, caller) else None
            if translation is None or caller.kind is PassageKind.FOOTNOTE:
                continue
            words = [translation.text[a:b] for a, b in split_sentences(translation.text, language)]
            ranges = sentences(document, caller.spans)
            if len(words) == len(ranges):
                calling = [w for w, spans in zip(words, ranges, strict=True) if _meet(spans, note.context)]
                said = " ".join(calling)
                return said if said.endswith((".", "!", "?", ":", ";")) else f"{said} …"
        return ""

    def _order(self, query: Query, hit: Hit, picked: list[int], words: Sequence[str]) -> list[int]:
        """The sentences picked, as they are told; `words` are those of all that a person would read."""
        if introduces(words[picked[-1]]):
            return picked  # what introduces a list stays last
        language = query.language if hit.translation(query.language) else hit.passage.language
        scores = self._leading.scores(query, hit, words)
        leads = [may_lead(said, language) for said in words]
        bound = [goes_on(said, language) for said in words]
        return reading_order(scores, leads, bound, picked, self._leading.margin)


def _follows(one: Passage, passage: Passage) -> bool:
    """Whether it is the next part of the same paragraph."""
    return one.part == passage.part + 1 and one.blocks == passage.blocks


def _meet(one: Spans, other: Spans) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one for b in other)
