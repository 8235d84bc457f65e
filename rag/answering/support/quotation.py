"""Is the statement a quotation, whole or pieced together, and what does the piece leave behind?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.support.alignment import Source
from rag.answering.support.facts import Marker, Sentence
from rag.answering.support.words import Kind, normalise

SHORTEST_PIECE = 3
"""Fewer words than this are no quotation."""
ENDS = (".", "!", "?")
NEAR_WORDS = 4
"""A turning word so close before or after a piece is taken to bear on it."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.\.\.|\u2026)\s*\]|\(\s*(?:\.\.\.|\u2026)\s*\)|\.\.\.|\u2026)\s*")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A statement found word for word. `lost` says what the pieces leave out that turns them."""

    lost: tuple[str, ...] = ()
    denied: bool = False
    """Whether a negation is among what is lost."""


def is_whole_sentence(statement: str, evidence: Sequence[str]) -> bool:
    """Whether the statement stands in a text as it is, from the beginning of a sentence to an end.

    Quick and unsure: False does not mean that it is no quotation.
    """
    words = normalise(statement).strip(' "')
    if len(words.split()) < SHORTEST_PIECE or words[-1] not in ENDS or words[0].islower():
        return False
    for text in evidence:
        flat = normalise(text)
        at = flat.find(words)
        if at >= 0 and (at == 0 or flat[:at].rstrip(' "')[-1:] in ("", *ENDS)):
            return True
    return False


def divide(statement: str) -> list[str]:
    """The pieces between marks of omission."""
    return [piece for piece in _ELLIPSIS.split(statement) if piece.strip(" .,;:")]


def find_quotation(pieces: Sequence[Sequence[Sentence]], sources: Sequence[Source]) -> Quotation | None:
    """Find every piece, in order, in the sentences of one text; None if one is not there."""
    for source in sources:
        for number in dict.fromkeys(source.texts):
            sentences = [
                sentence
                for sentence, text in zip(source.sentences, source.texts, strict=True)
                if text == number
            ]
            found = _find_in(pieces, sentences)
            if found is not None:
                return found
    return None


def _find_in(pieces: Sequence[Sequence[Sentence]], sentences: Sequence[Sentence]) -> Quotation | None:
    places = [
        (number, i)
        for number, sentence in enumerate(sentences)
        for i, token in enumerate(sentence.tokens)
        if token.kind is not Kind.STOP
    ]
    written = [sentences[number].tokens[i] for number, i in places]
    text = " " + " ".join(_form(t.kind, t.lower, t.key) for t in written) + " "
    kept: set[tuple[int, int]] = set()
    start = 0
    for piece in pieces:
        words = [
            _form(t.kind, t.lower, t.key)
            for sentence in piece
            for t in sentence.tokens
            if t.kind is not Kind.STOP
        ]
        if len(words) < SHORTEST_PIECE:
            return None
        at = text.find(" " + " ".join(words) + " ", start)
        if at < 0:
            return None
        first = text.count(" ", 0, at + 1) - 1
        kept.update(places[first : first + len(words)])
        start = at + 1
    return _left_behind(sentences, kept)


def _form(kind: Kind, lower: str, key: str) -> str:
    return lower if kind is Kind.WORD else key.replace(" ", "_")


def _left_behind(sentences: Sequence[Sentence], kept: set[tuple[int, int]]) -> Quotation:
    lost: list[str] = []
    denied = False
    for number in {number for number, _ in kept}:
        sentence = sentences[number]
        mine = {i for n, i in kept if n == number}
        for marker in sentence.markers:
            if mine.intersection(range(marker.start, marker.end)) or not _bears_on(marker, mine, sentence):
                continue
            lost.append(f"the quotation leaves out “{marker.written}”")
            denied = denied or marker.kind == "negation"
    return Quotation(tuple(dict.fromkeys(lost)), denied)


def _bears_on(marker: Marker, kept: set[int], sentence: Sentence) -> bool:
    if marker.kind == "condition":
        return marker.start >= _after_lead_in(kept, sentence)
    clause = sentence.clause[marker.start]
    close = [
        i
        for i in kept
        if sentence.clause[i] == clause
        and (0 <= i - marker.end < NEAR_WORDS or 0 < marker.start - i <= NEAR_WORDS)
    ]
    if marker.kind == "negation":
        return bool(close)
    if marker.kind == "modality" and marker.values == {"will"}:
        return False
    return marker.head in kept


def _after_lead_in(kept: set[int], sentence: Sentence) -> int:
    """Where the item begins if the piece is the whole item after a colon, or else 0."""
    first = min(kept)
    is_item = first > 0 and sentence.tokens[first - 1].lower == ":"
    return first if is_item and sentence.tokens[first].text[:1].isupper() else 0
