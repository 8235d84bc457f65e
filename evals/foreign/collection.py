"""A foreign collection: one text, its questions, and questions near it that it does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evals.gold import GoldQuestion, SuiteError, load_suite

FOLDER = Path(__file__).parent
UNANSWERED = ".unanswered.jsonl"


@dataclass(frozen=True, slots=True)
class Collection:
    """`name` is the stem of its files: NAME.md, the text, NAME.jsonl, the questions it answers, and
    NAME.unanswered.jsonl, if there is one, those it does not."""

    name: str
    text: Path
    questions: tuple[GoldQuestion, ...]
    unanswered: tuple[GoldQuestion, ...] = ()


def load_collections(folder: Path = FOLDER) -> tuple[Collection, ...]:
    """Every text of the folder with the questions on it. Raises SuiteError."""
    texts = sorted(folder.glob("*.md"))
    names = {path.stem for path in texts}
    for path in sorted(folder.glob("*.jsonl")):
        if path.name.removesuffix(UNANSWERED).removesuffix(".jsonl") not in names:
            raise SuiteError(
                f"{path.name} has no text. Its questions must be on one of {', '.join(sorted(names))}."
            )
    return tuple(_collection(path) for path in texts)


def _collection(text: Path) -> Collection:
    questions = _read(text.with_suffix(".jsonl"))
    if not questions:
        raise SuiteError(f"{text.name} has no questions. Write {text.stem}.jsonl.")
    for one in questions:
        if one.documents != (text.stem,):
            raise SuiteError(f"{one.id} must have its evidence in {text.stem}.")
    return Collection(text.stem, text, questions, _read(text.with_name(text.stem + UNANSWERED)))


def _read(path: Path) -> tuple[GoldQuestion, ...]:
    return load_suite(path) if path.is_file() else ()
