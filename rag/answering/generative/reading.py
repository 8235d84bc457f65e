"""Reads a model's reply as it streams: pieces to lines, lines to sentences with their passage numbers.

Tolerant of what models do (bullets, bold, thoughts, several sentences a line), and bounded: a reply
without end is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.domain.sentences import split_sentences

LONGEST_LINE = 1_500
"""A line that goes on beyond this many characters is taken as it is; no sentence is that long."""
LONGEST_REPLY = 12_000
"""Reading stops after this many characters: an answer has a tenth of it."""
MOST_NUMBERS = 20

_NUMBERS = r"\^?\d{1,3}(?:\s*[-–,;]\s*\^?\d{1,3})*"
_MARKER = re.compile(rf"\[+\s*{_NUMBERS}\s*\]+|【\s*{_NUMBERS}\s*】")
_DEBRIS = re.compile(r"^[^\w\"'“”‘’«»(§€$£+]+")
_BULLET = re.compile(r"^(?:[-*•–—#>]+\s+)+")
_ITEM = re.compile(r"^\(?(\d{1,2})[).:]\s+(?=[^a-zæøå\s])")
_EMPHASIS = re.compile(r"\*\*|__|`")
_OPEN, _CLOSE = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a reply and the passage numbers it names; `item` is the number it began with."""

    text: str
    numbers: tuple[int, ...]
    item: int | None = None


def spoken(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces without what stands between `<think>` and `</think>`."""
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while True:
            tag = _CLOSE if thinking else _OPEN
            at = held.find(tag)
            if at < 0:
                break
            if not thinking and at:
                yield held[:at]
            held, thinking = held[at + len(tag) :], not thinking
        keep = _tail_that_may_begin(tag, held)
        if not thinking and len(held) > keep:
            yield held[: len(held) - keep]
        held = held[len(held) - keep :]
    if held and not thinking:
        yield held


def _tail_that_may_begin(tag: str, text: str) -> int:
    sizes = range(min(len(tag) - 1, len(text)), 0, -1)
    return next((size for size in sizes if tag.startswith(text[-size:])), 0)


def lines(pieces: Iterator[str]) -> Iterator[str]:
    """Whole lines, as soon as each is complete; empty ones left out."""
    held, read = "", 0
    for piece in pieces:
        piece = piece[: LONGEST_REPLY - read]
        read += len(piece)
        held += piece
        *whole, held = re.split(r"[\r\n\u2028\u2029]", held)
        yield from (line.strip() for line in whole if line.strip())
        if len(held) > LONGEST_LINE:
            yield held.strip()
            held = ""
        if read >= LONGEST_REPLY:
            break
    if held.strip():
        yield held.strip()


def drafts(found: Iterator[str]) -> Iterator[Drafted]:
    """The sentences of each line."""
    for line in found:
        yield from drafted(line)


def drafted(line: str) -> list[Drafted]:
    """The sentences of one line; those that stand before the same markers share them."""
    text = "".join(c for c in line if c.isprintable() or c == "\t")
    text = _EMPHASIS.sub("", _BULLET.sub("", text.strip())).strip()
    item = None
    if begins := _ITEM.match(text):
        item, text = int(begins[1]), text[begins.end() :]
    found: list[Drafted] = []
    for words, numbers in _marked(text):
        for start, end in split_sentences(words):
            found.append(Drafted(_mended(words[start:end]), numbers, item))
    return [sentence for sentence in found if any(c.isalnum() for c in sentence.text)]


def _marked(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Stretches of words and the numbers that follow them."""
    words, numbers, at = "", list[int](), 0
    for marker in _MARKER.finditer(text):
        words += text[at : marker.start()]
        at = marker.end()
        numbers += _numbers(marker.group())
        rest = text[at:]
        if _MARKER.match(rest.lstrip()):
            continue
        if stop := re.match(r"\s*([.!?…]+)(?=\s|$)", rest):
            words, at = words.rstrip() + stop[1], at + stop.end()
        after = text[at:].lstrip()[:1]
        if not after or (words.rstrip()[-1:] in '.!?…:;”"»' and not after.islower()):
            yield words, tuple(dict.fromkeys(numbers))
            words, numbers = "", []
    words += text[at:]
    if words.strip():
        yield words, tuple(dict.fromkeys(numbers))


def _numbers(marker: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,;]", marker.strip("[]【】 ")):
        first, *last = (int(n) for n in re.findall(r"\d+", part))
        until = last[0] if last and first < last[0] < first + MOST_NUMBERS else first
        found += range(first, until + 1)
        found += [n for n in last if n not in found]
    return found[:MOST_NUMBERS]


def _mended(sentence: str) -> str:
    """The sentence without bullets and stray brackets before it, and without the gaps that markers left."""
    text = re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", _DEBRIS.sub("", " ".join(sentence.split())))
    return re.sub(r"([.!?])\.$", r"\1", text)
