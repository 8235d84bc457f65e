"""The one flow of a question: route, understand, retrieve, answer, verify, reply.

Knows ports only; `rag.assembly` chooses what stands behind them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from rag.domain.answers import (
    Abstention,
    Answer,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Stage,
    Statement,
)
from rag.domain.conversations import History
from rag.domain.errors import QuestionError
from rag.domain.passages import PassageKind
from rag.domain.ports import (
    Abstainer,
    Answerer,
    AnswerVerifier,
    ConfidenceModel,
    LanguageIdentifier,
    Library,
    Retriever,
    Rewriter,
    Router,
)
from rag.domain.retrieval import Hit, Query, QuestionPart
from rag.growing import Growing, mapped, whole
from rag.stages import Comparer, GrowingAnswerer, Parts, Places, Premises

MOST = 0.75
"""Of a question's words, by weight. Not fitted: of a topic of two words both are wanted."""
LANGUAGES = ("en", "nl", "da")
"""Languages the service speaks; a question in another is answered in English."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question may be and how many passages an answer is drawn from."""

    max_characters: int = 2000
    hits: int = 12


@dataclass(slots=True)
class _Clock:
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


class Assistant:
    """Answers questions; safe to use from several threads."""

    def __init__(
        self,
        *,
        languages: LanguageIdentifier,
        router: Router,
        rewriter: Rewriter,
        retriever: Retriever,
        library: Library,
        confidence: ConfidenceModel,
        answerer: Answerer,
        verifier: AnswerVerifier,
        abstainer: Abstainer,
        parts: Parts,
        premises: Premises,
        limits: Limits,
        places: Places | None = None,
        comparer: Comparer | None = None,
    ) -> None:
        self._languages = languages
        self._router = router
        self._rewriter = rewriter
        self._retriever = retriever
        self._confidence = confidence
        self._answerer = answerer
        self._verifier = verifier
        self._abstainer = abstainer
        self._parts = parts
        self._premises = premises
        self._limits = limits
        self._places = places
        self._comparer = comparer
        self.library = library

    @property
    def fingerprint(self) -> str:
        """Of the serving index."""
        return self._retriever.fingerprint

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        """The reply to a question. Raises QuestionError if it is empty or too long."""
        return whole(self._respond(question, language, history, watched=False))

    def watch(
        self, question: str, language: str | None = None, history: History = ()
    ) -> Growing[Response, Response]:
        """What `ask` returns, and on the way there the answer whenever it has grown.

        All that is yielded has been verified. Only what a language model writes grows.
        """
        return self._respond(question, language, history, watched=True)

    def _respond(
        self, question: str, language: str | None, history: History, *, watched: bool
    ) -> Growing[Response, Response]:
        clock = _Clock()
        question = self.checked(question)
        with clock.stage("route"):
            spoken = self.language_of(question, language)
            routed = self._router.route(question, spoken)
        understood, early = question, self._early_reply(routed)

        def response(reply: Reply, timings: tuple[Stage, ...] = ()) -> Response:
            return Response(question, spoken, understood, reply, self.fingerprint, timings)

        if early is not None:
            return response(early, clock.total())
        with clock.stage("understand"):
            asked = routed.asked if isinstance(routed, Referral) else ""
            understood = self._rewriter.rewrite(asked or question, spoken, history)
        growing = self._answered(Query(understood, spoken), clock, watched)
        reply: Reply = yield from mapped(growing, lambda so_far: response(_cared_for(so_far, routed)))
        if isinstance(reply, Answer):
            with clock.stage("verify"):
                reply = self._premises.remarked(reply, Query(question, spoken))
        return response(_cared_for(reply, routed), clock.total())

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """The passages found for a question, best first."""
        question = self.checked(question)
        return self._retriever.search(Query(question, self.language_of(question, language)), limit)

    def checked(self, question: str) -> str:
        """The question without control characters and surplus white space."""
        if len(question) > self._limits.max_characters:
            raise QuestionError(
                f"The question has {len(question):,} characters; at most "
                f"{self._limits.max_characters:,} can be taken. Shorten it, or ask in parts."
            )
        cleaned = " ".join("".join(c if c.isprintable() else " " for c in question).split())
        if not any(c.isalnum() for c in cleaned):
            raise QuestionError("The question is empty. Write what you want to know.")
        return cleaned

    def language_of(self, question: str, language: str | None) -> str:
        """The language asked for, or else the one the question is in; English if not spoken here."""
        if language:
            if language not in LANGUAGES:
                raise QuestionError(
                    f"Language '{language}' is not one of {', '.join(LANGUAGES)}. "
                    "Leave it out to have it recognised."
                )
            return language
        found = self._languages.identify(question)
        return found if found in LANGUAGES else "en"

    @staticmethod
    def _early_reply(routed: Referral | SmallTalk | None) -> Reply | None:
        if isinstance(routed, SmallTalk):
            return routed
        if isinstance(routed, Referral) and not routed.also_answer:
            return routed
        return None

    def _answered(self, query: Query, clock: _Clock, watched: bool) -> Growing[Answer, Answer | Abstention]:
        """Part by part where several things are asked.

        What a part does not find, the whole question may: a part is said to be unanswered only if
        the question as a whole finds no further passage.
        """
        parts = self._parts.divide(query.text, query.language)
        if len(parts) == 1 and self._comparer is not None:
            parts = self._comparer.divide(query, self.fingerprint) or parts
        if len(parts) == 1:
            return (yield from self._of_one(query, clock, watched))
        replies: list[Answer | Abstention] = []
        answers: list[tuple[QuestionPart, Answer | None]] = []
        for part in parts:
            joined = partial(self._joined, tuple(answers), part, query.language)
            reply = yield from mapped(self._of_part(part, answers, clock, watched), joined)
            replies.append(reply)
            answers.append((part, reply if isinstance(reply, Answer) else None))
        if parts[0].named and not self._sure_of_any([answer for _, answer in answers]):
            return self._abstained(query, clock)
        missing = any(answer is None for _, answer in answers)
        if parts[0].speaker and any(answer for _, answer in answers):
            missing = False  # what other texts say is no answer to what this one says
        asked_whole = whole(self._researched(query, clock, watched=False)) if missing else None
        rest = asked_whole if isinstance(asked_whole, Answer) else None
        answer = self._parts.join(answers, rest, query.language)
        return (
            self._attributed(answer, always=bool(parts[0].speaker)) if answer else asked_whole or replies[0]
        )

    def _of_one(self, query: Query, clock: _Clock, watched: bool) -> Growing[Answer, Answer | Abstention]:
        """A question of one part: what a text says of something is taken from that text alone; where only
        others answer, it is said to be silent."""
        named = self._comparer.alone(query, self.fingerprint) if self._comparer else None
        if named is not None and named.named:
            own = yield from self._of_part(named, (), clock, watched)
            if isinstance(own, Answer) and self._sure_of_any([own]):
                return own
        other = self._comparer.elsewhere(named) if self._comparer and named and named.named else None
        if other is None:
            reply = yield from self._researched(query, clock, watched)
        else:
            reply = yield from self._of_part(other, (), clock, watched)
            reply = reply if isinstance(reply, Answer) else self._abstained(query, clock)
        if named is None or not isinstance(reply, Answer):
            return reply
        if any(c.passage.document in named.query.documents for c in reply.citations):
            return reply
        heard = [(QuestionPart(query.text, query), reply), (named, None)]
        return self._parts.join(heard, None, query.language) or reply

    def _sure_of_any(self, answers: Sequence[Answer | None]) -> bool:
        """Whether one of the texts, at least, answers as surely as is asked of one question alone."""
        return any(answer and answer.confidence >= self._confidence.threshold for answer in answers)

    def _abstained(self, query: Query, clock: _Clock) -> Abstention:
        with clock.stage("retrieve"):
            hits = self._retriever.search(query, self._limits.hits)
        return self._abstainer.abstain(query, hits, self._confidence.confidence(query, hits))

    def _attributed(self, answer: Answer, *, always: bool = False) -> Answer:
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
            name = "" if goes_on else self.library.document(text).description.short_title
            statements.append(replace(statement, speaker=name))
            before = number
        return replace(answer, statements=tuple(statements))

    def _of_part(
        self,
        part: QuestionPart,
        before: Sequence[tuple[QuestionPart, Answer | None]],
        clock: _Clock,
        watched: bool,
    ) -> Growing[Answer, Answer | Abstention]:
        """A part that leans on an earlier one is looked for first in the text that answered that one."""
        texts = [answer.citations[0].passage.document for _, answer in before if answer is not None]
        if part.leans and texts:
            beside = replace(part.query, documents=frozenset(texts[-1:]))
            reply = yield from self._researched(beside, clock, watched)
            if isinstance(reply, Answer):
                return reply
        return (yield from self._researched(part.query, clock, watched, named=part.named))

    def _joined(
        self,
        before: Sequence[tuple[QuestionPart, Answer | None]],
        part: QuestionPart,
        language: str,
        so_far: Answer,
    ) -> Answer | None:
        """What there is of an answer in parts while one of them grows."""
        found = [(earlier, answer) for earlier, answer in before if answer is not None]
        joined = self._parts.join([*found, (part, so_far)], None, language)
        return self._attributed(joined, always=bool(part.speaker)) if joined else None

    def _researched(
        self, query: Query, clock: _Clock, watched: bool, *, named: bool = False
    ) -> Growing[Answer, Answer | Abstention]:
        """With `named`, from passages that hold most of the question's words, which is confidence enough."""
        placed = self._placed(query, clock)
        if placed is not None:
            return self._attributed(placed) if isinstance(placed, Answer) else placed
        with clock.stage("retrieve"):
            hits = self._retriever.search(query, self._limits.hits)
        with clock.stage("answer"):
            confidence = self._confidence.confidence(query, hits)
        if named:
            hits = _naming(hits, query)
        if hits and (named or confidence >= self._confidence.threshold):
            verified = yield from self._written(query, hits, clock, watched)
        else:
            verified = self._verified(None, query, hits, clock)
        if verified is None:
            return self._abstainer.abstain(query, hits, confidence)
        return replace(verified, confidence=confidence)

    def _placed(self, query: Query, clock: _Clock) -> Answer | Abstention | None:
        """What stands at the place that the question names, if it names one."""
        if self._places is None:
            return None
        with clock.stage("retrieve"):
            found = self._places.looked_up(query, self.fingerprint)
        return self._verified(found, query, (), clock) if isinstance(found, Answer) else found

    def _written(
        self, query: Query, hits: Sequence[Hit], clock: _Clock, watched: bool
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
        self, drafted: Answer | None, query: Query, hits: Sequence[Hit], clock: _Clock
    ) -> Answer | None:
        with clock.stage("verify"):
            return self._verifier.verified(drafted, query, hits) if drafted else None


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


def _cared_for(reply: Reply, routed: Referral | SmallTalk | None) -> Reply:
    """The reply with the help that the question also asked for; the help alone where there is no answer."""
    if not isinstance(routed, Referral):
        return reply
    return replace(reply, care=routed) if isinstance(reply, Answer) else routed
