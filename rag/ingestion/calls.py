"""Markers in running text that call a footnote: superscripts, "[^1]", digits glued to words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ingestion.markers import Marker
from rag.ingestion.words import DIGITS, SUPERSCRIPTS

_SUPERSCRIPT = re.compile(f"[{SUPERSCRIPTS}]+")
_REFERENCE = re.compile(r"\[\^([\w-]+)\](?!:)")
_GLUED = re.compile(
    r"(?<![\w.,/-])(?:(?P<year>(?:19|20)\d\d)|(?P<stem>[^\W\d_]*[^\W\d_A-Z]{3}))(?P<call>[1-9]\d?)"
    r"(?=[\s.,;:!?)\"”’]|$)"
)
_UNIT_BEFORE = re.compile(r"\d\s?(?:[kcdm]?m)$")


@dataclass(frozen=True, slots=True)
class Call:
    """A call marker: the note's number and where the marker stands."""

    number: str
    start: int
    end: int


def calls_in(text: str, notes: Sequence[Marker]) -> tuple[list[Call], list[str]]:
    """The calls of a text whose notes are `notes`, and what should be said of damaged ones."""
    starts = {note.start for note in notes}
    known = {note.label for note in notes}
    calls = [Call(m[1], *m.span()) for m in _REFERENCE.finditer(text) if m[1] in known]
    found, notices = _superscripts(text, starts, known)
    calls += found
    if not calls and not _SUPERSCRIPT.search(text):
        calls = _glued(text, known)
    return sorted(calls, key=lambda call: call.start), notices


def _superscripts(text: str, starts: set[int], known: set[str]) -> tuple[list[Call], list[str]]:
    calls: list[Call] = []
    notices: list[str] = []
    expected = 1
    for found in _SUPERSCRIPT.finditer(text):
        if found.start() in starts or _UNIT_BEFORE.search(text[max(0, found.start() - 6) : found.start()]):
            continue
        number = found.group().translate(DIGITS)
        numbers = _numbers(number, expected, known)
        if len(numbers) > 1:
            notices.append(
                f"The calls of footnotes {' and '.join(numbers)} stand glued together in the source "
                f"({found.group()}) and were read as {len(numbers)} calls."
            )
        position = found.start()
        for each in numbers:
            calls.append(Call(each, position, position + len(each)))
            position += len(each)
            expected = int(each) + 1
    return calls, notices


def _numbers(number: str, expected: int, known: set[str]) -> list[str]:
    """The note numbers that a run of superscript digits stands for."""
    if number in known or (not known and number == str(expected)):
        return [number]
    parts: list[str] = []
    rest, following = number, expected
    while rest.startswith(str(following)) and (not known or str(following) in known):
        parts.append(str(following))
        rest = rest[len(parts[-1]) :]
        following += 1
    if len(parts) > 1 and not rest:
        return parts
    return [number] if int(number) == expected else []


def _glued(text: str, known: set[str]) -> list[Call]:
    """Digits at the end of words or years that count 1, 2, 3 … through the text."""
    candidates = list(_GLUED.finditer(text))
    stems = [(m["year"] or m["stem"]).lower() + ("" if m["stem"] else m["call"]) for m in candidates]
    seen = Counter(stems)
    chain: list[Call] = []
    for found, stem in zip(candidates, stems, strict=True):
        if found["stem"] and seen[stem] > 1:
            continue
        if found["call"] == str(len(chain) + 1):
            chain.append(Call(found["call"], found.start("call"), found.end("call")))
    return chain if len(chain) > 1 or (chain and chain[0].number in known) else []
