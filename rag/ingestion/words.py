"""Small facts about words and how they are written down, for decisions about structure."""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")

MONTHS = frozenset(
    "januar februar marts april maj juni juli august september oktober november december "
    "januari februari maart mei augustus january february march may june july october "
    "jan feb mar apr jun jul aug sep sept okt oct nov dec".split()
)

LINK = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s\"[^\"\n]*\")?)\)")
"""A Markdown link: its words and its target."""

_MARKUP = re.compile(r"\*+|\\(?=[^\w\s])|<br\s*/?>")
_CALLS = re.compile(f"[{SUPERSCRIPTS}]+")
_CLOSERS = "\"'”’»)]"


def plain(source: str) -> str:
    """Roughly what a person reads: no markup, no superscripts, single spaces."""
    words = LINK.sub(r"\1", source) if "](" in source else source
    return " ".join(_CALLS.sub("", _MARKUP.sub("", words)).split())


def last_mark(words: str) -> str:
    """The last character, closing quotes and brackets aside."""
    return words.rstrip(_CLOSERS)[-1:]


def is_finished(words: str) -> bool:
    """Whether a sentence ends here."""
    return last_mark(words) in {".", "!", "?", "…"}


def is_cut(words: str) -> bool:
    """Whether the words break off: a letter, digit, comma or dash is last."""
    last = words[-1:]
    return last.isalnum() or last in {",", "-", "–", "—", "(", "/", "%"}


def introduces(words: str) -> bool:
    """Whether the words lead into a list: a colon, or no end at all."""
    return last_mark(words) == ":" or is_cut(words)


def starts_lower(words: str) -> bool:
    return words.lstrip("\"'“‘«([")[:1].islower()


def count_words(words: str) -> int:
    return len(words.split())


def is_capitals(words: str) -> bool:
    """Whether the letters are all capitals, and there are some."""
    return sum(map(str.isalpha, words)) >= 4 and words == words.upper()
