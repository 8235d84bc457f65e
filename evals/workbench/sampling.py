"""Batches made by asking: the assistant's answers to a seeded sample of the gold questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from evals.gold import GoldQuestion
from evals.workbench.claims import claims_of
from rag.assistant import LANGUAGES
from rag.domain.answers import Response
from rag.domain.conversations import History, Turn
from rag.domain.ports import Library, Verifier
from rag.records.ratings import NewItem
from rag.wire import reply_line

QUESTIONS = 12
"""Of the first batch: some thirty claims, which a person rates in about a quarter of an hour."""
SEED = 607
SPLIT = "test"
"""What people rate by default: questions that nothing was fitted to."""

Tick = Callable[[int, int], None]


class Asked(Protocol):
    """The part of the assistant that is used."""

    @property
    def library(self) -> Library: ...

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Which questions a batch is drawn from, and how many; `language` "all" takes them in turn."""

    questions: int = QUESTIONS
    seed: int = SEED
    split: str = SPLIT
    language: str = "all"


def sample(questions: Sequence[GoldQuestion], wish: Wish) -> tuple[GoldQuestion, ...]:
    """Answerable questions of different bases, each in one language; the same for the same wish."""
    bases: dict[str, dict[str, GoldQuestion]] = {}
    for question in questions:
        if question.kind == "answer" and wish.split in ("all", question.split):
            bases.setdefault(question.base, {})[question.language] = question
    languages = LANGUAGES if wish.language == "all" else (wish.language,)
    drawn = sorted(bases)
    Random(wish.seed).shuffle(drawn)
    chosen = (bases[b].get(languages[i % len(languages)]) for i, b in enumerate(drawn))
    return tuple(q for q in chosen if q is not None)[: wish.questions]


def answered(
    assistant: Asked, questions: Sequence[GoldQuestion], verifier: Verifier, tick: Tick
) -> Iterator[NewItem]:
    """The claims of every answer; questions that get no answer give none."""
    for done, question in enumerate(questions):
        tick(done, len(questions))
        history = tuple(Turn(t.question, t.question, t.answer) for t in question.history)
        response = assistant.ask(question.question, question.language, history)
        reply = reply_line(response, assistant.library.document, question.id)
        hidden = {"question_id": question.id, "base": question.base, "system": reply.answerer}
        yield from claims_of(reply, verifier, {**hidden, "index": reply.index, "split": question.split})
    tick(len(questions), len(questions))
