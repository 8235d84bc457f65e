"""Damage inside a line: bold signs, links, escapes, words broken in two or divided at line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rag.domain.spans import RepairKind
from rag.ingestion.repair import Edit
from rag.ingestion.words import LINK

_STARS = re.compile(r"\*+")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|>~])")
_BREAK = re.compile(r"<br\s*/?>|&nbsp;", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]+")
_GENITIVE = re.compile(r"(?<=[^\W\d_]) (?=['’]s\b)")
"""A space that a vanished link left before a genitive: "Europol 's"."""
_URL = re.compile(r"https?://[^\s)\]>]+")
_AUTOLINK = re.compile(r"<(?=https?://[^\s<>]+>)|(?<=[^\s<>])>(?<=[\w/]>)(?=[.,;)\s]|$)")
_QUOTED = re.compile(r"^>+[ \t]?", re.MULTILINE)
_MARKDOWN = re.compile(r"\*\*|\]\(|^#{1,6} ", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
_DIVIDED = re.compile(r"(?<=[^\W\d_])-[^\S\n]*\r?\n[^\S\n]*(?:\r?\n[^\S\n]*)?(?=[^\W\d_])")
_LINE = re.compile(r"[^\n]+")
_GAP = re.compile(r"(?<=\S)[^\S\n]+(?=\S)")
_VOWELS = frozenset("aeiouyæøåäöëïéèêóáíúü")
_UNITS = frozenset("km kg mm cm dm st nr pct vs kl tlf kr hr dr mr bl pkt stk jf ca s m t h k g w".split())
_CONJUNCTIONS = frozenset("en of og eller and or und".split())
_STRETCHED_GAPS = 3


def is_markdown(text: str) -> bool:
    return _MARKDOWN.search(text) is not None


def markup(text: str) -> Iterator[Edit]:
    """Signs that a person should not read: emphasis, link targets, escapes, invisible characters."""
    yield from (Edit(*m.span(), "", RepairKind.MARKUP) for m in _INVISIBLE.finditer(text))
    yield from (Edit(*m.span(), " ", RepairKind.MARKUP) for m in _BREAK.finditer(text))
    yield from (Edit(*m.span(), "", RepairKind.BROKEN_WORD) for m in _GENITIVE.finditer(text))
    if is_markdown(text):
        yield from (Edit(*m.span(), "", RepairKind.MARKUP) for m in _ESCAPE.finditer(text))
        yield from (Edit(*m.span(), "", RepairKind.MARKUP) for m in _AUTOLINK.finditer(text))
        yield from (Edit(*m.span(), "", RepairKind.MARKUP) for m in _QUOTED.finditer(text))
        yield from _links(text)
        yield from _emphasis(text)


def _links(text: str) -> Iterator[Edit]:
    for link in LINK.finditer(text):
        image = link.start() > 0 and text[link.start() - 1] == "!"
        yield Edit(link.start() - image, link.start() + 1, "", RepairKind.MARKUP)
        glued = text[link.end() : link.end() + 1] == "("
        yield Edit(link.end(1), link.end(), " " if glued else "", RepairKind.MARKUP)


def _emphasis(text: str) -> Iterator[Edit]:
    addresses = iter(_URL.finditer(text))
    address = next(addresses, None)
    for stars in _STARS.finditer(text):
        while address and address.end() <= stars.start():
            address = next(addresses, None)
        if address and address.start() <= stars.start():
            continue
        before, after = text[stars.start() - 1 : stars.start()], text[stars.end() : stars.end() + 1]
        if _is_emphasis(len(stars.group()), before, after):
            space = " " if _glues(text, stars.start(), stars.end()) else ""
            yield Edit(*stars.span(), space, RepairKind.MARKUP)


def _is_emphasis(length: int, before: str, after: str) -> bool:
    if length > 1:
        return bool(before.strip() or after.strip())
    if before.isalnum() and after.isalnum():
        return False
    return bool(before.strip()) != bool(after.strip()) or bool(before.strip() and after.strip())


def _glues(text: str, start: int, end: int) -> bool:
    """Whether bold signs stand for a lost space: "KONKLUSIONER**af", "2019****om"."""
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if not (before[-1:].isalnum() and after.isalnum()):
        return False
    return end - start >= 4 or (before.isupper() and before.isalpha() and after.islower())


def broken_words(text: str) -> Iterator[Edit]:
    """Spaces inside words ("dr ie") and hyphens at line ends ("commu-/nication")."""
    divided = _DIVIDED.search(text) is not None
    stretched = "  " in text
    if not divided and not stretched:
        return
    words = Counter(word.lower() for word in _WORD.findall(text))
    if divided:
        yield from _divided(text, words)
    if stretched:
        for line in _LINE.finditer(text):
            if "  " in line.group():
                yield from _fragments(text, line.start(), line.end(), words)


def _divided(text: str, words: Counter[str]) -> Iterator[Edit]:
    for hyphen in _DIVIDED.finditer(text):
        left, right = _neighbours(text, hyphen.start(), hyphen.end())
        if right.lower() in _CONJUNCTIONS:
            continue
        keeps = not right[0].islower() or left.isupper() or _is_compound(left, right, words)
        start = hyphen.start() + 1 if keeps else hyphen.start()
        yield Edit(start, hyphen.end(), "", RepairKind.HYPHENATION)


def _is_compound(left: str, right: str, words: Counter[str]) -> bool:
    """Whether the hyphen belongs to the word ("peer-to-peer") and not to the line."""
    if words[(left + right).lower()]:
        return False
    return words[left.lower()] > 1 and words[right.lower()] > 1


def _fragments(text: str, start: int, end: int, words: Counter[str]) -> Iterator[Edit]:
    """In a line stretched by doubled spaces, a single space may stand inside a word."""
    gaps = list(_GAP.finditer(text, start, end))
    single = [gap for gap in gaps if len(gap.group()) == 1]
    if len(gaps) - len(single) < _STRETCHED_GAPS or len(single) * 2 > len(gaps):
        return
    for gap in single:
        left, right = _neighbours(text, gap.start(), gap.end())
        if left and right and _is_one_word(left, right, words):
            yield Edit(*gap.span(), "", RepairKind.BROKEN_WORD)


def _is_one_word(left: str, right: str, words: Counter[str]) -> bool:
    """Whether two fragments make a word of the text, or one of them cannot be a word."""
    if not right.islower() or not (left.islower() or left.istitle()):
        return False
    if words[(left + right).lower()]:
        return words[left.lower()] + words[right.lower()] <= 4
    return _is_no_word(left) or _is_no_word(right)


def _is_no_word(fragment: str) -> bool:
    return not set(fragment.lower()) & _VOWELS and (fragment not in _UNITS or fragment == "dr")


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The letters directly before and after a range; a full stop between makes them none."""
    left = re.search(r"[^\W\d_]+$", text[max(0, start - 40) : start])
    right = _WORD.match(text, end)
    return (left.group() if left else "", right.group() if right else "")
