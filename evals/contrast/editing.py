"""What every edit works with: the rules beside this file, and words found and replaced in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evals.contrast.statements import TrueStatement

RULES = Path(__file__).with_name("rules.toml")
Editor = Callable[[TrueStatement], Iterator[tuple[str, str, str]]]
"""Yields (text, before, after)."""


@cache
def rules() -> Mapping[str, Any]:
    return tomllib.loads(RULES.read_text("utf-8"))


def find(word: str, text: str) -> re.Match[str] | None:
    """Where the word first stands by itself, however it is capitalised."""
    edge = r"(?<![\w-])" if word[0].isalnum() else ""
    end = r"(?![\w-])" if word[-1].isalnum() else ""
    return re.search(edge + re.escape(word) + end, text, re.IGNORECASE)


def put(text: str, span: tuple[int, int], other: str) -> str:
    """The text with `other` in place of what stands at `span`, with a capital if that had one."""
    start, end = span
    if text[start].isupper() and other:
        other = other[0].upper() + other[1:]
    return text[:start] + other + text[end:]
