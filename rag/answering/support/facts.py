"""The typed facts of one sentence: what its numbers, dates, names and small words commit it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.support.dates import DateFact
from rag.answering.support.names import Aliases, Name, find_names
from rag.answering.support.quantities import Quantity, find_numbers
from rag.answering.support.vocabulary import Vocabulary, shared, vocabulary
from rag.answering.support.words import Kind, Token, tokenise


@dataclass(frozen=True, slots=True)
class Marker:
    """A word or phrase that turns a sentence: a negation, a modal, a quantifier, a condition.

    `values` are its possible senses ("shall" is "must" or "will"); `start` and `end` are positions
    in the tokens of its sentence; `head` is the position of the content word it bears on, if any.
    """

    kind: str
    values: frozenset[str]
    start: int
    end: int
    head: int | None
    written: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An act, document or numbered part of an act, in one form: "ref:2011/93", "article:5"."""

    key: str
    position: int
    written: str


@dataclass(frozen=True, slots=True)
class Movement:
    """From one thing to another: the stems of the two ends."""

    departure: frozenset[str]
    arrival: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its facts. Positions are indices of `tokens`; `clause[i]` numbers the clauses."""

    text: str
    language: str
    tokens: tuple[Token, ...]
    clause: tuple[int, ...]
    content: tuple[int, ...]
    """Positions of the words that carry meaning, numbers and dates not among them."""
    quantities: tuple[Quantity, ...]
    dates: tuple[DateFact, ...]
    references: tuple[Reference, ...]
    names: tuple[Name, ...]
    markers: tuple[Marker, ...]
    movements: tuple[Movement, ...]
    concepts: tuple[tuple[frozenset[int], int, int], ...]
    """(alias groups, start, end) of the phrases that the alias table knows."""

    @property
    def says_something(self) -> bool:
        """Whether there is a word of meaning, a number, a date or a reference in it to compare."""
        facts = (*self.quantities, *self.dates, *self.references)
        return bool(facts) or any(len(self.tokens[i].text) > 1 for i in self.content)

    def of_kind(self, kind: str) -> Iterator[Marker]:
        return (marker for marker in self.markers if marker.kind == kind)


def read_sentence(text: str, language: str, aliases: Aliases) -> Sentence:
    """Extract the facts of a normalised sentence."""
    words = vocabulary(language)
    tokens = tokenise(text, words.language)
    references = tuple(_references(tokens))
    taken = {reference.position for reference in references}
    phrases = _turn_bounds(_phrases(tokens, words), tokens, words)
    quantities, dates = find_numbers(tokens, words, _bounds(phrases), taken)
    taken.update(i for quantity in quantities for i in range(quantity.start, quantity.end))
    taken.update(i for date in dates for i in range(date.start, date.end))
    turning = {i for kind, _, start, end in phrases if kind != "modality" for i in range(start, end)}
    clause = _clauses(tokens, words)
    content = tuple(
        i
        for i, token in enumerate(tokens)
        if token.kind in (Kind.WORD, Kind.ADDRESS)
        and i not in taken
        and i not in turning
        and token.lower not in words.function
        and (len(token.lower) > 1 or token.text.isupper())
    )
    return Sentence(
        text=text,
        language=language,
        tokens=tokens,
        clause=clause,
        content=content,
        quantities=quantities,
        dates=dates,
        references=references,
        names=find_names(tokens, words, taken),
        markers=tuple(_markers(tokens, phrases, clause, content, taken, words)),
        movements=tuple(_movements(tokens, words)),
        concepts=aliases.find(tokens, words.language),
    )


def _clauses(tokens: Sequence[Token], words: Vocabulary) -> tuple[int, ...]:
    number, found = 0, []
    for token in tokens:
        if token.kind is Kind.STOP or token.lower in words.clause_openers:
            number += 1
        found.append(number)
    return tuple(found)


def _references(tokens: Sequence[Token]) -> Iterator[Reference]:
    parts = shared().parts
    part: str | None = None
    for i, token in enumerate(tokens):
        if token.kind is Kind.REFERENCE:
            yield Reference(token.key, i, token.text)
        elif token.lower in parts:
            part = parts[token.lower]
            continue
        elif part and token.kind is Kind.NUMBER:
            yield Reference(f"{part}:{token.key[2:]}", i, f"{tokens[i - 1].text} {token.text}")
            continue
        elif part and token.lower in ("og", "en", "and", "or", "of", "eller", ",", "nr", "no", "#"):
            continue  # "articles 5 and 6"
        part = None


TURNED = {"more_than": "at_most", "less_than": "at_least"}
REACH = 3
"""Words between a negation and the bound it turns, at most, plus one."""

Found = tuple[str, str, int, int]
"""(kind, value, start, end) of a phrase of the vocabulary."""


def _phrases(tokens: Sequence[Token], words: Vocabulary) -> list[Found]:
    found: list[Found] = []
    masked: set[int] = set()
    for i, token in enumerate(tokens):
        longest = 0
        for phrase, kind, value in words.phrases.get(token.lower, ()):
            size = len(phrase)
            if size < longest or i in masked:
                continue
            if size == 1 or tuple(t.lower for t in tokens[i : i + size]) == phrase:
                longest = size
                found.append((kind, value, i, i + size))
        masked.update(range(i, i + longest) if longest > 1 else ())
    return found


def _turn_bounds(phrases: list[Found], tokens: Sequence[Token], words: Vocabulary) -> list[Found]:
    """ "Not higher than" is "at most": the negation belongs to the bound."""
    turned: list[Found] = []
    spent: set[int] = set()
    for kind, value, start, end in phrases:
        if kind == "bound" and value in TURNED and _is_number(tokens, end, words):
            before = [
                p for p in phrases if words.is_negator(tokens[p[3] - 1].lower) and 0 < start - p[2] <= REACH
            ]
            if before:
                spent.add(before[-1][2])
                value = TURNED[value]
        turned.append((kind, value, start, end))
    return [p for p in turned if not (p[0] in ("negation", "condition") and p[2] in spent)]


def _is_number(tokens: Sequence[Token], i: int, words: Vocabulary) -> bool:
    if i >= len(tokens):
        return False
    token = tokens[i]
    return token.kind is Kind.NUMBER or token.lower in words.numbers or token.lower in shared().currency


def _bounds(phrases: Sequence[Found]) -> dict[int, tuple[str, int]]:
    """By the position after the phrase and, negative, the position before it: (bound, start)."""
    found: dict[int, tuple[str, int]] = {}
    for kind, value, start, end in phrases:
        if kind == "bound":
            found.setdefault(end, (value, start))
            found.setdefault(-start, (value, start))
    return found


def _markers(
    tokens: Sequence[Token],
    phrases: Sequence[Found],
    clause: Sequence[int],
    content: Sequence[int],
    taken: set[int],
    words: Vocabulary,
) -> Iterator[Marker]:
    grouped: dict[tuple[str, int, int], set[str]] = {}
    for kind, value, start, end in phrases:
        if kind != "bound" and not taken.intersection(range(start, end)):
            grouped.setdefault((kind, start, end), set()).add(value)
    limiting = {start for (kind, start, _), values in grouped.items() if "only" in values}
    denied = {end for (kind, _, end) in grouped if kind == "negation"} & limiting
    modal = {i for kind, _, start, end in phrases if kind == "modality" for i in range(start, end)}
    for (kind, start, end), values in grouped.items():
        if (kind == "negation" and end in denied) or (start in denied and "only" in values):
            continue  # "not only" neither denies nor limits
        # "Not required to verify" denies that somebody must verify.
        borne = [i for i in content if i not in modal] if kind == "negation" else content
        head = _head(start, end, clause, borne, kind, words)
        written = " ".join(token.text for token in tokens[start:end])
        yield Marker(kind, frozenset(values), start, end, head, written)


def _head(
    start: int, end: int, clause: Sequence[int], content: Sequence[int], kind: str, words: Vocabulary
) -> int | None:
    """The first content word after the marker in its clause, or else the last one before it."""
    after = next((i for i in content if i >= end), None)
    if after is not None and (clause[after] == clause[start] or kind == "condition"):
        return after
    before = [i for i in content if i < start and clause[i] == clause[start]]
    if before and kind != "quantifier":
        return before[-1]
    return after if after is not None and words.language == "en" and kind == "negation" else None


def _movements(tokens: Sequence[Token], words: Vocabulary) -> Iterator[Movement]:
    for i, token in enumerate(tokens):
        if token.lower not in words.departures:
            continue
        for j in range(i + 2, min(i + 8, len(tokens) - 1)):
            if tokens[j].lower in words.arrivals:
                yield Movement(
                    frozenset(t.key for t in tokens[i + 1 : j] if _counts(t, words)),
                    frozenset(t.key for t in tokens[j + 1 : j + 4] if _counts(t, words)),
                )
                break


def _counts(token: Token, words: Vocabulary) -> bool:
    return token.kind is not Kind.STOP and token.lower not in words.function
