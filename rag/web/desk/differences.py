"""What changed between two versions of a reply, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.drafting.sheet import Sheet

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is "same", "gone" or "new"."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the reply that is not the same in both, or (`pieces` all "same") one that is."""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def differences(old: Sheet, new: Sheet) -> tuple[Change, ...]:
    """Line by line; lines that answer to each other are compared by their words."""
    before, after = _lines(old), _lines(new)
    changes: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change((Piece("same", line),)) for line in before[a:b]]
            continue
        paired = min(b - a, d - c)
        changes += [
            Change(_words(one, two))
            for one, two in zip(before[a : a + paired], after[c : c + paired], strict=True)
        ]
        changes += [Change((Piece("gone", line),)) for line in before[a + paired : b]]
        changes += [Change((Piece("new", line),)) for line in after[c + paired : d]]
    return tuple(changes)


def _lines(sheet: Sheet) -> list[str]:
    lines = [sheet.title, sheet.greeting, sheet.background]
    for part in sheet.parts:
        lines.append(part.question)
        for sentence in part.sentences:
            labels = ", ".join(sheet.citations[n - 1].label for n in sentence.citations)
            lines.append(f"{sentence.text} [{labels}]" if labels else sentence.text)
    return [line for line in (*lines, sheet.attribution_text, sheet.contact) if line]


def _words(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[a:b])))
            continue
        pieces += [Piece("gone", "".join(before[a:b]))] if b > a else []
        pieces += [Piece("new", "".join(after[c:d]))] if d > c else []
    return tuple(pieces)
