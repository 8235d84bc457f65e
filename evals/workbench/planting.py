"""Planted errors: one sentence of a real answer altered by the contrast set's rules, to be rated unawares.

The service shows only what its verifier lets pass, so its own answers say little about whether people,
or the verifier, would notice an error. These say it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from evals.contrast.edits import Edit, edits_of
from evals.contrast.statements import TrueStatement
from evals.workbench.claims import claim_item
from rag.domain.ports import Verifier
from rag.records.ratings import Label, NewItem

KINDS = frozenset(
    {"number", "number word", "date", "unit", "direction", "negation added", "negation dropped"}
)
"""Edits after which the passage and the claim cannot both be true."""


def planted(items: Sequence[NewItem], verifier: Verifier) -> NewItem | None:
    """One of an answer's claims made untrue, chosen by hash; None where no edit fits."""
    found = [(at, edit) for at, item in enumerate(items) for edit in _edits(item)]
    if not found:
        return None
    at, edit = min(found, key=lambda pair: zlib.crc32(pair[1].text.encode()))
    return _altered(items[at], at, edit, verifier)


def _edits(item: NewItem) -> list[Edit]:
    shown: Mapping[str, Any] = item.shown
    statement = TrueStatement(
        item.claim, shown["language"], "", "", "", tuple(_evidence(shown["passages"])), translated=False
    )
    return [edit for edit in edits_of(statement, ()) if edit.kind in KINDS]


def _evidence(passages: Sequence[Mapping[str, Any]]) -> list[str]:
    texts: list[str] = []
    for passage in passages:
        texts.append(passage["quote"])
        if passage["translation"]:
            texts.append(passage["translation"]["text"])
    return texts


def _altered(item: NewItem, at: int, edit: Edit, verifier: Verifier) -> NewItem:
    shown: Mapping[str, Any] = item.shown
    answer = [*shown["answer"][:at], edit.text, *shown["answer"][at + 1 :]]
    return claim_item(
        edit.text,
        shown["passages"],
        _evidence(shown["passages"]),
        verifier,
        shown={**shown, "answer": answer},
        hidden={
            **item.hidden,
            "planted": edit.kind,
            "known_why": f"A planted error: the answer had “{edit.before}”, not “{edit.after}”.",
        },
        known=Label.CONTRADICTED,
    )
