"""Reads `corpus/precedents.jsonl`: questions that the texts answer, and that come near and are not
answered, in each language."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.domain.errors import CorpusError
from rag.domain.passages import KnownQuestions


@dataclass(frozen=True, slots=True)
class Precedent:
    """One question in several languages (by ISO 639-1 code)."""

    id: str
    near: str
    """The document it is about or comes near to; empty for something else altogether."""
    answered_by: str
    """Id of the passage that answers; empty if no text does."""
    lacks: str
    """What the texts do not tell; empty if they answer."""
    questions: dict[str, str]


def read_precedents(path: Path) -> list[Precedent]:
    """Every entry; none if there is no such file. Raises CorpusError for what cannot be read."""
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_entry(json.loads(line)) for line in lines if line.strip()]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"The file {path} is not as it should be: {error}. Correct it.") from error


def _entry(row: dict[str, Any]) -> Precedent:
    questions = {str(code): str(text) for code, text in row["questions"].items()}
    answered_by, lacks = str(row.get("answered_by", "")), str(row.get("lacks", ""))
    if bool(answered_by) == bool(lacks):
        raise ValueError(f'entry {row["id"]} must have either "answered_by" or "lacks"')
    return Precedent(str(row["id"]), str(row["near"]), answered_by, lacks, questions)


def questions_about(entries: Iterable[Precedent], documents: Collection[str]) -> KnownQuestions:
    """Of the entries about documents of the library, or about none at all."""
    answered: dict[str, None] = {}
    unanswered: dict[str, None] = {}
    for entry in entries:
        if not entry.near or entry.near in documents:
            (answered if entry.answered_by else unanswered).update(dict.fromkeys(entry.questions.values()))
    return KnownQuestions(tuple(answered), tuple(unanswered))
