"""What the flow asks of its stages beyond the domain's ports: parts, places, comparisons, premises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from rag.domain.answers import Abstention, Answer
from rag.domain.retrieval import Hit, Query, QuestionPart
from rag.growing import Growing


class Parts(Protocol):
    """Takes a question of several parts apart, and puts the answers together."""

    def divide(self, question: str, language: str) -> Sequence[QuestionPart]:
        """Each part as it was asked, and as it is searched; one alone if it is a single question."""

    def join(
        self, answers: Sequence[tuple[QuestionPart, Answer | None]], whole: Answer | None, language: str
    ) -> Answer | None:
        """The parts' answers as one, with what `whole` adds for those that have none; None if none has."""


class Places(Protocol):
    """Looks up a numbered place of a named text."""

    def looked_up(self, query: Query, fingerprint: str) -> Answer | Abstention | None:
        """What stands there in the index of that name, or that nothing does; None for other questions."""


class Comparer(Protocol):
    """Divides a question by the texts it compares."""

    def divide(self, query: Query, fingerprint: str) -> Sequence[QuestionPart]:
        """Each text's question, as asked and as searched; nothing if the question compares no texts."""

    def alone(self, query: Query, fingerprint: str) -> QuestionPart | None:
        """The question asked of the one text that it names; None if it names none, or several."""

    def elsewhere(self, part: QuestionPart) -> QuestionPart | None:
        """The same asked of the other texts, if its own ones do not hold the names asked about."""


class Premises(Protocol):
    """Tells what a question takes for granted and its answer does not bear out."""

    def remarked(self, answer: Answer, query: Query) -> Answer:
        """The answer, with a note if there is anything to note."""


class Mender(Protocol):
    """Puts misspelt words right."""

    def mended(self, question: str, language: str, fingerprint: str) -> str:
        """The question as it may have been meant, by the words of the index of that name."""


@runtime_checkable
class GrowingAnswerer(Protocol):
    """An Answerer whose answers can be watched while they are written."""

    def growing(self, question: Query, hits: Sequence[Hit]) -> Growing[Answer, Answer | None]:
        """Yields the answer each time it has grown; returns what `answer` does."""
