"""Which questions went wrong, and how, in words that a reader can check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.runs.record import Record


@dataclass(frozen=True, slots=True)
class Failure:
    """A record with everything that is wrong with it."""

    record: Record
    kinds: tuple[str, ...]


def _below_one(name: str) -> Callable[[Record], bool]:
    return lambda record: (value := record.scores.get(name)) is not None and value < 1


KINDS: dict[str, Callable[[Record], bool]] = {
    "the service failed": lambda r: r.route == "error",
    "took the wrong way": lambda r: r.scores.get("routing") == 0,
    "answered what the texts do not say": lambda r: r.kind == "abstention" and r.route == "answer",
    "did not answer": lambda r: r.kind == "answer" and r.route == "abstention",
    "evidence not among the first 5": _below_one("recall@5"),
    "evidence not cited": _below_one("citation recall"),
    "facts missing": lambda r: (
        r.route == "answer" and (r.scores.get("facts shown") or 0) < 1 and bool(r.facts)
    ),
    "cites what is not evidence": lambda r: r.scores.get("citation precision") == 0,
    "statement not borne out": _below_one("attribution recall"),
    "wrong language": lambda r: r.scores.get("language") == 0,
}


def failures(records: Sequence[Record]) -> tuple[Failure, ...]:
    """Every record with something wrong, in the order of the records."""
    found = ((r, tuple(name for name, holds in KINDS.items() if holds(r))) for r in records)
    return tuple(Failure(record, kinds) for record, kinds in found if kinds)
