"""Numbers and dates of a sentence: their value whatever the language writes, unit, bound and noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answering.support.dates import DateFact, date_at
from rag.answering.support.vocabulary import Vocabulary, shared
from rag.answering.support.words import Kind, Token, skip, value_of

HALF = 0.5
HALVES = ("half", "helft", "halvdelen", "halv")
MOST_COUNTED_BY_EYE = 12
ONE_BEFORE_POWERS = ("a", "an", "per", "een", "en", "et")
AFTER_FRACTIONS = frozenset("of van af more less fewer meer minder mere flere færre mindre".split())
"""A quarter of, a third more: without such a word a quarter may be three months."""
Bounds = Mapping[int, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `bound` is "", "at_least", "more_than", "about" and so on."""

    value: float
    unit: str
    bound: str
    noun: str
    """Stem of the word counted, "" if a unit says it."""
    start: int
    end: int
    written: str

    @property
    def is_small_word(self) -> bool:
        """A number in words of the kind that a summary counts for itself ("three", "a week", "half")."""
        spelt = self.written[:1].isalpha()
        counted = self.value <= MOST_COUNTED_BY_EYE and (not self.unit or self.value == 1)
        return spelt and (counted or self.written.lower() in HALVES)

    @property
    def measure(self) -> tuple[str, float]:
        """Unit and value in the base unit: 24 hours and one day are the same."""
        base, factor = shared().convert.get(self.unit, (self.unit, 1.0))
        return base, self.value * factor


def find_numbers(
    tokens: Sequence[Token], words: Vocabulary, bounds: Bounds, taken: set[int]
) -> tuple[tuple[Quantity, ...], tuple[DateFact, ...]]:
    """Every quantity and date outside the positions `taken` by references."""
    quantities: list[Quantity] = []
    dates: list[DateFact] = []
    i = 0
    while i < len(tokens):
        if i in taken or not _may_begin(tokens[i], words):
            i += 1
        elif date := date_at(tokens, i, words):
            dates.append(date)
            i = date.end
        elif quantity := _quantity(tokens, i, words, bounds):
            quantities.append(quantity)
            i = quantity.end
        else:
            i += 1
    return tuple(quantities), tuple(dates)


def _may_begin(token: Token, words: Vocabulary) -> bool:
    """Whether a number or date can begin here; most words are passed over by this alone."""
    if token.kind is not Kind.WORD:
        return token.kind in (Kind.NUMBER, Kind.DATE)
    word = token.lower
    known = word in words.numbers or word in words.months or word in words.powers
    return known or word in words.fractions or "-" in word


def _quantity(tokens: Sequence[Token], i: int, words: Vocabulary, bounds: Bounds) -> Quantity | None:
    read = _fraction(tokens, i, words) or _figures(tokens, i, words) or _number_words(tokens, i, words)
    if read is None:
        return None
    value, end, unit = read
    start = i - _is_one_fraction(tokens, i, words)
    if i and tokens[i - 1].lower in shared().currency:
        unit, start = shared().currency[tokens[i - 1].lower], i - 1
    elif _is_one_power(tokens, i, words):
        start = i - 1
    noun = ""
    if not unit:
        unit, end = _unit(tokens, end, words)
        if not unit:
            noun = _noun(tokens, end, words)
    bound = bounds.get(start) or bounds.get(i) or bounds.get(-end)
    if bound is None and not value.is_integer() and tokens[end - 1].lower in words.fractions:
        bound = ("about", start)  # a third is 33 percent
    written = " ".join(token.text for token in tokens[start:end])
    return Quantity(value, unit, bound[0] if bound else "", noun, start, end, written)


Read = tuple[float, int, str]
"""Value, position after it, and the unit where the number itself says it ("half")."""


def _is_one_fraction(tokens: Sequence[Token], i: int, words: Vocabulary) -> bool:
    """ "A quarter", "een derde"."""
    before = tokens[i - 1].lower if i else ""
    return tokens[i].lower in words.fractions and before in (*ONE_BEFORE_POWERS, "one")


