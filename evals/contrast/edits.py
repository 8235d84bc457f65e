"""Minimal edits: each takes a true statement and yields versions of it that are not true.

An edit is kept only if it passes the guards of its kind: the new number is another number, the new
name no other name for the same, the cut clause leaves a sentence, and the result does not stand in
the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.contrast.editing import Editor
from evals.contrast.number_edits import dates, glued, number_words, numbers, references
from evals.contrast.statements import TrueStatement
from evals.contrast.word_edits import (
    conditions,
    movements,
    names,
    negations_added,
    negations_dropped,
    orders,
    replacing,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement made untrue: the kind of edit, the words replaced, and what stands there now."""

    kind: str
    source: TrueStatement
    text: str
    before: str
    after: str


def edits_of(statement: TrueStatement, siblings: Sequence[TrueStatement]) -> Iterator[Edit]:
    """Every edit of every kind; `siblings` are the other sentences of the same passage."""
    evidence = " ".join(" ".join(statement.evidence).split()).lower()
    for kind, editor in EDITORS.items():
        for text, before, after in editor(statement):
            edit = _kept(kind, statement, text, before, after, evidence)
            if edit:
                yield edit
    for text, before, after in glued(statement, siblings):
        edit = _kept("glue", statement, text, before, after, evidence)
        if edit:
            yield edit


def _kept(
    kind: str, statement: TrueStatement, text: str, before: str, after: str, evidence: str
) -> Edit | None:
    tidy = re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.split()))
    tidy = tidy[:1].upper() + tidy[1:] if statement.text[:1].isupper() else tidy
    stands = kind != "condition dropped" and tidy.lower().strip(" .") in evidence
    if before.lower() == after.lower() or stands:
        return None
    return Edit(kind, statement, tidy, before, after)


EDITORS: Mapping[str, Editor] = {
    "number": numbers,
    "number word": number_words,
    "unit": replacing("unit"),
    "date": dates,
    "reference": references,
    "name": names,
    "order": orders,
    "negation added": negations_added,
    "negation dropped": negations_dropped,
    "modality": replacing("modality"),
    "quantifier": replacing("quantifier"),
    "bound": replacing("bound"),
    "direction": replacing("direction"),
    "from-to": movements,
    "condition dropped": conditions,
}
