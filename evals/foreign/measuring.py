"""Scores every search on a collection's questions, and holds the fused one against each of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.foreign.collection import Collection
from evals.foreign.searches import BM25, FUSED, MINILM, Compared, Search
from evals.gold import GoldQuestion, SourceFinder
from evals.metrics.finding import Ranks, ranks
from evals.metrics.observation import Case, place
from evals.metrics.recall import recall_at
from evals.metrics.reciprocal import DEPTH, reciprocal_rank
from evals.statistics import Estimate, mean, rate, sign_flip

OFF_TOPIC = "off-topic"
LEGS = (BM25, MINILM)
"""What the fused search must be above."""


@dataclass(frozen=True, slots=True)
class Row:
    """One search on one collection; MRR is of the first ten."""

    search: str
    recall_at_1: Estimate
    recall_at_5: Estimate
    mrr: Estimate


@dataclass(frozen=True, slots=True)
class Against:
    """The fused search against another: mean gain in reciprocal rank, its sign-flip p-value, questions won and lost."""

    search: str
    gain: Estimate
    p: float | None
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the rank at which each search found its evidence; None: not among the first ten."""

    id: str
    question: str
    ranks: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Declined:
    """Shares declined: of the questions the text answers, of near misses, and of questions on something else."""

    answerable: Estimate
    near_misses: Estimate
    off_topic: Estimate


@dataclass(frozen=True, slots=True)
class Measured:
    collection: str
    language: str
    passages: int
    questions: int
    rows: tuple[Row, ...]
    against: tuple[Against, ...]
    asked: tuple[Asked, ...]
    declined: Declined | None
    """None for a collection without unanswered questions."""

    @property
    def is_above_its_legs(self) -> bool:
        """Whether the fused search is above BM25 and plain MiniLM on all three figures."""
        by_name = {row.search: row for row in self.rows}
        fused = _figures(by_name[FUSED])
        return all(
            own > other for leg in LEGS for own, other in zip(fused, _figures(by_name[leg]), strict=True)
        )


def _figures(row: Row) -> tuple[float, ...]:
    return tuple(e.value or 0.0 for e in (row.recall_at_1, row.recall_at_5, row.mrr))


def measure(collection: Collection, compared: Compared) -> Measured:
    """Ask every search every question. Raises SuiteError if a quote is not in the text."""
    texts, languages = {collection.name: compared.text}, {collection.name: compared.language}
    finder = SourceFinder(texts)
    cases = [place(q, finder, texts, languages) for q in collection.questions]
    found = {name: found_by(search, cases) for name, search in compared.searches.items()}
    bases = [case.question.base for case in cases]
    return Measured(
        collection.name,
        compared.language,
        compared.passages,
        len(cases),
        tuple(row(name, own, bases) for name, own in found.items()),
        tuple(against(name, found[FUSED], own, bases) for name, own in found.items() if name != FUSED),
        tuple(
            Asked(
                case.question.id, case.question.question, {name: _rank(own[n]) for name, own in found.items()}
            )
            for n, case in enumerate(cases)
        ),
        declining(collection, compared) if collection.unanswered else None,
    )


def declining(collection: Collection, compared: Compared) -> Declined:
    def share(questions: Sequence[GoldQuestion]) -> Estimate:
        return rate([float(not compared.answers(q.question)) for q in questions], [q.base for q in questions])

    off_topic = [q for q in collection.unanswered if q.type == OFF_TOPIC]
    near = [q for q in collection.unanswered if q.type != OFF_TOPIC]
    return Declined(share(collection.questions), share(near), share(off_topic))


def found_by(search: Search, cases: Sequence[Case]) -> list[Ranks | None]:
    return [ranks(case, search(case.question.question, DEPTH)) for case in cases]


def row(name: str, found: Sequence[Ranks | None], bases: Sequence[str]) -> Row:
    return Row(
        name,
        rate([recall_at(r, 1) for r in found], bases),
        rate([recall_at(r, 5) for r in found], bases),
        rate([reciprocal_rank(r) for r in found], bases),
    )


def against(
    name: str, fused: Sequence[Ranks | None], other: Sequence[Ranks | None], bases: Sequence[str]
) -> Against:
    pairs = [
        ((reciprocal_rank(a) or 0.0), (reciprocal_rank(b) or 0.0)) for a, b in zip(fused, other, strict=True)
    ]
    gains = [own - theirs for own, theirs in pairs]
    return Against(
        name,
        mean(gains, bases),
        sign_flip(gains, bases),
        sum(gain > 0 for gain in gains),
        sum(gain < 0 for gain in gains),
    )


def _rank(found: Ranks | None) -> int | None:
    value = reciprocal_rank(found)
    return round(1 / value) if value else None
