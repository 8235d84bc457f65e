"""Which words and pairs of words a message holds, as numbers beside its embedding.

Embeddings of small models know the subject of a message better than who speaks and what is wanted;
"I want", "according to" and "where do they" say that.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

_WORD = re.compile(r"\w+")
_LEAST_TEXTS = 2
"""A word or pair that stands in fewer examples teaches nothing general."""


@dataclass(frozen=True)
class Words:
    """Known words and pairs of words, and how much the presence of each weighs: the rarer, the more."""

    known: tuple[str, ...]
    rarity: Matrix

    @classmethod
    def of(cls, texts: Sequence[str]) -> Words:
        times = Counter(word for text in texts for word in _words_and_pairs(text))
        known = tuple(sorted(word for word, count in times.items() if count >= _LEAST_TEXTS))
        rarity = [1 + math.log((1 + len(texts)) / (1 + times[word])) for word in known]
        return cls(known, np.array(rarity, np.float32))

    def found(self, text: str) -> tuple[list[int], Matrix]:
        """Places of the text's words in `known`, and their weights, of length 1 together with those unknown.

        The fewer of its words are known, the less they say: "send me" is one thing before a word of the
        subject, and another before one never heard.
        """
        words = _words_and_pairs(text)
        places = sorted(self._place[word] for word in words if word in self._place)
        weights = self.rarity[places]
        unknown = sum(word not in self._place for word in words if " " not in word)
        length = math.hypot(float(np.linalg.norm(weights)), math.sqrt(unknown) * self._rarest)
        return places, weights / max(length, 1e-12)

    @cached_property
    def _rarest(self) -> float:
        return float(self.rarity.max(initial=0.0))

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.known)}


def _words_and_pairs(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {*words, *(f"{one} {next_}" for one, next_ in zip(words, words[1:], strict=False))}
