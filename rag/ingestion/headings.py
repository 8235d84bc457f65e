"""Which units are headings and titles, and how deep each heading stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ingestion.markers import division_of
from rag.ingestion.units import Unit
from rag.ingestion.words import count_words, is_capitals, is_finished, last_mark

_DIVISION_RANKS = {
    "part": 11, "del": 11, "deel": 11, "title": 12, "titel": 12, "afsnit": 12,
    "chapter": 13, "kapitel": 13, "hoofdstuk": 13, "annex": 11, "bilag": 11, "bijlage": 11,
    "section": 14, "afdeling": 14, "article": 15, "artikel": 15,
}  # fmt: skip
_CAPITALS_RANK, _NUMBER_RANK, _PLAIN_RANK = 16, 21, 30
_ENACTING = re.compile(
    r"(?:hereby|whereas|having regard|has adopted|have adopted|heeft|gelet op|overwegende|"
    r"har vedtaget|som henviser til|ud fra følgende)\b.*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(?=\S)")
_LONGEST_PLAIN, _LONGEST_NUMBERED, _LONGEST_TITLE = 10, 25, 45
_DATE_LINE = re.compile(r"\b\d{1,2}\.? (?:[^\W\d]{3,9}) (?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Rank:
    """A heading's place in the order of headings, and its printed number."""

    rank: int
    number: str | None = None


@dataclass(slots=True)
class Levels:
    """Turns ranks into levels: a heading closes those of its rank and below."""

    open_ranks: list[int] = field(default_factory=list)

    def enter(self, rank: int) -> int:
        while self.open_ranks and self.open_ranks[-1] >= rank:
            self.open_ranks.pop()
        self.open_ranks.append(rank)
        return len(self.open_ranks)


def rank_of(units: Sequence[Unit], index: int, text: str) -> Rank | None:
    """The rank of a unit that is a heading; None if it is not."""
    unit = units[index]
    marker, words = unit.marker, unit.words
    if len(unit.chunks) > 1:
        return None
    if marker and marker.kind == "heading":
        numbered = _NUMBERED.match(words)
        return Rank(len(marker.form), numbered[1] if numbered else None)
    if division := division_of(text[unit.start : unit.chunks[0].end]):
        return Rank(_DIVISION_RANKS[division["name"].lower()], division["number"])
    if is_finished(words) or last_mark(words) in {":", ";", ","} or not words:
        return None
    if marker and marker.kind == "roman":
        return Rank(_CAPITALS_RANK, marker.label) if unit.length <= _LONGEST_NUMBERED + 5 else None
    if marker and marker.kind == "number":
        return Rank(_NUMBER_RANK, marker.label) if _is_numbered_heading(units, index) else None
    if marker or _ENACTING.fullmatch(words):
        return None
    return _unmarked(units, index)


def _unmarked(units: Sequence[Unit], index: int) -> Rank | None:
    unit, words = units[index], units[index].words
    following = units[index + 1] if index + 1 < len(units) else None
    if following is None or (following.chunks[0].gap == 0 and not following.marker):
        return None
    if is_capitals(words) and unit.length <= _LONGEST_NUMBERED and not any(map(str.isdigit, words)):
        return Rank(_CAPITALS_RANK)
    if numbered := re.match(r"(\d+(?:\.\d+)+)\.?\s+[^\W\d]", words):
        return Rank(_NUMBER_RANK + numbered[1].count("."), numbered[1]) if unit.length <= 20 else None
    return Rank(_PLAIN_RANK) if _is_plain_heading(unit, following) else None


def _is_plain_heading(unit: Unit, following: Unit) -> bool:
    """A short line alone, starting with a capital, with prose below it."""
    words = unit.words
    if unit.length > _LONGEST_PLAIN or len(unit.chunks[0].lines) > 1 or not words[0].isupper():
        return False
    if not (words[-1].isalpha() or words[-1] == "?") or (words.isupper() and unit.length > 6):
        return False
    prose = following.length >= 12 or (is_finished(following.tail) and following.length >= 6)
    return prose and not words.startswith(("http", "www"))


def _is_numbered_heading(units: Sequence[Unit], index: int) -> bool:
    """A numbered line without a full stop, and text of its own under it before the next number."""
    unit = units[index]
    if unit.length > _LONGEST_NUMBERED or not unit.words[:1].isupper() or len(unit.chunks[0].lines) > 2:
        return False
    if index + 1 >= len(units) or units[index + 1].chunks[0].gap == 0:
        return False
    following = units[index + 1]
    if following.marker and following.marker.form == units[index].chunks[0].marker.form:  # type: ignore[union-attr]
        return False
    before = units[index - 1] if index else None
    if before and before.marker and unit.marker and before.marker.form == unit.marker.form:
        return is_finished(before.tail)
    return following.marker is None or following.length >= 8


def front_matter(units: Sequence[Unit]) -> tuple[int, int]:
    """How many units at the start are the title page, and how many of those are title proper.

    The units after the title proper say when and where (a date, a meeting).
    """
    count = 0
    while count < len(units) and _is_title_like(units[count]):
        count += 1
    if count and count == len(units):
        return (1, 1) if len(units) > 1 else (0, 0)
    titled = count
    while titled > 1 and _DATE_LINE.search(units[titled - 1].words) and not _is_caption(units[titled - 1]):
        titled -= 1
    return count, titled


def _is_caption(unit: Unit) -> bool:
    return re.match(r"[^\W\d][\w. ]{1,15}:", unit.words) is not None


def _is_title_like(unit: Unit) -> bool:
    if unit.marker is not None and not (unit.marker.kind == "heading" and unit.marker.form == "#"):
        return False
    if unit.length > _LONGEST_TITLE or not unit.words:
        return False
    if unit.words[0].islower() and not _is_caption(unit):
        return False
    ended = last_mark(unit.tail) in {".", ":", ";", ",", "!", "?"}
    return not ended or (_is_caption(unit) and unit.length < 12)


def is_part_title(unit: Unit) -> bool:
    """A title in mid-text: words in capitals that go on in ordinary letters, without an end."""
    if unit.marker or len(unit.chunks) > 1 or is_finished(unit.words) or last_mark(unit.words) in ":;,":
        return False
    opening = re.match(r"(?:[A-ZÆØÅÉÈÖÜ]{2,}[ -]?)+", unit.words)
    return (
        opening is not None and sum(map(str.isalpha, opening.group())) >= 10 and count_words(unit.words) <= 30
    )
