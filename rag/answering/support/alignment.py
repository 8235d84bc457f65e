"""Which sentences of the evidence a statement rests on, and which word of it answers which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rag.answering.support.facts import Sentence
from rag.answering.support.vocabulary import Vocabulary, vocabulary

EXACT, ALIAS, SYNONYM, DERIVED, COMPOUND = 1.0, 1.0, 0.85, 0.8, 0.6
"""How far a word of the statement is borne out by: itself, another name, a synonym, a related form,
a part of a compound. Set by hand; the development set does not react to changes of 0.1."""

PREFIX = 5
"""Related forms share at least so many letters..."""
PREFIX_SHARE = 0.7
"""...and this share of the shorter word."""

NAME_WEIGHT, WORD_WEIGHT, LIGHT_WEIGHT = 1.5, 1.0, 0.4
WINDOW = 3
"""Sentences that together may bear a statement out."""
NEARNESS = 0.06
"""What standing next to the best sentence adds to a sentence's gain."""


@dataclass(frozen=True)
class Source:
    """Evidence in one language: its sentences and where every stem occurs."""

    sentences: tuple[Sentence, ...]
    language: str
    texts: tuple[int, ...] = ()
    """Per sentence, the evidence text it is from."""

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            for key in {token.key for token in sentence.tokens}:
                found.setdefault(key, []).append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}

    @cached_property
    def beginnings(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for key in self.places:
            if len(key) >= PREFIX and key.isalpha():
                found.setdefault(key[:PREFIX], []).append(key)
        return {start: tuple(keys) for start, keys in found.items()}

    @cached_property
    def groups(self) -> Mapping[int, tuple[str, ...]]:
        synonyms = vocabulary(self.language).synonyms
        found: dict[int, list[str]] = {}
        for key in self.places:
            for group in synonyms.get(key, ()):
                found.setdefault(group, []).append(key)
        return {group: tuple(keys) for group, keys in found.items()}

    @cached_property
    def concepts(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for number, sentence in enumerate(self.sentences):
            for groups, _, _ in sentence.concepts:
                for group in groups:
                    found.setdefault(group, set()).add(number)
        return {group: frozenset(numbers) for group, numbers in found.items()}

    @cached_property
    def long_keys(self) -> tuple[str, ...]:
        return tuple(key for key in self.places if len(key) >= 2 * PREFIX and key.isalpha())


@dataclass(frozen=True, slots=True)
class Alignment:
    """A statement laid beside its evidence.

    `answers[i]` maps sentence numbers to how far they bear out content word `i` of the statement;
    `keys[i]` are the stems that answer it; `best` and `window` are sentence numbers.
    """

    claim: Sentence
    source: Source
    weights: Mapping[int, float]
    answers: Mapping[int, Mapping[int, float]]
    keys: Mapping[int, frozenset[str]]
    best: int
    window: tuple[int, ...]
    coverage: Mapping[int, float] = field(default_factory=dict)
    """Per sentence, the share of the statement's weight it bears out."""

    def recall(self, numbers: Iterable[int] | None = None) -> float:
        """The share of the statement's words that these sentences (or any) bear out."""
        total = sum(self.weights.values())
        if not total:
            return 1.0
        wanted = None if numbers is None else set(numbers)
        found = 0.0
        for i, weight in self.weights.items():
            strengths = [s for n, s in self.answers[i].items() if wanted is None or n in wanted]
            found += weight * max(strengths, default=0.0)
        return found / total

    @property
    def near(self) -> tuple[int, ...]:
        """The window and the sentences next to it."""
        return tuple(
            sorted(
                {
                    near
                    for number in self.window
                    for near in (number - 1, number, number + 1)
                    if 0 <= near < len(self.source.sentences)
                }
            )
        )


def align(claim: Sentence, source: Source) -> Alignment:
    """Find the sentences that bear the statement out, best first."""
    words = vocabulary(claim.language)
    weights = content_weights(claim, words)
    keys: dict[int, frozenset[str]] = {}
    answers: dict[int, dict[int, float]] = {}
    for i in weights:
        strengths = _matches(claim.tokens[i].key, source, words)
        keys[i] = frozenset(strengths)
        places: dict[int, float] = {}
        for key, strength in strengths.items():
            for number in source.places[key]:
                places[number] = max(places.get(number, 0.0), strength)
        answers[i] = places
    _answer_by_alias(claim, source, answers)
    coverage = _coverage(claim, weights, answers, source)
    best = max(coverage, key=lambda number: (coverage[number], -number), default=0)
    window = _window(best, weights, answers, len(source.sentences))
    return Alignment(claim, source, weights, answers, keys, best, window, coverage)


def content_weights(claim: Sentence, words: Vocabulary) -> dict[int, float]:
    named = {i for name in claim.names if name.sure for i in range(name.start, name.end)}
    return {
        i: NAME_WEIGHT if i in named else LIGHT_WEIGHT if claim.tokens[i].key in words.light else WORD_WEIGHT
        for i in claim.content
    }


def _matches(key: str, source: Source, words: Vocabulary) -> dict[str, float]:
    found: dict[str, float] = {}
    if key in source.places:
        found[key] = EXACT
    for group in words.synonyms.get(key, ()):
        for other in source.groups.get(group, ()):
            found.setdefault(other, SYNONYM)
    if len(key) >= PREFIX and key.isalpha():
        for other in source.beginnings.get(key[:PREFIX], ()):
            if related(key, other):
                found.setdefault(other, DERIVED)
        if not found and source.language != "en":
            for other in source.long_keys if len(key) >= PREFIX else ():
                if key in other:
                    found[other] = COMPOUND
            if len(key) >= 2 * PREFIX:
                for other in source.places:
                    if len(other) > PREFIX and other in key and not key.startswith("u" + other):
                        found.setdefault(other, COMPOUND)
    return found


def related(one: str, other: str) -> bool:
    """Whether two stems look like forms of one word ("investig", "investigatori")."""
    shorter = min(len(one), len(other))
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= max(PREFIX, PREFIX_SHARE * max(len(one), len(other))) and shared >= shorter - 3


def _answer_by_alias(claim: Sentence, source: Source, answers: dict[int, dict[int, float]]) -> None:
    for groups, start, end in claim.concepts:
        numbers = {n for group in groups for n in source.concepts.get(group, ())}
        for i in range(start, end):
            if i in answers:
                for number in numbers:
                    answers[i][number] = max(answers[i].get(number, 0.0), ALIAS)


def _coverage(
    claim: Sentence,
    weights: Mapping[int, float],
    answers: Mapping[int, Mapping[int, float]],
    source: Source,
) -> dict[int, float]:
    total = sum(weights.values()) + len(claim.quantities) + len(claim.dates) or 1.0
    found: dict[int, float] = {}
    for i, places in answers.items():
        for number, strength in places.items():
            found[number] = found.get(number, 0.0) + strength * weights[i]
    keys = {claim.tokens[q.start].key for q in claim.quantities}
    keys |= {claim.tokens[i].key for d in claim.dates for i in range(d.start, d.end)}
    for key in keys:
        for number in source.places.get(key, ()):
            found[number] = found.get(number, 0.0) + 0.5
    return {number: value / total for number, value in found.items()}


def _window(
    best: int,
    weights: Mapping[int, float],
    answers: Mapping[int, Mapping[int, float]],
    count: int,
) -> tuple[int, ...]:
    chosen = [best] if count else []
    held = {i: places.get(best, 0.0) for i, places in answers.items()}
    total = sum(weights.values()) or 1.0
    while chosen and len(chosen) < WINDOW:
        gains: dict[int, float] = {}
        for i, places in answers.items():
            for number, strength in places.items():
                if strength > held[i]:
                    gain = (strength - held[i]) * weights[i] / total
                    gains[number] = gains.get(number, 0.0) + gain
        for number in (chosen[0] - 1, chosen[0] + 1):
            if number in gains:
                gains[number] += NEARNESS
        if not gains:
            break
        chosen.append(max(gains, key=lambda number: (gains[number], -number)))
        held = {i: max(held[i], places.get(chosen[-1], 0.0)) for i, places in answers.items()}
    return tuple(chosen)


def occurrences(sentence: Sentence, keys: Iterable[str]) -> tuple[int, ...]:
    """Positions in a sentence whose stem is one of `keys`."""
    wanted = set(keys)
    return tuple(i for i, token in enumerate(sentence.tokens) if token.key in wanted)


def matched_positions(alignment: Alignment, number: int) -> dict[int, tuple[int, ...]]:
    """Per content word of the statement, the positions in one sentence that answer it."""
    sentence = alignment.source.sentences[number]
    found = {i: occurrences(sentence, keys) for i, keys in alignment.keys.items() if keys}
    for groups, start, end in alignment.claim.concepts:
        for theirs, their_start, their_end in sentence.concepts:
            if groups & theirs:
                for i in range(start, end):
                    if i in alignment.keys and not found.get(i):
                        found[i] = tuple(range(their_start, their_end))
    return {i: places for i, places in found.items() if places}


def sequence_keys(sentence: Sentence) -> Sequence[str]:
    """The stems in order, as the word-by-word comparison sees them."""
    return [token.key for token in sentence.tokens]
