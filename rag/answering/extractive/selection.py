"""Which passages answer, and which of their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extractive.leaning import continues, leans, limits
from rag.domain.passages import PassageKind
from rag.domain.retrieval import Hit


@dataclass(frozen=True, slots=True)
class Settings:
    """Bounds of the extractive answer; measured on the development split (`evals fit-answers`)."""

    most_passages: int = 3
    whole_characters: int = 1300
    """A passage up to this long is given whole: leaving sentences out cost 7 points of citation
    recall on the development split, and a condition left out is the worst mistake of all."""
    close_similarity: float = 0.1
    """In a longer one, a sentence this close (cosine) to the best one answers too."""
    most_sentences: int = 5
    close_to_best: float = 0.05
    """A lead-in this much less close (cosine) than the closest sentence of its passage still answers."""
    first_log_odds: float = 4.0
    """Of the likeliest passage, where questions are known that its sentences answer, those this much less
    likely to answer than its best one are left out: on the development split that spares a quarter of its
    words, and loses evidence in one such passage of a hundred."""
    further_log_odds: float = 2.0
    """Of a passage cited besides the likeliest, sentences this much less likely to answer than its best one
    are left out: on the development split that spares a third of its words, and loses evidence in one
    such passage of nine that hold some."""
    list_items_found: int = 2
    """A list is given whole when at least so many of its items are likely to answer ..."""
    list_relevance: float = 0.15
    """... with at least this probability each."""
    most_items_introduced: int = 7
    """A list with more items than this is not told for the sake of its lead-in."""


def chosen_hits(
    hits: Sequence[Hit], relevances: Sequence[float], threshold: float, settings: Settings
) -> list[Hit]:
    """The hit most likely to answer, and others likely enough, most likely first."""
    ranked = sorted(zip(relevances, hits, strict=True), key=lambda pair: -pair[0])
    return [
        hit
        for place, (relevance, hit) in enumerate(ranked[: settings.most_passages])
        if place == 0 or relevance >= threshold
    ]


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
    return _with_what_they_need(picked, sentences, hit.passage.language)


def likely_sentences(
    scores: Sequence[float], sentences: Sequence[str], language: str, within: float
) -> list[int]:
    """Indices of the sentences within so many log-odds of the best one, in order, with what they need.

    `scores` are log-odds against one another; all are likely where there are none.
    """
    if len(scores) != len(sentences):
        return list(range(len(sentences)))
    least = max(scores) - within
    picked = {i for i, score in enumerate(scores) if score >= least}
    return _with_what_they_need(picked, sentences, language)


def _with_what_they_need(picked: set[int], sentences: Sequence[str], language: str) -> list[int]:
    """With the sentences before that they lean on, and the one behind that goes on from them.

    One that goes on, between two that are told, is told too: the second often speaks of it ("then it is
    published", "on the third day after publication").
    """
    needed = set(picked)
    for index in picked:
        before = index
        while before and leans(sentences[before], language):
            before -= 1
            needed.add(before)
        behind = sentences[index + 1] if index + 1 < len(sentences) else ""
        if continues(behind, language) or limits(behind, language):
            needed.add(index + 1)
    between = (i for i in range(1, len(sentences) - 1) if {i - 1, i + 1} <= needed)
    needed.update([i for i in between if leans(sentences[i], language)])
    return sorted(needed)


def reading_order(
    scores: Sequence[float],
    leads: Sequence[bool],
    bound: Sequence[bool],
    picked: Sequence[int],
    margin: float,
) -> list[int]:
    """The picked sentences as they are shown: the one that answers first, with what leans on it, then the rest.

    `scores` say how well each sentence of the passage answers, `leads` whether it is understood by a
    person who reads it first; if not, those before it that it needs come with it. `bound` are the
    sentences that stay behind the one before them.
    """
    if len(picked) < 2 or len(scores) != len(leads):
        return list(picked)
    best = max(picked, key=lambda i: scores[i])
    if best == picked[0] or scores[best] - scores[picked[0]] < margin:
        return list(picked)
    first = best
    while not leads[first] and first - 1 in picked:
        first -= 1
    leading = list(range(first, best + 1))
    while leading[-1] + 1 in picked and bound[leading[-1] + 1]:
        leading.append(leading[-1] + 1)
    return leading + [i for i in picked if i not in leading]


def announces(hit: Hit, picked: Sequence[int], settings: Settings) -> bool:
    """Whether the passage answers by what its last sentence introduces: that one is all, or as close as any."""
    last = picked[-1]
    if len(picked) == 1 or last >= len(hit.sentences):
        return len(picked) == 1
    return hit.sentences[last] > max(hit.sentences[i] for i in picked) - settings.close_to_best
