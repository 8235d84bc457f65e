"""What stands at the start of a line: bullets, numbers, note numbers, heading signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.ingestion.words import DIGITS, SUPERSCRIPTS

MarkerKind = Literal["bullet", "dash", "number", "letter", "roman", "note", "heading"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker before words; `end` is where the words start.

    `label` is the number or letter without punctuation ("" for bullets), `form` tells lists of
    different make apart ("1.", "(1)", "•").
    """

    kind: MarkerKind
    label: str
    form: str
    start: int
    end: int


_NOTE = re.compile(rf"([{SUPERSCRIPTS}]+)\s*(?=\S)|\[\^([\w-]+)\]:\s*")
_HASH = re.compile(r"(#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"(?:[-*+–—]\s+)?([•●▪■◦‣∙·⇒➢➤►✓])\s*(?=\S)")
_DASH = re.compile(r"([-*+–—])\s+(?=\S)")
_NUMBER = re.compile(r"(\(?)(\d{1,3})([.)]|\.\))\s+(?=\S)")
_LETTER = re.compile(r"(\(?)([a-z]{1,2}|[ivx]{3,5})([.)])\s+(?=\S)")
_ROMAN = re.compile(r"([IVXLC]{1,6})\.\s+(?=\S)")

_LANGUAGE_CODE = r"(?:BG|ES|CS|DA|DE|ET|EL|EN|FR|GA|HR|IT|LV|LT|HU|MT|NL|PL|PT|RO|SK|SL|FI|SV)"
FURNITURE_LINE = re.compile(
    rf"{_LANGUAGE_CODE}(?:\s+{_LANGUAGE_CODE})?"  # "DA DA" at the foot of a page
    r"|[-–—]?\s?\d{1,3}\s?[-–—]?|\d{1,3}\s?/\s?\d{1,3}"  # page numbers
    r"|(?i:page|side|pagina|seite)\s\d+(?:\s(?:of|af|van|von)\s\d+)?"
    r"|[_=~*\-–—.·\s]{3,}"  # a rule
    r"|!\[[^\]\n]*\]\([^)\s]*\)"  # an image
)
URL_LINE = re.compile(r"(?:<?(?:https?://|www\.)\S+>?\s*)+")
DIVISION = re.compile(
    r"(?P<name>part|title|chapter|section|article|annex|del|afsnit|kapitel|afdeling|artikel|bilag"
    r"|deel|titel|hoofdstuk|bijlage)\s+(?P<number>[IVXLC]+|\d+[a-z]?|[A-Z])\b[.:]?(?P<rest>.*)",
    re.IGNORECASE,
)


def marker_at(text: str, start: int, end: int) -> Marker | None:
    """The marker that the line `[start, end)` begins with, if any."""
    line = text[start:end]
    if found := _NOTE.match(line):
        label = (found.group(1) or "").translate(DIGITS) or found.group(2)
        return Marker("note", label, "note", start, start + found.end())
    if found := _HASH.match(line):
        return Marker("heading", "", found.group(1), start, start + found.end())
    return _item_at(line, start) or _roman_at(line, start)


def _item_at(line: str, start: int) -> Marker | None:
    bullet = _BULLET.match(line) or _DASH.match(line)
    offset = bullet.end() if bullet else 0
    rest = line[offset:]
    if found := _NUMBER.match(rest):
        return Marker("number", found[2], found[1] + "1" + found[3], start, start + offset + found.end())
    if found := _LETTER.match(rest):
        return Marker("letter", found[2], found[1] + "a" + found[3], start, start + offset + found.end())
    if bullet:
        kind: MarkerKind = "dash" if bullet[1] in "-*+–—" else "bullet"
        return Marker(kind, "", bullet[1], start, start + offset)
    return None


def _roman_at(line: str, start: int) -> Marker | None:
    found = _ROMAN.match(line)
    return Marker("roman", found[1], "I.", start, start + found.end()) if found else None


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a line is never part of a paragraph: furniture, an address, a heading sign."""
    line = text[start:end]
    if URL_LINE.fullmatch(line) or FURNITURE_LINE.fullmatch(line):
        return True
    if _HASH.match(line):
        return True
    return division_of(line) is not None


def division_of(line: str) -> re.Match[str] | None:
    """A line such as "Article 3" or "KAPITEL II Formål", but not a sentence that begins so."""
    found = DIVISION.fullmatch(line.strip("*_# ")) if len(line) <= 160 else None
    if found is None or not found["name"][0].isupper():
        return None
    rest = found["rest"].strip(" –-—:.*")
    if rest and (line.rstrip("* ")[-1] in ".;:,!?" or len(rest.split()) > 14 or rest[0].islower()):
        return None
    return found
