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
    further: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Passages that answer a broad question too, the best first, each with its sentences as above."""

    @property
    def answers(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each passage that answers, with its sentences, the best first; none if no text does."""
        return ((self.answered_by, self.told_in), *self.further) if self.answered_by else ()


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
    told_in = _places(row["id"], row.get("told_in", ()))
    further = tuple((str(one), _places(row["id"], told)) for one, told in row.get("further", {}).items())
    if (told_in or further) and not answered_by:
        raise ValueError(f'entry {row["id"]} names where it is told, and not "answered_by"')
    return Precedent(str(row["id"]), str(row["near"]), answered_by, lacks, questions, told_in, further)


def _places(entry: str, numbers: Iterable[int]) -> tuple[int, ...]:
    """Of sentences, from 0; they are written from 1."""
    places = tuple(int(number) - 1 for number in numbers)
    if min(places, default=0) < 0:
        raise ValueError(f"in entry {entry}, the sentences of a passage are counted from 1")
    return places


def answered_by_passage(entries: Iterable[Precedent]) -> dict[str, Enrichment]:
    """By passage id, the questions it answers."""
    found: dict[str, list[tuple[Precedent, tuple[int, ...]]]] = defaultdict(list)
    for entry in entries:
        for passage, places in entry.answers:
            found[passage].append((entry, places))
    return {
        passage: Enrichment(
            questions=tuple(pair for e, _ in answered for pair in e.questions.items()),
            told_in=tuple((q, places) for e, places in answered if places for q in e.questions.values()),
        )
        for passage, answered in found.items()
    }


def unanswered_near(entries: Iterable[Precedent], documents: Collection[str]) -> tuple[str, ...]:
    """Of the entries about documents of the library, or about none at all."""
    near = (e for e in entries if not e.answered_by and (not e.near or e.near in documents))
    return tuple(dict.fromkeys(question for e in near for question in e.questions.values()))
