"""Recognises text that speaks to a language model: in a passage it is withheld, in a reply dropped."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from rag.domain.sentences import split_sentences
from rag.domain.spans import OMISSION

PATTERNS = Path(__file__).with_name("instructions.toml")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads(PATTERNS.read_text(encoding="utf-8"))
    anywhere = "|".join(f"(?:{pattern})" for pattern in data["anywhere"])
    start = "|".join(f"(?:{pattern})" for pattern in data["at_the_start"])
    return re.compile(anywhere, re.IGNORECASE), re.compile(rf"[\W_]*(?:{start})", re.IGNORECASE)


def reads_as_instruction(sentence: str) -> bool:
    """Whether the sentence tries to tell a model what to do, or speaks of its workings."""
    anywhere, start = _patterns()
    sentence = sentence.replace("’", "'")
    return bool(anywhere.search(sentence) or start.match(sentence))


def without_instructions(text: str) -> str:
    """The text less the sentences that speak to a model, each gap marked as an omission."""
    sentences = [text[a:b] for a, b in split_sentences(text)]
    kept = ["" if reads_as_instruction(sentence) else sentence for sentence in sentences]
    if all(kept):
        return text
    joined = " ".join(sentence or OMISSION.strip() for sentence in kept)
    return "" if not any(kept) else joined
