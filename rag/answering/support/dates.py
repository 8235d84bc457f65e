"""Dates of a sentence and parts of dates, in figures or with the month's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.support.vocabulary import Vocabulary, shared
from rag.answering.support.words import Kind, Token, skip

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""A bare number of four digits in this range is a year."""
EARLIEST_NAMED_YEAR = 1000
"""...and from here on if a preposition stands before it."""


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date or part of one; what is not said is None."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    written: str

    def agrees_with(self, other: DateFact) -> bool:
        """Whether every part that both name is the same, and they share a part."""
        pairs = [
            (mine, theirs)
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
            )
            if mine is not None and theirs is not None
        ]
        return bool(pairs) and all(mine == theirs for mine, theirs in pairs)

    def says_no_more_than(self, other: DateFact) -> bool:
        """Whether `other` names every part that this one names."""
        return all(
            theirs is not None or mine is None
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
            )
        )


def date_at(tokens: Sequence[Token], i: int, words: Vocabulary) -> DateFact | None:
    """The date that begins at position `i`, if one does."""
    if tokens[i].kind is Kind.DATE:
        year, month, day = (int(part) for part in tokens[i].key[5:].split("-"))
        return DateFact(year, month, day, i, i + 1, tokens[i].text)
    return _month_first(tokens, i, words) or _day_first(tokens, i, words) or _bare_year(tokens, i, words)


def _month_first(tokens: Sequence[Token], i: int, words: Vocabulary) -> DateFact | None:
    month = _month(tokens, i, words)
    if month is None:
        return None
    day = None if _year(tokens, i + 1) else _day(tokens, i + 1)
    at = skip(tokens, i + (2 if day else 1), ",")
    year = _year(tokens, at)
    return _dated(tokens, year, month, day, i, at + 1 if year else i + (2 if day else 1))


def _day_first(tokens: Sequence[Token], i: int, words: Vocabulary) -> DateFact | None:
    day = _day(tokens, i)
    at = skip(tokens, i + 1, "of", "de", "den")
    month = _month(tokens, at, words) if day else None
    if month is None:
        return None
    year_at = skip(tokens, at + 1, ",")
    year = _year(tokens, year_at)
    return _dated(tokens, year, month, day, i, year_at + 1 if year else at + 1)


def _bare_year(tokens: Sequence[Token], i: int, words: Vocabulary) -> DateFact | None:
    year = _year(tokens, i)
    if year is None or not _stands_alone(tokens, i, year, words):
        return None
    return _dated(tokens, year, None, None, i, i + 1)


def _dated(
    tokens: Sequence[Token], year: int | None, month: int | None, day: int | None, start: int, end: int
) -> DateFact:
    return DateFact(year, month, day, start, end, " ".join(t.text for t in tokens[start:end]))


def _month(tokens: Sequence[Token], i: int, words: Vocabulary) -> int | None:
    if i >= len(tokens) or tokens[i].kind is not Kind.WORD:
        return None
    number = words.months.get(tokens[i].lower)
    if number is None or tokens[i].lower not in words.unsure_months:
        return number
    beside = tokens[i - 1].lower if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    dated = beside in words.beside_months or _day(tokens, i - 1) is not None
    dated = dated or (after is not None and after.kind is Kind.NUMBER)
    return number if dated and tokens[i].text[0].isupper() else None


def _day(tokens: Sequence[Token], i: int) -> int | None:
    if not 0 <= i < len(tokens) or tokens[i].kind is not Kind.NUMBER:
        return None
    digits = tokens[i].text.rstrip("stndrhe")
    return int(digits) if digits.isdigit() and 1 <= int(digits) <= 31 else None


def _year(tokens: Sequence[Token], i: int) -> int | None:
    if i >= len(tokens) or tokens[i].kind is not Kind.NUMBER:
        return None
    text = tokens[i].text
    if len(text) == 4 and text.isdigit() and EARLIEST_NAMED_YEAR <= int(text) <= LATEST_YEAR:
        return int(text)
    return None


def _stands_alone(tokens: Sequence[Token], i: int, year: int, words: Vocabulary) -> bool:
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    before = tokens[i - 1].lower if i else ""
    if after in words.units or after in words.powers or before in shared().currency:
        return False
    known = words.phrases.get(before, ())
    if any(kind in ("bound", "quantifier") and len(phrase) == 1 for phrase, kind, _ in known):
        return False  # "some 1850 people"
    return year >= EARLIEST_YEAR or before in words.function