def _fraction(tokens: Sequence[Token], i: int, words: Vocabulary) -> Read | None:
    """ "Three quarters of" is 75 percent; "a quarter of a million" is 250,000."""
    at = i if _is_one_fraction(tokens, i, words) else i + 1
    parts = words.fractions.get(tokens[at].lower) if at < len(tokens) else None
    count = 1.0 if at == i else words.numbers.get(tokens[i].lower)
    if not parts or not count or count >= parts:
        return None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    ends = count == 1 and (after is None or after.kind is Kind.STOP)  # "by a tenth."
    if not ends and (after is None or after.lower not in AFTER_FRACTIONS):
        return None
    power = skip(tokens, at + 2, "a", "an", "een", "en")
    if power < len(tokens) and tokens[power].lower in words.powers:
        return count / parts * 10.0 ** words.powers[tokens[power].lower], power + 1, ""
    return 100 * count / parts, at + 1, "percent"


def _figures(tokens: Sequence[Token], i: int, words: Vocabulary) -> Read | None:
    if tokens[i].kind is not Kind.NUMBER:
        return None
    value, end = value_of(tokens[i].text), i + 1
    money = i > 0 and tokens[i - 1].lower in shared().currency
    while end < len(tokens):
        word = tokens[end].lower
        if word in words.hundred:
            value *= 100
        elif word in words.powers and (len(word) > 1 or money):
            value *= 10.0 ** words.powers[word]
        else:
            break
        end += 1
    return value, end, ""


def _is_one_power(tokens: Sequence[Token], i: int, words: Vocabulary) -> bool:
    """ "A thousand"."""
    return i > 0 and tokens[i].lower in words.powers and tokens[i - 1].lower in ONE_BEFORE_POWERS


def _number_words(tokens: Sequence[Token], i: int, words: Vocabulary) -> Read | None:
    total = current = 0.0
    end, spoken = i, 0
    if _is_one_power(tokens, i, words):
        current = 1.0
    while end < len(tokens):
        word = tokens[end].lower
        value = _value(word, words)
        if value is not None:
            current = current * 100 if value == 100 and current else current + value
        elif word in words.powers and current:
            total, current = total + current * 10.0 ** words.powers[word], 0.0
        elif not (word == words.number_and and current >= 100 and _is_number(tokens, end + 1, words)):
            break
        spoken += 1
        end += 1
    if not spoken:
        return None
    if spoken == 1 and tokens[i].lower in words.unsure_numbers and not _unit(tokens, end, words)[0]:
        return None
    if spoken == 1 and total + current == HALF:
        return _half(tokens, end, words)
    return total + current, end, ""


def _half(tokens: Sequence[Token], end: int, words: Vocabulary) -> Read:
    """ "Half an hour" is half of a unit, "half of the families" is 50 percent."""
    at = skip(tokens, end, "a", "an", "een", "en", "et")
    unit = words.units.get(tokens[at].lower) if at < len(tokens) else None
    return (HALF, at + 1, unit) if unit and unit != "percent" else (100 * HALF, end, "percent")


def _value(word: str, words: Vocabulary) -> float | None:
    value = words.numbers.get(word)
    if value is None and "-" in word:  # "twenty-four-hour"
        head, _, _ = word.rpartition("-")
        value = words.numbers.get(head)
    return value


def _is_number(tokens: Sequence[Token], i: int, words: Vocabulary) -> bool:
    return i < len(tokens) and tokens[i].lower in words.numbers


def _unit(tokens: Sequence[Token], end: int, words: Vocabulary) -> tuple[str, int]:
    if end < len(tokens):
        unit = words.units.get(tokens[end].lower)
        if unit:
            return unit, end + 1
        pair = " ".join(token.lower for token in tokens[end : end + 2])
        if pair in words.units:
            return words.units[pair], end + 2
    before = tokens[end - 1].lower
    if "-" in before and before.rpartition("-")[2] in words.units:
        return words.units[before.rpartition("-")[2]], end
    return "", end


def _noun(tokens: Sequence[Token], end: int, words: Vocabulary) -> str:
    for token in tokens[end : end + 3]:
        if token.kind is not Kind.WORD:
            return ""
        if token.lower not in words.function:
            return token.key
    return ""
