"""Asks the service every question and notes what it did. The only part of a run that takes time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from evals.metrics.observation import Case, Observation, Place
from rag.domain.answers import Answer, Referral, Response, SmallTalk
from rag.domain.conversations import History, Turn
from rag.domain.errors import RulesError
from rag.domain.ports import LanguageIdentifier, Library
from rag.domain.retrieval import Hit
from rag.wire import HitLine, ReplyLine, hit_line, reply_line

SEARCH_DEPTH = 12
"""Passages asked of a search; what the answerer sees by default."""
SHORTEST_IDENTIFIED = 15
"""Characters below which a text's language is not judged."""


class Asked(Protocol):
    """The part of the assistant that a run uses."""

    library: Library

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response: ...

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]: ...


Asking = Callable[[Case], tuple[Observation, tuple[HitLine, ...]]]


def observe(
    assistant: Asked, cases: Iterable[Case], languages: LanguageIdentifier, *, tell_language: bool = False
) -> Iterator[tuple[Observation, tuple[HitLine, ...]]]:
    """What the service does with each case, and its search hits.

    The service recognises the language itself unless `tell_language`. An error of the service is
    its failure on that question and does not stop the run.
    """
    for case in cases:
        told = case.question.language if tell_language else None
        try:
            response = assistant.ask(case.question.question, told, _history(case))
            hits = assistant.search(response.understood_as, response.language, SEARCH_DEPTH)
        except RulesError as error:
            yield _failed(case, error), ()
            continue
        line = reply_line(response, assistant.library.document, case.question.id)
        lines = tuple(hit_line(hit) for hit in hits)
        yield (
            Observation(
                case=case,
                reply=line,
                route=_route(response),
                cared=_cared(response),
                hits=tuple(Place(h.passage.document, (*h.passage.context, *h.passage.spans)) for h in hits),
                spoken=_spoken(line, languages),
            ),
            lines,
        )


def _history(case: Case) -> History:
    return tuple(Turn(t.question, t.question, t.answer) for t in case.question.history)


def _route(response: Response) -> str:
    match response.reply:
        case Answer():
            return "answer"
        case Referral(reason="refusal"):
            return "refusal"
        case Referral():
            return "referral"
        case SmallTalk():
            return "smalltalk"
    return "abstention"


def _cared(response: Response) -> bool:
    reply = response.reply
    return isinstance(reply, Referral) or (isinstance(reply, Answer) and reply.care is not None)


def _spoken(line: ReplyLine, languages: LanguageIdentifier) -> str:
    text = " ".join(s.text for s in line.statements) or line.text
    return languages.identify(text) if len(text) >= SHORTEST_IDENTIFIED else "unknown"


def _failed(case: Case, error: RulesError) -> Observation:
    question = case.question
    reply = ReplyLine(
        id=question.id,
        question=question.question,
        language=question.language,
        understood_as=question.question,
        kind="error",
        text=str(error),
        statements=[],
        citations=[],
        contacts=[],
        notes=[],
        confidence=0.0,
        answerer="",
        index="",
        timings_ms={},
    )
    return Observation(case, reply, "error", False, (), "unknown")
