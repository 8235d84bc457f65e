"""Questions as people put them (`natural.jsonl`), by writers who had read the texts and nothing of the product.

Each in one language, with the passages that answer it and no exact evidence. Those of the development split
are fitted to, where it is decided when to answer; those of the test split are only counted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from evals.gold import GoldQuestion

NATURAL = Path(__file__).with_name("natural.jsonl")
NATURAL_TYPE = "natural"


@dataclass(frozen=True, slots=True)
class Natural:
    """A question, and the ids of the passages that answer it, best first; none if no text does."""

    id: str
    split: str
    language: str
    question: str
    answered_by: tuple[str, ...]

    @property
    def gold(self) -> GoldQuestion:
        """As a question of a suite, without evidence."""
        kind = "answer" if self.answered_by else "abstention"
        return GoldQuestion(self.id, self.id, self.language, self.split, kind, NATURAL_TYPE, self.question)


def read_natural(split: str, path: Path = NATURAL) -> list[Natural]:
    """The questions of that split ("development" or "test"), in the file's order."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Natural(r["id"], r["split"], r["language"], r["question"], tuple(r["answered_by"]))
        for r in rows
        if r["split"] == split
    ]
