"""The retriever: both legs, fused, over the serving generation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.domain.passages import Origin, Passage
from rag.domain.ports import Embedder, Reranker
from rag.domain.readings import Reading
from rag.domain.retrieval import Evidence, Hit, Query
from rag.retrieval.fusion import Fused, Leg, Scores, WeightTable, fuse
from rag.retrieval.lexical import Field
from rag.retrieval.serving import OpenGeneration, Row, ServingIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.domain.ports import Matrix

CANDIDATES = 150
"""Representations (dense) or passages (lexical) taken from each leg."""
ELSEWHERE = 4
"""So many times as many where only some documents are looked in."""
DENSE_THREADS = 4
"""Dense legs searched at the same time, of all questions together; the store leaves the interpreter free."""
LATE = 15
"""Passages that late interaction compares word by word."""
ASKED_AS_A_WHOLE = 0.8
"""A list (or the contents) as a whole is found only with this share of the best score: the one that fits best, if
it is what is asked for. Else its few words, or its many headings, would stand in the way of what is said."""
RERANKED = 30
"""Passages shown to a configured cross-encoder."""
_DENSE = {"texts": Leg.DENSE_TEXT, "questions": Leg.DENSE_QUESTION, "headers": Leg.DENSE_HEADER}
_LEXICAL = {
    Field.WORDS: Leg.WORDS,
    Field.QUESTIONS: Leg.QUESTION_WORDS,
    Field.HEADER: Leg.HEADER_WORDS,
    Field.GRAMS: Leg.GRAMS,
}
_LEXICAL_ORIGIN = {
    Leg.WORDS: Origin.OWN_WORDS,
    Leg.QUESTION_WORDS: Origin.QUESTION,
    Leg.HEADER_WORDS: Origin.HEADER,
    Leg.GRAMS: Origin.OWN_WORDS,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a question before any passage is looked at."""

    vector: Matrix
    known: Matrix
    """Its likeness to each question known."""
    leaning: float
    kin: tuple[float, float]
    shares: NDArray[np.float64]
    """Of the votes of those questions, by passage."""


