"""When a journalist needs the reply, as far as the words say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rag.drafting.cues import cues

_CLOCK = re.compile(
    r"(?:\bkl(?:okken)?\.?\s*|\bat\s+|\bom\s+|\b)(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?!\.?\d)|"
    r"\b(?P<twelve>1[0-2]|[1-9])\s*(?P<half>[ap])\.?m\b|"
    r"\bkl\.?\s*(?P<kl>[01]?\d|2[0-3])\b|\b(?P<uur>[01]?\d|2[0-3])\s*(?:uur|h)\b|"
    r"\b(?P<noon>noon|midday|middag)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\b")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The sentence that names it, and the moment meant, if it could be worked out (local time)."""

    words: str
    moment: datetime | None


def find_deadline(sentences: list[str], received: datetime) -> Deadline | None:
    """The first sentence with a cue of a deadline and a day or an hour after `received`."""
    for sentence in sentences:
        if not cues().found("deadline", sentence):
            continue
        day, clock = _day(sentence, received.date()), _clock(sentence)
        if day is None and clock is None:
            continue
        if day is not None and day < received.date():
            continue
        moment = datetime.combine(day or received.date(), clock or time(23, 59))
        return Deadline(sentence, moment)
    return None


def _day(text: str, today: date) -> date | None:
    lower = text.lower()
    if found := _ISO.search(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    named = "|".join(cues().months)
    if found := re.search(
        rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({named})\b(?:\s+(\d{{4}}))?", lower
    ):
        return _coming(today, cues().months[found[2]], int(found[1]), found[3])
    if found := re.search(rf"\b({named})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?", lower):
        return _coming(today, cues().months[found[1]], int(found[2]), found[3])
    for words in sorted(cues().days_from_now, key=len, reverse=True):
        if re.search(rf"\b{words}\b", lower):
            return today + timedelta(days=cues().days_from_now[words])
    for words, number in cues().weekdays.items():
        if re.search(rf"\b{words}\b", lower):
            return today + timedelta(days=(number - today.weekday()) % 7)
    if (found := _SLASHED.search(text)) and not re.search(r"\d[:.]\d\d\s*(?:uur|h)\b", lower):
        return _coming(today, int(found[2]), int(found[1]), found[3])
    return None


def _coming(today: date, month: int, day: int, year: str | None) -> date | None:
    if year:
        return _date(int(year), month, day)
    this_year = _date(today.year, month, day)
    return this_year if this_year is None or this_year >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    found = _CLOCK.search(_ISO.sub(" ", text))
    if found is None:
        return None
    if found["hour"]:
        return time(int(found["hour"]), int(found["minute"]))
    if found["twelve"]:
        return time(int(found["twelve"]) % 12 + (12 if found["half"].lower() == "p" else 0))
    if found["noon"]:
        return time(12)
    return time(int(found["kl"] or found["uur"]))
