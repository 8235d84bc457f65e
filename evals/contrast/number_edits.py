"""Edits of numbers: another amount, count, date, article or act; each yields (text, before, after)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.contrast.editing import put
from evals.contrast.statements import TrueStatement

_NUMBER = re.compile(r"(?<![\w./(-])\d{1,3}(?:(?:[., \u00a0]\d{3})+|(?:[.,]\d{1,2}))?(?![\w./)-])")
_YEAR = re.compile(r"(?<![\w./(-])(?:19|20)\d\d(?![\w/)-])")


def numbers(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """Another number of the same length; days of a date and parts of an act are other kinds."""
    text = statement.text
    for match in _NUMBER.finditer(text):
        if _is_date_or_part(text, match):
            continue
        other = _other_number(match[0])
        yield text[: match.start()] + other + text[match.end() :], match[0], other


_MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|januar|februar|marts|maj|august|january|february|march|may|june|july|october)"
)
_PART = re.compile(
    r"(?:articles?|artikel|artikler|artikelen|lid|stk\.?|punkt|footnote|nr\.|no|chapter|#|fodnote"
    r"|L|C|og|and|en|note|kapitel|betragtning|initiativ)\s?$",
    re.IGNORECASE,
)


def _is_date_or_part(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 16]
    return bool(
        re.match(rf"\.?[ -]*(?:\d+\.?\s)?{_MONTHS}", after, re.IGNORECASE)
        or _PART.search(text[: match.start()])
        or re.match(r"\.\s?\d|\.-", after)
        or (not text[: match.start()].strip())
    )


def _other_number(written: str) -> str:
    """The first digit changed by at least two, so that nothing rounds to the same."""
    first = int(written[0])
    return f"{first + 3 if first <= 6 else first - 4}{written[1:]}"


def number_words(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    words = {
        "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine"),
        "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
        "da": ("to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"),
    }[statement.language]
    for place, word in enumerate(words):
        match = re.search(rf"(?<![\w-]){word}(?![\w-])", statement.text)
        if match:
            other = words[(place + 3) % len(words)]
            yield put(statement.text, match.span(), other), word, other


def dates(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    text = statement.text
    for match in _YEAR.finditer(text):
        other = str(int(match[0]) - 3)
        if other not in " ".join(statement.evidence):
            yield text[: match.start()] + other + text[match.end() :], match[0], other
    months = {
        "en": ("January", "April", "May", "July", "October", "November", "December", "September"),
        "nl": ("januari", "april", "mei", "juli", "oktober", "november", "december", "september"),
        "da": ("januar", "april", "maj", "juli", "oktober", "november", "december", "september"),
    }[statement.language]
    for place, month in enumerate(months):
        found = re.search(rf"(?<=\w[. ]){month}\b|(?<=\. ){month}\b", text)
        if found:
            other = months[(place + 3) % len(months)]
            yield text[: found.start()] + other + text[found.end() :], month, other
    day = re.search(rf"(?<![\w./-])(\d{{1,2}})(?=\.?\s{_MONTHS})", text, re.IGNORECASE)
    if day:
        other = str(int(day[0]) % 27 + 2)
        yield text[: day.start()] + other + text[day.end() :], day[0], other


_ACT = re.compile(r"(?<![\d/])(\d{4})/(\d{1,4})(?=/|[^\d/]|$)")
_ARTICLE = re.compile(r"\b(articles?|artikel|lid|stk\.|paragraph)\s(\d{1,3})\b", re.IGNORECASE)
_SERIES = re.compile(r"\bCOM\((\d{4})\)\s(\d{2,4})\b")


def references(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    text = statement.text
    for pattern in (_ACT, _ARTICLE, _SERIES):
        match = pattern.search(text)
        if match:
            start, end = match.span(2)
            other = str(int(match[2]) + 7)
            yield text[:start] + other + text[end:], match[2], other


def glued(statement: TrueStatement, siblings: Sequence[TrueStatement]) -> Iterator[tuple[str, str, str]]:
    """A number of one sentence put into another that has its own."""
    mine = [m for m in _NUMBER.finditer(statement.text) if not _is_date_or_part(statement.text, m)]
    for other in siblings:
        if other.text == statement.text or other.language != statement.language:
            continue
        theirs = [m[0] for m in _NUMBER.finditer(other.text) if not _is_date_or_part(other.text, m)]
        given = {m[0] for m in mine}
        foreign = [n for n in theirs if n not in given]
        if mine and foreign:
            at = mine[0]
            text = statement.text[: at.start()] + foreign[0] + statement.text[at.end() :]
            yield text, at[0], foreign[0]
            return
