"""Names that stand for others, opposites, and names that change places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.answering.support.alignment import Alignment, matched_positions
from rag.answering.support.facts import Sentence
from rag.answering.support.findings import Finding, contradiction, gap, hint
from rag.answering.support.vocabulary import vocabulary
from rag.answering.support.words import Kind, Token

SAME_STATEMENT = 0.6
"""A sentence that bears out this share of the rest makes the statement, but for the name."""
APART = 0.35
"""So much less of the rest is said where the name stands."""
SUBJECT_WORDS = 3
"""A name among the first words of a statement may stand for a pronoun of the source."""
PRONOUNS = frozenset(
    "he she it they his her their him them who hij zij ze hun haar hem die han hun hende de deres".split()
)
PASSIVE = frozenset("by door af".split())
"""Words that let two names change places without changing who does what."""
OPPOSED = 0.4
"""Opposites count when the sentence bears out this share of the statement."""


def wording_findings(alignment: Alignment) -> Iterator[Finding]:
    yield from _names(alignment)
    yield from _opposites(alignment)
    yield from _order(alignment)


def _names(alignment: Alignment) -> Iterator[Finding]:
    claim, near = alignment.claim, set(alignment.near)
    for name in claim.names:
        positions = [i for i in range(name.start, name.end) if i in alignment.answers]
        missing = [i for i in positions if not alignment.answers[i]]
        if not positions or not (name.sure or _is_name_in(alignment, positions)):
            continue
        if len(missing) == len(positions):
            yield gap("name", f"the source does not mention {name.written}")
        elif missing:
            lacking = " ".join(claim.tokens[i].text for i in missing)
            yield hint("name", f"the source does not mention {lacking}")
        elif other := _in_its_place(positions, alignment):
            yield contradiction("name", f"the source says {other}, the statement {name.written}")
        elif not any(near.intersection(alignment.answers[i]) for i in positions):
            yield hint("place", f"the source mentions {name.written} in another place")


def _is_name_in(alignment: Alignment, positions: Sequence[int]) -> bool:
    """Whether the source writes the word with a capital, and inside a sentence."""
    keys = {alignment.claim.tokens[i].key for i in positions}
    found = [
        (place, token.text)
        for key in keys
        for number in alignment.source.places.get(key, ())
        for place, token in enumerate(alignment.source.sentences[number].tokens)
        if token.key == key
    ]
    return bool(found) and all(text[0].isupper() for _, text in found)


def _in_its_place(positions: Sequence[int], alignment: Alignment) -> str:
    """The name that stands where the source makes the statement, if it is another one.

    The sentence that says the rest of the statement lacks the name and has one of its own, and
    the sentences that have the name say little of the rest.
    """
    named = {i for name in alignment.claim.names for i in range(name.start, name.end)}
    rest = {i: w for i, w in alignment.weights.items() if i not in named}
    total = sum(rest.values())
    if not total:
        return ""
    shares: dict[int, float] = {}
    for i, weight in rest.items():
        for number, strength in alignment.answers[i].items():
            shares[number] = shares.get(number, 0.0) + weight * strength / total
    hosts = set.intersection(*(set(alignment.answers[i]) for i in positions))
    says = max(shares, key=lambda number: (shares[number], -number), default=None)
    if says is None or shares[says] < SAME_STATEMENT:
        return ""
    if any(says in alignment.answers[i] for i in positions if len(alignment.claim.tokens[i].text) > 2):
        return ""
    if max((shares.get(host, 0.0) for host in hosts), default=0.0) > shares[says] - APART:
        return ""
    source = alignment.source.sentences[says]
    begins = min(positions) < SUBJECT_WORDS
    if begins and any(token.lower in PRONOUNS for token in source.tokens):
        return ""
    answered = {p for places in matched_positions(alignment, says).values() for p in places}
    for other in source.names:
        if not answered.issuperset(range(other.start, other.end)):
            return other.written
    return ""


def _order(alignment: Alignment) -> Iterator[Finding]:
    """Two names that change places around the same word: who does it, and to whom."""
    claim, source = alignment.claim, alignment.source.sentences[alignment.best]
    if any(token.lower in PASSIVE for token in (*claim.tokens, *source.tokens)):
        return
    matches = {
        i: tuple(p for p in found if source.tokens[p].key == claim.tokens[i].key)
        for i, found in matched_positions(alignment, alignment.best).items()
    }
    places = [
        (name, sorted({p for i in range(name.start, name.end) for p in matches.get(i, ())}))
        for name in claim.names
    ]
    found = [(name, theirs[0]) for name, theirs in places if theirs]
    for (one, there), (other, beyond) in pairwise(found):
        between = {p for i in range(one.end, other.start) for p in matches.get(i, ())}
        if beyond < there and any(beyond < p < there for p in between):
            yield contradiction(
                "order", f"in the source {other.written} and {one.written} stand the other way round"
            )
            return


def _opposites(alignment: Alignment) -> Iterator[Finding]:
    if alignment.coverage.get(alignment.best, 0.0) < OPPOSED:
        return
    yield from _opposites_in(alignment.best, alignment)
    first = min(alignment.weights, default=-1)
    for number in alignment.near:
        if number != alignment.best and number in alignment.answers.get(first, ()):
            yield from _opposites_in(number, alignment, unsaid=True)


def _opposites_in(number: int, alignment: Alignment, unsaid: bool = False) -> Iterator[Finding]:
    """Opposites in one sentence; `unsaid`: only of words that no sentence bears out."""
    words = vocabulary(alignment.claim.language)
    source = alignment.source.sentences[number]
    matches = matched_positions(alignment, number)
    answered = {place for places in matches.values() for place in places}
    theirs = [t.lower for i, t in enumerate(source.tokens) if i not in answered]
    turned = _is_denied(alignment.claim) != _is_denied(source)
    for i, token in enumerate(alignment.claim.tokens):
        if i in matches or token.kind is not Kind.WORD or turned or token.lower in words.function:
            continue
        if unsaid and alignment.answers.get(i):
            continue
        other = next((word for word in theirs if words.are_opposed(token.lower, word)), None)
        if other and not _is_own_word(token, source):
            yield contradiction("opposite", f"the source says “{other}”, the statement “{token.lower}”")


def _is_denied(sentence: Sentence) -> bool:
    return any(True for _ in sentence.of_kind("negation"))


def _is_own_word(token: Token, source: Sentence) -> bool:
    return any(token.key == other.key for other in source.tokens)
