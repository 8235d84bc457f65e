"""The one flow of a question: route, understand, retrieve, answer, verify, reply.

Knows ports only; `rag.assembly` chooses what stands behind them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from rag.domain.answers import (
    Abstention,
    Answer,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Stage,
)
from rag.domain.conversations import History
from rag.domain.errors import QuestionError
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
from rag.domain.retrieval import Hit, Query

LANGUAGES = ("en", "nl", "da")
"""Languages the service speaks; a question in another is answered in English."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question may be and how many passages an answer is drawn from."""

    max_characters: int = 2000
    hits: int = 12


@dataclass(slots=True)
class _Clock:
    stages: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stages.append(Stage(name, (time.perf_counter() - start) * 1000))

    def total(self) -> tuple[Stage, ...]:
        return (*self.stages, Stage("total", sum(s.milliseconds for s in self.stages)))


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
        limits: Limits,
    ) -> None:
        self._languages = languages
        self._router = router
        self._rewriter = rewriter
        self._retriever = retriever
        self._confidence = confidence
        self._answerer = answerer
        self._verifier = verifier
        self._abstainer = abstainer
        self._limits = limits
        self.library = library

    @property
    def fingerprint(self) -> str:
        """Of the serving index."""
        return self._retriever.fingerprint

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        """The reply to a question. Raises QuestionError if it is empty or too long."""
        clock = _Clock()
        question = self.checked(question)
        with clock.stage("route"):
            spoken = self.language_of(question, language)
            routed = self._router.route(question, spoken)
        understood, reply = question, self._early_reply(routed)
        if reply is None:
            with clock.stage("understand"):
                understood = self._rewriter.rewrite(question, spoken, history)
            reply = self._researched(Query(understood, spoken), clock)
            if isinstance(routed, Referral) and isinstance(reply, Answer):
                reply = replace(reply, care=routed)
            elif isinstance(routed, Referral):
                reply = routed
        return Response(
            question=question,
            language=spoken,
            understood_as=understood,
            reply=reply,
            index=self.fingerprint,
            timings=clock.total(),
        )

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

    def _researched(self, query: Query, clock: _Clock) -> Answer | Abstention:
        with clock.stage("retrieve"):
            hits = self._retriever.search(query, self._limits.hits)
        with clock.stage("answer"):
            confidence = self._confidence.confidence(query, hits)
            drafted = None
            if hits and confidence >= self._confidence.threshold:
                drafted = self._answerer.answer(query, hits)
        with clock.stage("verify"):
            verified = self._verifier.verified(drafted, query, hits) if drafted else None
        if verified is None:
            return self._abstainer.abstain(query, hits, confidence)
        return replace(verified, confidence=confidence)
