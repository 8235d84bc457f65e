"""A foreign collection: one text and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.gold import GoldQuestion, SuiteError, load_suites

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Collection:
    """`name` is the stem of both files: NAME.md, the text, and NAME.jsonl, the questions on it."""

    name: str
    text: Path
    questions: tuple[GoldQuestion, ...]


def load_collections(folder: Path = FOLDER) -> tuple[Collection, ...]:
    """Every text of the folder with the questions on it. Raises SuiteError."""
    questions = load_suites(folder)
    texts = sorted(folder.glob("*.md"))
    names = {path.stem for path in texts}
    for one in questions:
        if len(one.documents) != 1 or one.documents[0] not in names:
            raise SuiteError(f"{one.id} must have its evidence in one of {', '.join(sorted(names))}.")
    found = tuple(Collection(path.stem, path, _on(path.stem, questions)) for path in texts)
    for collection in found:
        if not collection.questions:
            raise SuiteError(f"{collection.text.name} has no questions. Write {collection.name}.jsonl.")
    return found


def _on(name: str, questions: Sequence[GoldQuestion]) -> tuple[GoldQuestion, ...]:
    return tuple(q for q in questions if q.documents == (name,))