class HybridRetriever:
    """Implements the Retriever port over the serving index."""

    def __init__(
        self,
        index: ServingIndex,
        embedder: Embedder,
        weights: WeightTable,
        reranker: Reranker | None = None,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._reranker = reranker
        self._threads = ThreadPoolExecutor(DENSE_THREADS, "dense")

    @property
    def fingerprint(self) -> str:
        return self._index.current().manifest.fingerprint

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        generation = self._index.current()
        reading = self._embedder.read_query(query.text)
        vector = reading.vector
        scores, matched = self.leg_scores(query, reading, generation)
        depth = max(limit, RERANKED if self._reranker else limit)
        among = scores[Leg.LATE_INTERACTION] if depth <= LATE else None
        fused = self._fused(generation, query, scores, depth, among or None)
        known = generation.precedents.likeness(reading)
        asked = _Asked(
            vector,
            known,
            generation.precedents.leaning(known),
            generation.precedents.nearest(known),
            generation.known_answers.shares(known),
        )
        hits = tuple(self._hit(generation, query, one, scores, matched, asked) for one in fused)
        return self._reranked(query, hits)[:limit]

    def leg_scores(
        self, query: Query, reading: Reading, generation: OpenGeneration | None = None
    ) -> tuple[Scores, dict[tuple[Leg, int], Row]]:
        """Raw scores of every leg, and for the dense ones the representation that matched best.

        Late interaction scores only the best `LATE` passages of the other legs together.
        """
        generation = generation or self._index.current()
        candidates = CANDIDATES * (ELSEWHERE if query.documents else 1)
        scores: dict[Leg, dict[int, float]] = {}
        matched: dict[tuple[Leg, int], Row] = {}
        asked = {
            leg: self._threads.submit(generation.vectors.nearest, name, reading.vector, candidates)
            for name, leg in _DENSE.items()
        }
        lexical = generation.lexical.search(query, candidates).by_field
        for leg, nearest in asked.items():
            scores[leg] = _by_passage(generation, leg, nearest.result(), matched)
        scores.update({_LEXICAL[field]: found for field, found in lexical.items()})
        if query.documents:
            scores = {leg: _within(query.documents, found, generation) for leg, found in scores.items()}
        best = [f.number for f in self._fused(generation, query, scores, LATE)]
        likeness = generation.tokens.scores(reading.tokens, best)
        scores[Leg.LATE_INTERACTION], scores[Leg.LATE_KNOWN] = likeness.own, likeness.known
        return self._without_unasked(generation, query, scores, best), matched

    def _without_unasked(
        self, generation: OpenGeneration, query: Query, scores: Scores, best: Sequence[int]
    ) -> dict[Leg, Mapping[int, float]]:
        """The scores without the lists, and contents, that are not asked for as a whole.

        Contents hold the words of every subject of a text: without questions that ask for them, they
        would be found for any of these.
        """
        unasked = generation.wholes
        if generation.askable.intersection(best):
            among = [n for n in best if n not in generation.wholes - generation.askable]
            fused = self._fused(generation, query, scores, len(among), among)
            whole = next(f for f in fused if f.number in generation.askable)
            if whole.score >= ASKED_AS_A_WHOLE * fused[0].score:
                unasked = unasked - {whole.number}
        return {
            leg: {n: s for n, s in found.items() if n not in unasked} if unasked & found.keys() else found
            for leg, found in scores.items()
        }

    def _fused(
        self,
        generation: OpenGeneration,
        query: Query,
        scores: Scores,
        limit: int,
        among: Collection[int] | None = None,
    ) -> list[Fused]:
        return fuse(
            scores,
            lambda number: self._weights.chosen(query.language, enriched=bool(generation.asked[number])),
            lambda leg: generation.available(leg, query.language),
            limit,
            among,
        )

    def _hit(
        self,
        generation: OpenGeneration,
        query: Query,
        fused: Fused,
        scores: Scores,
        matched: dict[tuple[Leg, int], Row],
        asked: _Asked,
    ) -> Hit:
        passage, enrichment = generation.passages[fused.number]
        sentences = generation.sentences.similarities(fused.number, asked.vector)
        return Hit(
            passage,
            enrichment,
            fused.score,
            tuple(_evidence(fused, scores, matched, passage)),
            sentences,
            generation.coverage.measure(query, passage.id),
            asked.leaning,
            asked.kin,
            generation.known_answers.sentences(fused.number, len(sentences), asked.known),
            float(asked.shares[fused.number]),
        )

    def _reranked(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        if self._reranker is None or not hits:
            return hits
        scores = self._reranker.scores(query.text, [h.passage.full_text for h in hits])
        ranked = sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])
        return tuple(
            replace(
                hit,
                score=float(score),
                evidence=(
                    *hit.evidence,
                    Evidence("reranker", Origin.OWN_WORDS, hit.passage.language, "", float(score), 1.0),
                ),
            )
            for score, hit in ranked
        )


def _by_passage(
    generation: OpenGeneration,
    leg: Leg,
    nearest: Iterable[tuple[str, float]],
    matched: dict[tuple[Leg, int], Row],
) -> dict[int, float]:
    """The best similarity of each passage; `matched` is told which representation has it."""
    found: dict[int, float] = {}
    for key, similarity in nearest:
        for row in generation.rows[key]:
            if row.passage not in found:  # best first
                found[row.passage] = similarity
                matched[leg, row.passage] = row
    return found


def _within(
    documents: Collection[str], scores: Mapping[int, float], generation: OpenGeneration
) -> dict[int, float]:
    return {n: score for n, score in scores.items() if generation.passages[n][0].document in documents}


def _evidence(
    fused: Fused, scores: Scores, matched: dict[tuple[Leg, int], Row], passage: Passage
) -> Iterable[Evidence]:
    """Of every leg that scored the passage, also of those that weigh nothing here: others learn from them."""
    shares = dict(fused.shares)
    for leg, found in scores.items():
        raw = found.get(fused.number)
        if raw is None:
            continue
        row = matched.get((leg, fused.number))
        yield Evidence(
            leg=leg.value,
            origin=row.origin if row else _LEXICAL_ORIGIN.get(leg, Origin.OWN_WORDS),
            language=row.language if row else passage.language,
            text=row.text if row else "",
            score=raw,
            share=shares.get(leg, 0.0),
        )
