"""Ratings as files: every one ever given, with who, when and why, and the claim it is about.

A JSON line has `rater`, `item` and `label`, as `python -m evals agreement --jsonl` reads them. A later
line of the same rater about the same claim replaces the earlier one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evals.workbench.settling import Opinions
from rag.records.ratings import Batch, Purpose, Rating

COLUMNS = (
    "batch item position question_id base systems planted language question claim passages rater label why purpose at "
    "stands settled automatic_label automatic_score known_label"
).split()
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(
    batch: Batch, claims: Iterable[Opinions], ratings: Iterable[Rating], names: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    """One row a rating, oldest first."""
    by_item = {claim.item.id: claim for claim in claims}
    for rating in ratings:
        yield _row(batch, by_item[rating.item], rating, names)


def _row(batch: Batch, claim: Opinions, rating: Rating, names: Mapping[int, str]) -> dict[str, Any]:
    item = claim.item
    standing = claim.adjudications[-1:] if rating.purpose is Purpose.ADJUDICATION else claim.ratings
    return {
        "batch": batch.id,
        "item": item.id,
        "position": item.position,
        "question_id": item.hidden.get("question_id"),
        "base": item.hidden.get("base"),
        "systems": item.hidden.get("systems"),
        "planted": item.hidden.get("planted"),
        "language": item.shown.get("language"),
        "question": item.shown.get("question"),
        "claim": item.claim,
        "passages": item.shown.get("passages"),
        "rater": names.get(rating.account_id, f"#{rating.account_id}"),
        "label": rating.label.value,
        "why": rating.why,
        "purpose": rating.purpose.value,
        "at": rating.at.isoformat(),
        "stands": any(r.id == rating.id for r in standing),
        "settled": claim.settled.value if claim.settled else None,
        "automatic_label": item.automatic_label,
        "automatic_score": item.automatic_score,
        "known_label": item.known_label.value if item.known_label else None,
    }


def as_jsonl(found: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)


def as_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """For spreadsheets: with a byte-order mark, passages as JSON, and no cell that starts a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow(_cell(row[column]) for column in COLUMNS)
    return out.getvalue()


def _cell(value: object) -> object:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    if isinstance(text, str) and text.startswith(_STARTS_A_FORMULA):
        return f"'{text}"
    return text
