"""The words by which an enquiry is taken apart, from `cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cues:
    patterns: Mapping[str, Sequence[re.Pattern[str]]]
    weekdays: Mapping[str, int]
    days_from_now: Mapping[str, int]
    months: Mapping[str, int]

    def found(self, kind: str, text: str) -> re.Match[str] | None:
        return next((m for pattern in self.patterns[kind] if (m := pattern.search(text))), None)


@cache
def cues() -> Cues:
    data = tomllib.loads((Path(__file__).parent / "cues.toml").read_text("utf-8"))
    patterns = {kind: _compiled(kind, found) for kind, found in data.items() if isinstance(found, list)}
    return Cues(patterns, data["weekdays"], data["days_from_now"], data["months"])


def _compiled(kind: str, patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    if kind == "outlet":  # a name begins with a capital letter
        return tuple(
            re.compile(re.sub(r"\(\?P<outlet>", "(?-i:(?P<outlet>", p) + ")", re.IGNORECASE) for p in patterns
        )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
