"""What is found for the questions that the models of answering are fitted on, and how they are fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.fitting.natural import Natural, read_natural
from evals.fitting.setting import (
    Bench,
    Wanted,
    development_questions,
    open_bench,
    wanted,
    without_enrichment,
)
from evals.gold import GoldQuestion
from rag.answering.linear import Logistic
from rag.dialogue.rewriting import RuleRewriter
from rag.domain.conversations import Turn
from rag.domain.retrieval import Hit, Query
from rag.settings import Settings

FOLDS = 5
HITS = 12
COVERS = 0.4
"""A passage answers when it covers this share of some piece of evidence."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A question and what was found for it; `answers[i]` whether hit i answers (gold)."""

    question: GoldQuestion
    query: Query
    hits: tuple[Hit, ...]
    answers: tuple[bool, ...]
    wanted: Wanted | None
    numbers: tuple[int, ...]


def found_for(bench: Bench, question: GoldQuestion) -> Found:
    history = tuple(Turn(t.question, t.question, t.answer) for t in question.history)
    text = RuleRewriter().rewrite(question.question, question.language, history)
    query = Query(text, question.language)
    hits = bench.retriever.search(query, HITS)
    number_of = {p.id: n for n, (p, _) in enumerate(bench.index.current().passages)}
    numbers = tuple(number_of[h.passage.id] for h in hits)
    sought = wanted(bench, question) if question.evidence else None
    pieces = (*sought.evidence, *sought.also) if sought else ()
    answers = tuple(any(piece.get(n, 0.0) >= COVERS for piece in pieces) for n in numbers)
    return Found(question, query, hits, answers, sought, numbers)


def found_naturally(bench: Bench, natural: Natural) -> Found:
    found = found_for(bench, natural.gold)
    return replace(found, answers=tuple(h.passage.id in natural.answered_by for h in found.hits))


def gather(settings: Settings) -> list[list[Found]]:
    """Every development question, and every one as people put them, over both indexes."""
    questions = [q for q in development_questions() if q.kind in ("answer", "abstention")]
    natural = read_natural("development")
    with without_enrichment(settings) as plain:
        return [
            [found_for(bench, q) for q in questions] + [found_naturally(bench, n) for n in natural]
            for bench in (open_bench(settings), open_bench(plain))
        ]


def fitted(
    values: Values, labels: NDArray[np.bool_], weights: Values, strength: float
) -> Callable[[float], Logistic]:
    """A logistic regression with the scaling of the features folded into its weights."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit((values - mean) / spread, labels, sample_weight=weights)
    coefficients = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - coefficients @ mean)
    return lambda threshold: Logistic(tuple(float(c) for c in coefficients), intercept, threshold)


def folds(questions: Sequence[GoldQuestion]) -> list[set[str]]:
    bases = sorted({q.base for q in questions})
    return [set(bases[fold::FOLDS]) for fold in range(FOLDS)]
