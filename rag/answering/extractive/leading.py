"""Which sentence of a passage answers: what decides which is told first. Refuses to leave any out.

A small model over what can be known of each sentence, fitted on the development split by
`python -m evals fit-leading`: a choice among the passage's own sentences (McFadden, 1974,
"Conditional logit analysis"), so that only differences between them count.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.linear import Logistic, load_logistic
from rag.domain.retrieval import Hit, Query

COEFFICIENTS = Path(__file__).with_name("leading.toml")
LEADING_FEATURES = (
    "likeness",  # cosine of question and sentence
    "known",  # likeness to the likest question that the sentence is known to answer
    "words",  # share of the question's words that tell the passage's sentences apart
    "length",  # logarithm of the characters: a short sentence seldom answers
)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_WORD = 4
_STEM_LETTERS = 5
"""So much of a word counts: "medlemsstater" and "medlemsstaterne" are the same."""
_LENGTH_OFFSET = 20


@dataclass(frozen=True, slots=True)
class Leading:
    """The fitted model; `margin` is how much better than the first a sentence must be to be told before it."""

    model: Logistic

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> Leading:
        return cls(load_logistic(path, LEADING_FEATURES))

    @property
    def margin(self) -> float:
        return self.model.threshold

    def scores(self, query: Query, hit: Hit, shown: Sequence[str]) -> list[float]:
        """Log-odds against one another; nothing where the likeness of other sentences is known."""
        if len(hit.sentences) != len(shown):
            return []
        return [
            sum(w * x for w, x in zip(self.model.weights, values, strict=True))
            for values in leading_features(query, hit, shown)
        ]


def leading_features(query: Query, hit: Hit, shown: Sequence[str]) -> list[tuple[float, ...]]:
    """The values of `LEADING_FEATURES` for each sentence of a passage, as the asker reads it."""
    known = hit.known or (0.0,) * len(shown)
    words = _telling_words(query.text, shown)
    return [
        (likeness, asked, telling, math.log(len(text) + _LENGTH_OFFSET))
        for likeness, asked, telling, text in zip(hit.sentences, known, words, shown, strict=True)
    ]


def _telling_words(question: str, shown: Sequence[str]) -> list[float]:
    """For each sentence its share of the question's words, rare ones counting more; those in all, nothing."""
    asked = _stems(question)
    held = [asked & _stems(text) for text in shown]
    number = Counter(stem for stems in held for stem in stems)
    worth = [sum(1 / number[s] for s in stems if number[s] < len(shown)) for stems in held]
    total = sum(worth)
    return [value / total for value in worth] if total else worth


def _stems(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    return {w[:_STEM_LETTERS] for w in found if len(w) >= _SHORTEST_WORD or w.isdigit()}
