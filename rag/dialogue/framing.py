"""Leaves out what a question says of its own use: "For a press release: what was the vote?"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

CUES = Path(__file__).with_name("framing.toml")
FEWEST_WORDS = 4
"""A question of fewer words keeps what stands before it."""
_MARK = r"(?:(?:,?\s+[\w'’-]+){0,5}?\s*:|\s*[,;]|\s+[-–—])\s+"
"""A colon, perhaps after a few more words ("For a column I am writing: ..."), a comma or a dash."""


@cache
def _frames() -> dict[str, re.Pattern[str]]:
    cues = tomllib.loads(CUES.read_text(encoding="utf-8"))
    return {
        language: re.compile(
            rf"^(?:(?:{words['aside']}){_MARK})?(?:(?:{words['purpose']}|{words['aside']}){_MARK})",
            re.IGNORECASE,
        )
        for language, words in cues.items()
    }


def unframed(question: str, language: str) -> str:
    """The question alone; as it is if nothing stands before it, or too little would be left."""
    frame = _frames().get(language)
    found = frame.match(question) if frame else None
    if found is None:
        return question
    rest = question[found.end() :].strip()
    if len(rest.split()) < FEWEST_WORDS:
        return question
    return f"{rest[:1].upper()}{rest[1:]}"
