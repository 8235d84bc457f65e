"""One question of one part: looked up or found, judged, answered and verified.

Knows ports only; `rag.assembly` chooses what stands behind them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace

from rag.domain.answers import Abstention, Answer, Stage, Statement
from rag.domain.passages import PassageKind
from rag.domain.ports import Abstainer, Answerer, AnswerVerifier, ConfidenceModel, Library, Retriever
from rag.domain.retrieval import Hit, Query
from rag.growing import Growing
from rag.stages import GrowingAnswerer, Places

MOST = 0.75
"""Of a question's words, by weight. Not fitted: of a topic of two words both are wanted."""


@dataclass(slots=True)
class Clock:
    """A stage entered again, for another part of the question, counts on."""

    _milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            took = (time.perf_counter() - start) * 1000
            self._milliseconds[name] = self._milliseconds.get(name, 0.0) + took

    def total(self) -> tuple[Stage, ...]:
        stages = tuple(Stage(name, took) for name, took in self._milliseconds.items())
        return (*stages, Stage("total", sum(s.milliseconds for s in stages)))


class Researcher:
    """Answers from the texts what is sure enough, and abstains from the rest.

    `hits`: how many passages an answer is drawn from.
    """

    def __init__(
        self,
        *,
        retriever: Retriever,
        library: Library,
        confidence: ConfidenceModel,
        answerer: Answerer,
        verifier: AnswerVerifier,
        abstainer: Abstainer,
        places: Places | None = None,
        hits: int = 12,
    ) -> None:
        self._retriever = retriever
        self._library = library
        self._confidence = confidence
        self._answerer = answerer
        self._verifier = verifier
        self._abstainer = abstainer
        self._places = places
        self._hits = hits

    @property
    def fingerprint(self) -> str:
        """Of the serving index."""
        return self._retriever.fingerprint

    @property
    def threshold(self) -> float:
        """The confidence from which a question is answered."""
        return self._confidence.threshold

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        """The passages found, best first."""
        return self._retriever.search(query, limit)

    def is_sure(self, query: Query, clock: Clock) -> bool:
        """Whether the texts together answer surely enough."""
        return self._confidence.confidence(query, self._found(query, clock)) >= self.threshold

    def abstained(self, query: Query, clock: Clock) -> Abstention:
        """With the passages that come nearest."""
        hits = self._found(query, clock)
        return self._abstainer.abstain(query, hits, self._confidence.confidence(query, hits))

    def answered(
        self, query: Query, clock: Clock, watched: bool, *, named: bool = False
    ) -> Growing[Answer, Answer | Abstention]:
        """With `named`, from passages that hold most of the question's words, which is confidence enough."""
        placed = self._placed(query, clock)
        if placed is not None:
            return attributed(placed, self._library) if isinstance(placed, Answer) else placed
        hits = self._found(query, clock)
        with clock.stage("answer"):
            confidence = self._confidence.confidence(query, hits)
        if named:
            hits = _naming(hits, query)
        if hits and (named or confidence >= self.threshold):
            verified = yield from self._written(query, hits, clock, watched)
        else:
            verified = self._verified(None, query, hits, clock)
        if verified is None:
            return self._abstainer.abstain(query, hits, confidence)
        return replace(verified, confidence=confidence)

    def _found(self, query: Query, clock: Clock) -> tuple[Hit, ...]:
        with clock.stage("retrieve"):
            return self._retriever.search(query, self._hits)

    def _placed(self, query: Query, clock: Clock) -> Answer | Abstention | None:
        """What stands at the place that the question names, if it names one."""
        if self._places is None:
            return None
        with clock.stage("retrieve"):
            found = self._places.looked_up(query, self.fingerprint)
        return self._verified(found, query, (), clock) if isinstance(found, Answer) else found

    def _written(
        self, query: Query, hits: Sequence[Hit], clock: Clock, watched: bool
    ) -> Growing[Answer, Answer | None]:
        """The answer, verified, and before it as much of it as there is; only what is written counts
        as time, not what is done with it in between."""
        if not (watched and isinstance(self._answerer, GrowingAnswerer)):
            with clock.stage("answer"):
                drafted = self._answerer.answer(query, hits)
            return self._verified(drafted, query, hits, clock)
        growing = self._answerer.growing(query, hits)
        with closing(growing):
            while True:
                with clock.stage("answer"):
                    try:
                        so_far = next(growing)
                    except StopIteration as end:
                        drafted = end.value
                        break
                verified = self._verified(so_far, query, hits, clock)
                if verified is not None:
                    yield verified
        return self._verified(drafted, query, hits, clock)

    def _verified(
        self, drafted: Answer | None, query: Query, hits: Sequence[Hit], clock: Clock
    ) -> Answer | None:
        with clock.stage("verify"):
            return self._verifier.verified(drafted, query, hits) if drafted else None


def attributed(answer: Answer, library: Library, *, always: bool = False) -> Answer:
    """Each paragraph with the name of the text that speaks, where texts are set side by side or
    several answer: things of the same name in two texts are not one."""
    text_of = {c.number: c.passage.document for c in answer.citations}
    if len(set(text_of.values())) == 1 and not always:
        return answer
    items = {c.number for c in answer.citations if c.passage.kind is PassageKind.LIST_ITEM}
    statements: list[Statement] = []
    before = 0
    for statement in answer.statements:
        number = statement.citations[0]
        text = text_of[number]
        goes_on = before == number or (number in items and text_of.get(before) == text)
        name = "" if goes_on else library.document(text).description.short_title
        statements.append(replace(statement, speaker=name))
        before = number
    return replace(answer, statements=tuple(statements))


def _naming(hits: Sequence[Hit], query: Query) -> tuple[Hit, ...]:
    """The passages that hold most of the question's words, or cannot be read in its language; footnotes
    only if there is nothing else."""
    found = [
        hit
        for hit in hits
        if hit.coverage.share >= MOST
        or not (hit.passage.language == query.language or hit.enrichment.translation(query.language))
    ]
    said = [hit for hit in found if hit.passage.kind is not PassageKind.FOOTNOTE]
    return tuple(said or found)
