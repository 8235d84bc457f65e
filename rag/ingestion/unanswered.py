"""Reads `corpus/unanswered.jsonl`: questions near the texts that no text answers, in each language."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.domain.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One question in several languages (by ISO 639-1 code); `near` is the document it comes near to,
    empty for a question about something else altogether."""

    id: str
    near: str
    lacks: str
    questions: dict[str, str]


def read_unanswered(path: Path) -> list[Unanswered]:
    """Every entry; none if there is no such file. Raises CorpusError for what cannot be read."""
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_entry(json.loads(line)) for line in lines if line.strip()]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"The file {path} is not as it should be: {error}. Correct it.") from error


def _entry(row: dict[str, Any]) -> Unanswered:
    questions = {str(code): str(text) for code, text in row["questions"].items()}
    return Unanswered(str(row["id"]), str(row["near"]), str(row["lacks"]), questions)


def unanswered_questions(entries: Collection[Unanswered], documents: Collection[str]) -> list[str]:
    """The questions near documents of the library (or near none at all), each once."""
    return list(
        dict.fromkeys(q for e in entries if not e.near or e.near in documents for q in e.questions.values())
    )
