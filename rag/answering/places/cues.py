"""The words of `places.toml`, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CUES = Path(__file__).with_name("places.toml")
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cues:
    kinds: Mapping[str, str]
    """Expressions, to be built into others."""
    tries: Mapping[str, tuple[str, ...]]
    ordinals: Mapping[str, int]
    scopes: Mapping[str, Pattern]
    texts: Mapping[str, Pattern]
    institutions: Mapping[str, Pattern]
    words: Mapping[str, str]
    says_of: Mapping[str, str]
    """By language: what one text is asked about a topic."""
    beyond: Pattern
    telling: Pattern
    ends: Pattern
    general: frozenset[str]
    common: frozenset[str]


@cache
def cues() -> Cues:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    words = data["words"]
    return Cues(
        kinds=data["kinds"],
        tries={kind: tuple(names) for kind, names in data["tries"].items()},
        ordinals=data["ordinals"],
        scopes=_whole_words(data["scopes"]),
        texts=_whole_words(data["texts"]),
        institutions=_whole_words(data["institutions"]),
        words=words,
        says_of=data["says_of"],
        beyond=_whole_word(words["beyond"]),
        telling=_whole_word(words["telling"]),
        ends=re.compile(rf"[?;:,]\s|[?;:,]$|(?<!\w)(?:{words['ends']})(?!\w)", re.IGNORECASE),
        general=frozenset(words["general"].split()),
        common=frozenset(words["common"].split()),
    )


def _whole_words(table: Mapping[str, str]) -> dict[str, Pattern]:
    return {name: _whole_word(words) for name, words in table.items()}


def _whole_word(words: str) -> Pattern:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
