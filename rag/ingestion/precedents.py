"""Reads `corpus/precedents.jsonl`: questions that the texts answer, and that come near and are not
answered, in each language."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.domain.errors import CorpusError
from rag.domain.passages import Enrichment


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
    told_in: tuple[int, ...] = ()
    """The sentences of that passage which answer, counted from 0, the best first."""


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
    told_in = tuple(int(number) - 1 for number in row.get("told_in", ()))
    if min(told_in, default=0) < 0 or (told_in and not answered_by):
        raise ValueError(
            f'in entry {row["id"]}, "told_in" must name sentences of the answering passage, from 1'
        )
    return Precedent(str(row["id"]), str(row["near"]), answered_by, lacks, questions, told_in)


def answered_by_passage(entries: Iterable[Precedent]) -> dict[str, Enrichment]:
    """By passage id, the questions it answers."""
    found: dict[str, list[Precedent]] = defaultdict(list)
    for entry in entries:
        if entry.answered_by:
            found[entry.answered_by].append(entry)
    return {
        passage: Enrichment(
            questions=tuple(pair for e in answered for pair in e.questions.items()),
            told_in=tuple((q, e.told_in) for e in answered if e.told_in for q in e.questions.values()),
        )
        for passage, answered in found.items()
    }


def unanswered_near(entries: Iterable[Precedent], documents: Collection[str]) -> tuple[str, ...]:
    """Of the entries about documents of the library, or about none at all."""
    near = (e for e in entries if not e.answered_by and (not e.near or e.near in documents))
    return tuple(dict.fromkeys(question for e in near for question in e.questions.values()))
