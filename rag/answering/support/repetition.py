"""A statement laid beside the words of the source that it nearly repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.answering.support.alignment import Alignment
from rag.answering.support.facts import Sentence
from rag.answering.support.words import Kind, Token

REPEATS = 0.7
"""A statement with this share of its words in the source's order repeats the source."""
SHORTEST = 4
"""...if it has so many words at least."""
BETTER = 1.1
"""A neighbour is taken in if so many times as many words are found with it."""
OWN_WORDS = 0.95
"""A statement says what a sentence says if the sentence bears out this share of its words of meaning."""
Words = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the source and the words of the statement in their place; either may be none.

    `inside` says that words repeated from the same sentence stand on both sides.
    """

    theirs: Words
    ours: Words
    inside: bool


@dataclass(frozen=True, slots=True)
class Repetition:
    """A statement beside the words it repeats, if it does (`strict`)."""

    strict: bool
    changes: tuple[Change, ...]
    source: Words
    sentences: tuple[int, ...] = ()
    share: float = 0.0
    """The share of the statement's words that stand in the source in this order."""
    added: int = 0
    """How many of the statement's words do not."""
    own: bool = False
    """Whether one sentence bears out the statement's words of meaning, in whatever order."""


def lay_beside(alignment: Alignment) -> Repetition:
    """Lay the statement beside the best sentence, or it and a neighbour, word by word."""
    claim = _words(alignment.claim)
    sentences = alignment.source.sentences
    best = alignment.best
    own = alignment.recall((best,)) >= OWN_WORDS
    found = Repetition(False, (), (), own=own)
    if len(claim) < SHORTEST or not sentences:
        return found
    most = 0
    for numbers in ((best,), (best - 1, best), (best, best + 1)):
        if numbers[0] < 0 or numbers[-1] >= len(sentences):
            continue
        theirs = tuple(t for n in numbers for t in _words(sentences[n]))
        matcher = SequenceMatcher(None, [t.key for t in theirs], [t.key for t in claim], autojunk=False)
        size = sum(block.size for block in matcher.get_matching_blocks())
        if size > most * BETTER:
            most = size
            strict = size >= REPEATS * len(claim)
            changes = tuple(_changes(theirs, claim, matcher)) if strict else ()
            found = Repetition(strict, changes, theirs, numbers, size / len(claim), len(claim) - size, own)
        if most >= 0.9 * len(claim):
            break
    return found


def _changes(theirs: Words, ours: Words, matcher: SequenceMatcher[str]) -> Iterator[Change]:
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield Change(theirs[a:b], ours[c:d], a > 0 and b < len(theirs))


def _words(sentence: Sentence) -> Words:
    return tuple(token for token in sentence.tokens if token.kind is not Kind.STOP)
