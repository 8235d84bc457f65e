"""Where sentences end, in English, Dutch and Danish, and where they stand in the source.

A full stop ends a sentence only if a new one can begin after it: not after an abbreviation, an
initial, an ordinal before a month, nor inside brackets. Unsure, it does not divide.
"""

from __future__ import annotations

import re

from rag.domain.documents import Document
from rag.domain.spans import Spans, locate_all

ABBREVIATIONS = frozenset(
    # Danish
    "f.eks bl.a dvs jf ca kap afd litra vedr tidl hhv inkl ekskl mio mia kl tlf sml mht iht ift "
    "pga henh evt forts udg eut eft ef cets "
    # Dutch
    "bijv bv d.w.z dwz o.a m.b.t i.v.m t.a.v i.p.v n.a.v dhr mevr mw drs vgl resp jl pb afb bijl "
    # English and Latin
    "e.g i.e cf viz vs para paras vol vols eds sec fig arts approx dept mr mrs ms dr prof rev hon "
    "inc ltd co corp ibid loc oj seq u.s u.n u.k mt jr sr st".split()
)
"""Never the last word of a sentence, as far as we can tell; lower case, without the last stop."""

NUMBERED = frozenset("no nos nr pr art stk pkt p pp s blz cets dok l c ch".split())
"""Abbreviations only before a number: "art. 5" goes on, "af denne art. Derfor" does not."""

MAY_END = frozenset("osv etc enz mv m.v mfl m.fl o.l a.m p.m e.v e.a".split())
"""Abbreviations that may also end a sentence: a capital after them begins a new one."""

MONTHS = frozenset(
    "januar februar marts april maj juni juli august september oktober november december "
    "januari februari maart mei augustus january february march may june july october".split()
)

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[.!?…]+[”»\"]*(?=\[\d)")
_WORD_BEFORE = re.compile(r"[\w.]*$")
_LONGEST_BRACKET = 400
_WORD_WINDOW = 40


def split_sentences(text: str, language: str = "unknown") -> tuple[tuple[int, int], ...]:
    """Half-open ranges of the sentences of `text`, in order, without the space between them.

    The rules of the three languages are applied together: texts quote one another.
    """
    del language  # one set of rules serves all three; the signature leaves room for more
    inside = _bracketed(text)
    cuts: list[int] = []
    for match in _END.finditer(text):
        if not inside[match.start()] and _ends(text, match.start(), match.end()):
            cuts.append(match.end())
    cuts.extend(m.start() for m in re.finditer(r"\n[^\S\n]*\n", text))
    return tuple(_stripped(text, [0, *sorted(set(cuts)), len(text)]))


def sentences(document: Document, spans: Spans) -> tuple[Spans, ...]:
    """The source spans of each sentence in the reading of `spans`."""
    reading = document.reading(spans)
    ranges = split_sentences(reading, document.language)
    return locate_all(document.text, document.repairs, spans, ranges)


def _stripped(text: str, cuts: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        words = text[start:end]
        left = start + len(words) - len(words.lstrip())
        if words.strip():
            ranges.append((left, left + len(words.strip())))
    return ranges


def _bracketed(text: str) -> bytearray:
    """1 at every position inside a closed pair of round brackets of ordinary length."""
    inside = bytearray(len(text) + 1)
    opened: list[int] = []
    for position, letter in enumerate(text):
        if letter == "(":
            opened.append(position)
        elif letter == ")" and opened:
            start = opened.pop()
            if position - start <= _LONGEST_BRACKET:
                inside[start:position] = b"\1" * (position - start)
    return inside


def _ends(text: str, stop: int, end: int) -> bool:
    after = _first_after(text, end)
    if after == "" or text[stop] != ".":
        return after == "" or not after.islower()
    word = _last_word(text, stop)
    if after.islower() or not (after.isalnum() or after in "\"'“”‘’«»([–—-•*#"):
        return False
    return not _is_abbreviation(text, word, after, end)


def _first_after(text: str, end: int) -> str:
    while end < len(text) and text[end].isspace():
        end += 1
    return text[end : end + 1]


def _last_word(text: str, stop: int) -> str:
    found = _WORD_BEFORE.search(text[max(0, stop - _WORD_WINDOW) : stop])
    return found.group().strip(".") if found else ""


def _is_abbreviation(text: str, word: str, after: str, end: int) -> bool:
    lower = word.lower()
    if lower in MAY_END:
        return False
    if lower in NUMBERED and after.isdigit():
        return True
    if lower in ABBREVIATIONS:
        return True
    if len(word) == 1 and word.isalpha():
        return word.isupper()
    if word.isdigit() and len(word) <= 2:
        following = re.match(r"\s*([^\W\d]+)", text[end : end + _WORD_WINDOW])
        return following is not None and following.group(1).lower() in MONTHS
    return False
