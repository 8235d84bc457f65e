"""Which passages answer, and which of their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extractive.cues import continues, refers_back
from rag.domain.passages import PassageKind
from rag.domain.retrieval import Hit


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds of the extractive answer; fitted on the development split (`evals fit-answers`)."""

    second_ratio: float = 0.93
    """A further passage is cited when its score is at least this share of the best one's."""
    most_passages: int = 3
    whole_characters: int = 420
    """A passage up to this long is given whole."""
    close_similarity: float = 0.05
    """A sentence this close (cosine) to the best one of its passage answers too."""
    most_sentences: int = 3


def chosen_hits(hits: Sequence[Hit], settings: Settings) -> list[Hit]:
    """The best hit and those nearly as good, best first."""
    best = hits[0].score
    return [h for h in hits[: settings.most_passages] if h.score >= settings.second_ratio * best]


def chosen_sentences(hit: Hit, sentences: Sequence[str], settings: Settings) -> list[int]:
    """Indices of the sentences that answer, in order, with what they need to be understood."""
    count = len(sentences)
    if count <= 2 or len(hit.passage.text) <= settings.whole_characters:
        return list(range(count))
    if hit.passage.kind is PassageKind.TABLE_ROW or len(hit.sentences) != count:
        return list(range(count))
    best = max(hit.sentences)
    ranked = sorted(range(count), key=lambda i: -hit.sentences[i])
    picked = {
        i for i in ranked[: settings.most_sentences] if hit.sentences[i] >= best - settings.close_similarity
    }
    for index in sorted(picked):
        if index and refers_back(sentences[index]):
            picked.add(index - 1)
        if index + 1 < count and continues(sentences[index + 1]):
            picked.add(index + 1)
    return sorted(picked)
