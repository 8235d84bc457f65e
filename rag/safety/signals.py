"""Near-certain signs of a message's kind: regular expressions kept as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

PATTERNS = Path(__file__).with_name("patterns.toml")
READ_CHARACTERS = 4_000
"""Matching costs about 0.1 s per this many characters; nobody in need writes more before saying so."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Signals:
    """Patterns by kind, look-alikes to be blanked first, and which kind wins."""

    by_kind: tuple[tuple[str, re.Pattern[str]], ...]
    never: tuple[re.Pattern[str], ...]
    priority: tuple[str, ...]
    leaning: re.Pattern[str]
    """What shows that a sentence speaks of what was said before it."""

    @classmethod
    def load(cls, path: Path = PATTERNS) -> Signals:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple((s["kind"], _compiled(s["patterns"])) for s in data["signal"]),
            tuple(_compiled([n["pattern"]]) for n in data["never"]),
            tuple(data["priority"]),
            _compiled([data["leaning"]]),
        )

    def kind(self, text: str) -> str | None:
        """The kind that the text shows beyond doubt, or None."""
        text = " ".join(text[:READ_CHARACTERS].translate(_QUOTES).split())
        for pattern in self.never:
            text = pattern.sub(" ", text)
        found = {kind for kind, pattern in self.by_kind if pattern.search(text)}
        return next((kind for kind in self.priority if kind in found), None)


def _compiled(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)
