"""What a batch is made of: answers to a seeded sample of the gold questions, asked now or in recorded runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from evals.gold import GoldQuestion
from evals.workbench.claims import claims_of
from evals.workbench.planting import planted
from rag.assistant import LANGUAGES
from rag.domain.answers import Response
from rag.domain.conversations import History, Turn
from rag.domain.ports import Library, Verifier
from rag.records.ratings import NewItem
from rag.wire import ReplyLine, reply_line

QUESTIONS = 12
PLANTED = 6
"""Of the first batch: some thirty claims, which a person rates in about a quarter of an hour."""
TRIES = 3
"""Questions asked at most for each planted error: some have no answer, or none that can be altered."""
SEED = 607
SPLIT = "test"
"""What people rate by default: questions that nothing was fitted to."""

Tick = Callable[[int, int], None]


Replies = Callable[[GoldQuestion], Iterable[tuple[tuple[str, ...], ReplyLine]]]
"""The replies to a question, each with the systems that gave it."""


class Asked(Protocol):
    """The part of the assistant that is used."""

    @property
    def library(self) -> Library: ...

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Which questions a batch is drawn from, how many, and how many errors are planted in answers to
    others. `language` "all" takes the languages in turn; `runs` name run folders whose replies are rated
    instead of what the assistant says now.
    """

    questions: int = QUESTIONS
    planted: int = PLANTED
    seed: int = SEED
    split: str = SPLIT
    language: str = "all"
    runs: tuple[str, ...] = ()


def sample(questions: Sequence[GoldQuestion], wish: Wish) -> tuple[GoldQuestion, ...]:
    """Every answerable question that fits the wish, shuffled by its seed, one of each base."""
    bases: dict[str, dict[str, GoldQuestion]] = {}
    for question in questions:
        if question.kind == "answer" and wish.split in ("all", question.split):
            bases.setdefault(question.base, {})[question.language] = question
    drawn = sorted(bases)
    Random(wish.seed).shuffle(drawn)
    chosen = (_in_turn(bases[base], number, wish.language) for number, base in enumerate(drawn))
    return tuple(question for question in chosen if question is not None)


def _in_turn(spoken: Mapping[str, GoldQuestion], number: int, language: str) -> GoldQuestion | None:
    """The question in the language wished for, or in one of those it has, in turn."""
    if language != "all":
        return spoken.get(language)
    known = [code for code in LANGUAGES if code in spoken]
    return spoken[known[number % len(known)]]


def asking(assistant: Asked) -> Replies:
    """What the assistant says now."""

    def replies(question: GoldQuestion) -> Iterator[tuple[tuple[str, ...], ReplyLine]]:
        history = tuple(Turn(t.question, t.question, t.answer) for t in question.history)
        response = assistant.ask(question.question, question.language, history)
        reply = reply_line(response, assistant.library.document, question.id)
        yield (reply.answerer,), reply

    return replies


def make_items(
    replies: Replies, suite: Sequence[GoldQuestion], wish: Wish, verifier: Verifier, tick: Tick
) -> Iterator[NewItem]:
    """The claims of the answers to the first questions of the sample, and errors planted in the next ones."""
    questions = sample(suite, wish)
    whole = questions[: wish.questions]
    total = len(whole) + wish.planted
    for done, question in enumerate(whole):
        tick(done, total)
        yield from _claims(replies, question, verifier)
    made = 0
    for question in questions[wish.questions : wish.questions + TRIES * wish.planted]:
        if made == wish.planted:
            break
        tick(len(whole) + made, total)
        altered = planted(tuple(_claims(replies, question, verifier)), verifier)
        if altered is not None:
            made += 1
            yield altered
    tick(total, total)


def _claims(replies: Replies, question: GoldQuestion, verifier: Verifier) -> Iterator[NewItem]:
    about = {"question_id": question.id, "base": question.base, "split": question.split}
    for systems, reply in replies(question):
        yield from claims_of(reply, verifier, {**about, "systems": list(systems), "index": reply.index})
