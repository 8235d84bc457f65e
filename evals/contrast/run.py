"""Makes the contrast set, and measures a verifier on it."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.contrast.edits import Edit, edits_of
from evals.contrast.statements import TrueStatement, true_statements
from rag.domain.answers import Support
from rag.domain.ports import Verifier

CONTRAST = Path(__file__).with_name("contrast.jsonl")
MOST_PER_CELL = 22
"""Edits of one kind, language and split."""
UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Item:
    """A statement to judge; `kind` is that of the edit, or `UNTOUCHED`."""

    id: str
    kind: str
    language: str
    split: str
    document: str
    passage: str
    statement: str
    original: str
    before: str
    after: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """How many statements of a kind a verifier let pass as fully supported, and which."""

    kind: str
    language: str
    split: str
    judged: int
    passed: int
    examples: tuple[str, ...]

    @property
    def rejected(self) -> float:
        return 1 - self.passed / self.judged


def make_contrast(corpus: Path) -> tuple[Item, ...]:
    """Every kind, language and split, at most `MOST_PER_CELL` each, chosen by hash, and the originals."""
    statements = true_statements(corpus)
    by_passage: dict[str, list[TrueStatement]] = defaultdict(list)
    for statement in statements:
        by_passage[statement.passage].append(statement)
    cells: dict[tuple[str, str, str], list[Edit]] = defaultdict(list)
    seen: set[str] = set()
    for statement in statements:
        for edit in edits_of(statement, by_passage[statement.passage]):
            if edit.text not in seen:
                seen.add(edit.text)
                cells[edit.kind, statement.language, statement.split].append(edit)
    chosen = [edit for cell in sorted(cells) for edit in sorted(cells[cell], key=_lot)[:MOST_PER_CELL]]
    edited = [_item(f"edit-{n:04}", edit) for n, edit in enumerate(chosen, 1)]
    originals = dict.fromkeys(edit.source for edit in chosen)
    return (*edited, *(_untouched(f"true-{n:04}", s) for n, s in enumerate(originals, 1)))


def _lot(edit: Edit) -> tuple[int, str]:
    return zlib.crc32(edit.text.encode()), edit.text


def _item(number: str, edit: Edit) -> Item:
    s = edit.source
    return Item(number, edit.kind, s.language, s.split, s.document, s.passage, edit.text, s.text,
                edit.before, edit.after, s.evidence)  # fmt: skip


def _untouched(number: str, s: TrueStatement) -> Item:
    return Item(number, UNTOUCHED, s.language, s.split, s.document, s.passage, s.text, s.text, "", "",
                s.evidence)  # fmt: skip


def write_contrast(corpus: Path, path: Path = CONTRAST) -> int:
    """Write the set, passages once each and before their statements; the number of statements."""
    items = make_contrast(corpus)
    with path.open("w", encoding="utf-8") as file:
        written: set[str] = set()
        for item in items:
            key = f"{item.passage} {item.language}"
            if key not in written:
                written.add(key)
                _write_line(file, {"evidence": key, "texts": list(item.evidence)})
            fields = {name: getattr(item, name) for name in Item.__slots__ if name != "evidence"}
            _write_line(file, fields | {"evidence": key})
    return len(items)


def _write_line(file: Any, value: object) -> None:
    file.write(json.dumps(value, ensure_ascii=False) + "\n")


def read_contrast(path: Path = CONTRAST) -> Iterator[Item]:
    """The set as written."""
    texts: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        fields = json.loads(line)
        if "texts" in fields:
            texts[fields["evidence"]] = tuple(fields["texts"])
        else:
            yield Item(**(fields | {"evidence": texts[fields["evidence"]]}))


def run_contrast(verifier: Verifier, items: Iterable[Item] | None = None) -> tuple[Row, ...]:
    """Judge every statement; a row per kind, language and split. A good verifier passes only the untouched."""
    cells: dict[tuple[str, str, str], list[tuple[Item, bool]]] = defaultdict(list)
    for item in read_contrast() if items is None else items:
        verdict = verifier.verify(item.statement, item.evidence)
        cells[item.kind, item.language, item.split].append((item, verdict.support is Support.FULL))
    return tuple(_row(cell, judged) for cell, judged in sorted(cells.items()))


def _row(cell: tuple[str, str, str], judged: Sequence[tuple[Item, bool]]) -> Row:
    wrong = cell[0] == UNTOUCHED
    examples = tuple(item.id for item, passed in judged if passed != wrong)
    return Row(*cell, len(judged), sum(passed for _, passed in judged), examples)
