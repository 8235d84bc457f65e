"""Which texts a question names in passing: "the Council in 2019", "the 2020 strategy", "teksterne fra 2000 og 2010".

A mention is what is said of one text in one breath: a kind, an institution, years, references. It stands
for the texts of the library that fit all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rag.answering.places.cues import Pattern, cues
from rag.answering.places.naming import REFERENCE, YEAR, Card, references

MOST_WORDS_WITHIN = 4
"""Between two things said of the same text: "the conclusions that the Council adopted in 2019"."""


@dataclass(frozen=True, slots=True)
class TextMention:
    """Where a question names texts, and which these are."""

    start: int
    end: int
    texts: frozenset[str]
    dated: bool
    """Whether a year or a reference is given."""
    of_a_kind: bool = False
    """Whether it is called a kind of text, not only by whoever made it."""
    of_a_maker: bool = False
    """Whether it is said whose it is."""


@dataclass(frozen=True, slots=True)
class _Said:
    start: int
    end: int
    kinds: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    references: frozenset[tuple[int, int]] = frozenset()
    texts: bool = False
    """Said to be a text, of no kind in particular."""

    def with_(self, other: _Said) -> _Said:
        return _Said(
            min(self.start, other.start),
            max(self.end, other.end),
            self.kinds | other.kinds,
            self.institutions | other.institutions,
            self.years | other.years,
            self.references | other.references,
            self.texts or other.texts,
        )

    @property
    def named(self) -> bool:
        return bool(self.kinds or self.institutions or self.references or self.texts)


def text_mentions(question: str, cards: Sequence[Card]) -> list[TextMention]:
    """In order; what fits no text of the library, or every one, is left out, and so is a maker or kind alone
    where others say which of its texts: "What did the Council ask for in 2010, and what in 2019?"."""
    found: list[TextMention] = []
    breaths = list(_breaths(question))
    head: _Said | None = None
    for place, said in enumerate(breaths):
        if said.named:
            head = said
        elif head is None:
            head = _named_next(question, breaths[place:]) or _compared_with(question, breaths[place:])
        if head is None:
            continue  # a year alone is of an event, unless texts of other years are named beside it
        texts = _fitting(said, head, cards)
        if texts and len(texts) < len(cards):
            found.append(_mention(said, head, texts, cards))
    return [m for m in found if m.dated or not any(other.texts < m.texts for other in found)]


def _mention(said: _Said, head: _Said, texts: frozenset[str], cards: Sequence[Card]) -> TextMention:
    named = said if said.named or not texts <= _of(head, cards) else head
    dated = bool(said.years or said.references)
    return TextMention(said.start, said.end, texts, dated, bool(named.kinds), bool(named.institutions))


def _of(head: _Said, cards: Sequence[Card]) -> frozenset[str]:
    """All texts of that kind or maker."""
    return _fitting(_Said(head.start, head.end, head.kinds, head.institutions), head, cards)


def _named_next(question: str, breaths: Sequence[_Said]) -> _Said | None:
    """What "2010" is of in "the 2010 and 2019 conclusions"."""
    for one, other in pairwise(breaths):
        if not re.fullmatch(rf"\W*(?:{cues().words['joins']})?\W*", question[one.end : other.start]):
            return None
        if other.named:
            return other
    return None


def _compared_with(question: str, breaths: Sequence[_Said]) -> _Said | None:
    """The text of a year that "what stood there in 2000" is compared with."""
    compared = compares().search(question)
    return next((b for b in breaths if b.named and b.years), None) if compared else None


def _fitting(said: _Said, head: _Said, cards: Sequence[Card]) -> frozenset[str]:
    if said.references:
        return frozenset(c.id for c in cards if c.references & said.references)
    kinds, institutions = said.kinds, said.institutions
    if not said.named:
        kinds, institutions = head.kinds, head.institutions
    held = kinds & frozenset[str]().union(*(c.kinds | c.titled for c in cards))
    fitting = [
        c
        for c in cards
        if (not held or held & (c.kinds | c.titled))
        and (not institutions or institutions <= c.institutions)
        and (not said.years or said.years <= c.years)
    ]
    if not (held or institutions or (said.years and not said.kinds)):
        return frozenset()  # "a directive of 2019" is none of the library's texts of that year
    if not fitting and not said.named:
        fitting = [c for c in cards if said.years <= c.years]
    own = [c for c in fitting if held & c.kinds]
    return frozenset(c.id for c in own or fitting)


def _breaths(question: str) -> Iterator[_Said]:
    current: _Said | None = None
    for said in sorted(_all_said(question), key=lambda s: (s.start, -s.end)):
        if current is not None and said.start < current.end:
            continue  # a year within a reference
        if current is not None and _in_one_breath(question[current.end : said.start], current, said):
            current = current.with_(said)
            continue
        if current is not None:
            yield current
        current = said
    if current is not None:
        yield current


def _in_one_breath(between: str, one: _Said, other: _Said) -> bool:
    if joint().search(between) or according().search(between) or len(between.split()) > MOST_WORDS_WITHIN:
        return False
    return not ((one.years and other.years) or (one.institutions and other.institutions))


def _all_said(question: str) -> Iterator[_Said]:
    for match in REFERENCE.finditer(question):
        yield _Said(*match.span(), references=frozenset(references(match[0])))
    years = list(YEAR.finditer(question))
    for match in years:
        yield _Said(*match.span(), years=frozenset({match[1]}))
    for match in _year_beside().finditer(question):
        before = [int(year[1]) for year in years if year.end() <= match.start()]
        if before:
            yield _Said(*match.span(), years=frozenset({str(before[-1] + (1 if match["later"] else -1))}))
    for name, pattern in cues().institutions.items():
        for match in pattern.finditer(question):
            yield _Said(*match.span(), institutions=frozenset({name}))
    for name, pattern in cues().texts.items():
        for match in pattern.finditer(question):
            yield _Said(*match.span(), kinds=frozenset({name}))
    for match in _any_text().finditer(question):
        yield _Said(*match.span(), texts=True)


@cache
def _year_beside() -> Pattern:
    """The year after or before one that was named."""
    words = cues().words
    return re.compile(
        rf"(?<!\w)(?:(?P<later>{words['year_later']})|{words['year_earlier']})(?!\w)", re.IGNORECASE
    )


@cache
def joint() -> Pattern:
    """What stands between the namings of two texts."""
    return re.compile(rf"[,;?]|(?<!\w)(?:{cues().words['joins']})(?!\w)", re.IGNORECASE)


@cache
def compares() -> Pattern:
    """That texts are compared in so many words."""
    return re.compile(rf"(?<!\w)(?:{cues().words['compares']})(?!\w)", re.IGNORECASE)


@cache
def according() -> Pattern:
    """Right before the naming of a text whose word is asked for."""
    words = cues().words
    return re.compile(rf"(?<!\w)(?:{words['according']})\s+(?:(?:{words['articles']})\s+)?$", re.IGNORECASE)


@cache
def _any_text() -> Pattern:
    return re.compile(rf"(?<!\w)(?:{cues().words['texts']})(?!\w)", re.IGNORECASE)
