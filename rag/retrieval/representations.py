"""The texts under which a passage can be found, each short enough for the embedding model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.domain.passages import Enrichment, Origin, Passage, Representation
from rag.domain.ports import TokenCounter
from rag.domain.sentences import split_sentences

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")


def header(title: str, passage: Passage) -> str:
    """Document and nearest heading: the full section path was measured to hurt."""
    return f"{title}: {passage.heading}" if passage.heading else title


def representations(
    passage: Passage, enrichment: Enrichment, title: str, counter: TokenCounter, budget_tokens: int
) -> Iterator[Representation]:
    """Own words, header, translations and questions; a text over the budget comes as windows."""

    def windows(origin: Origin, language: str, text: str) -> Iterator[Representation]:
        for window in split_to_budget(text, counter, budget_tokens):
            yield Representation(passage.id, origin, language, window)

    yield from windows(Origin.OWN_WORDS, passage.language, passage.full_text)
    yield from _sentences(passage, enrichment, counter, budget_tokens)
    yield from windows(Origin.HEADER, passage.language, header(title, passage))
    for translation in enrichment.translations:
        yield from windows(Origin.TRANSLATION, translation.language, translation.text)
    for language, question in enrichment.questions:
        yield from windows(Origin.QUESTION, language, question)


def _sentences(
    passage: Passage, enrichment: Enrichment, counter: TokenCounter, budget_tokens: int
) -> Iterator[Representation]:
    """Each sentence by itself, so that an answer can be chosen within the passage.

    A translation counts sentence by sentence only where it has as many as the original.
    """
    own = split_sentences(passage.text, passage.language)
    texts = [(Origin.OWN_WORDS, passage.language, passage.text, own)]
    for one in enrichment.translations:
        texts.append((Origin.TRANSLATION, one.language, one.text, split_sentences(one.text, one.language)))
    for origin, language, text, ranges in texts:
        if len(ranges) != len(own):
            continue
        for index, (start, end) in enumerate(ranges):
            for window in split_to_budget(text[start:end], counter, budget_tokens):
                yield Representation(passage.id, origin, language, window, index)


def split_to_budget(text: str, counter: TokenCounter, budget_tokens: int) -> list[str]:
    """The text in as few even windows as fit: cut at sentence ends, else words, else characters."""
    if not text.strip():
        return []
    if counter.count(text) <= budget_tokens or len(text) == 1:
        return [text]
    pieces = _SENTENCE_END.split(text)
    if len(pieces) == 1:
        pieces = text.split()
    if len(pieces) == 1:
        middle = len(text) // 2
        return [
            window
            for half in (text[:middle], text[middle:])
            for window in split_to_budget(half, counter, budget_tokens)
        ]
    half = _halfway(pieces)
    return [
        window
        for part in (pieces[:half], pieces[half:])
        for window in split_to_budget(" ".join(part), counter, budget_tokens)
    ]


def _halfway(pieces: list[str]) -> int:
    """Where to cut so that both sides are about as long; never at an end."""
    total, seen = sum(len(p) for p in pieces), 0
    for index, piece in enumerate(pieces[:-1], start=1):
        seen += len(piece)
        if seen * 2 >= total:
            return index
    return len(pieces) - 1
