"""Asks each of the texts that a question compares, so that all of them are heard.

"What do the 2019 conclusions and the 2020 strategy say about encryption?": a search of all texts at once
finds most in one of them. Shy, like all that takes a question apart: the texts must be named, and either
compared in so many words or named side by side with their years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from rag.answering.places.cues import Pattern, cues
from rag.answering.places.mentions import TextMention, joint, text_mentions
from rag.answering.places.naming import Card, card_of
from rag.domain.ports import Library
from rag.domain.retrieval import Query, QuestionPart

MOST_TEXTS = 4
MOST_WORDS_BETWEEN = 4
"""Between texts named side by side: "the conclusions of 2019 and the strategy"."""

MOST_WORDS_OF_FRAME = 5
FEWEST_WORDS_LEFT = 3


class TextComparer:
    """Divides a question by the texts it compares."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._cards: tuple[str, tuple[Card, ...]] = ("", ())

    def divide(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
        """For each text (or each institution's texts): what to call it, and its question, without the
        names of the others; nothing if none are compared.

        `fingerprint` names the index that is served, so that its texts are read once.
        """
        mentions = text_mentions(query.text, self._cards_of(fingerprint))
        groups = list(dict.fromkeys(m.texts for m in mentions))
        if not 1 < len(groups) <= MOST_TEXTS or sum(map(len, groups)) > len(frozenset().union(*groups)):
            return ()
        if not _compares().search(query.text) and not _side_by_side(query.text, mentions):
            return ()
        return tuple(
            QuestionPart(
                f"{query.text} ({self._called(group)})",
                Query(_about(group, query.text, mentions), query.language, group),
            )
            for group in groups
        )

    def _cards_of(self, fingerprint: str) -> tuple[Card, ...]:
        known, cards = self._cards
        if known != fingerprint:
            cards = tuple(map(card_of, self._library.documents()))
            self._cards = fingerprint, cards
        return cards

    def _called(self, texts: frozenset[str]) -> str:
        found = (self._library.document(text).description.short_title or text for text in sorted(texts))
        return ", ".join(found)


def _side_by_side(question: str, mentions: Sequence[TextMention]) -> bool:
    """Whether they are dated, and joined to each other ("and", "versus")."""
    between = [question[one.end : other.start] for one, other in pairwise(mentions)]
    return all(m.dated for m in mentions) and all(
        joint().search(words) and len(words.split()) <= MOST_WORDS_BETWEEN for words in between
    )


def _about(texts: frozenset[str], question: str, mentions: Sequence[TextMention]) -> str:
    """The question without what names other texts."""
    for mention in reversed(mentions):
        if mention.texts != texts:
            question = f"{question[: mention.start].rstrip()} {question[mention.end :].lstrip()}"
    return _unframed(question.strip())


def _unframed(question: str) -> str:
    """Without "What is the difference between ..." and "... and where do they differ?"."""
    body, comma, tail = question.rpartition(",")
    if comma and len(tail.split()) <= MOST_WORDS_OF_FRAME and _compares().search(tail):
        question = body
    found = _frame().match(question)
    if found and len(question[found.end() :].split()) >= FEWEST_WORDS_LEFT:
        return question[found.end() :]
    return question


@cache
def _frame() -> Pattern:
    words = cues().words
    before = rf"(?:[\w'’]+\s+){{0,{MOST_WORDS_OF_FRAME - 1}}}?"
    between = rf"(?:[\s,:]+(?:{words['compared']})(?!\w))*[\s,:]*"
    return re.compile(rf"{before}(?:{words['frames']})(?!\w){between}", re.IGNORECASE)


@cache
def _compares() -> Pattern:
    return re.compile(rf"(?<!\w)(?:{cues().words['compares']})(?!\w)", re.IGNORECASE)
