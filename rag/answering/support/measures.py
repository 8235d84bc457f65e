"""What the score of a statement is made of: how much of it the evidence says, where, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.answering.support.alignment import Alignment
from rag.answering.support.findings import Finding, Gravity
from rag.answering.support.repetition import Repetition

LITTLE_TOGETHER, LITTLE_IN_ONE = 0.7, 0.5
"""Recall below these, in the window and in the best sentence, counts once more."""
LONGEST_RUN = 4
"""Words in a row that the evidence lacks are counted up to here."""
MOST_COUNTED = 2
GROUPS = {
    **dict.fromkeys(("number", "date", "reference", "unit", "bound"), "number"),
    **dict.fromkeys(("name", "place"), "name"),
    **dict.fromkeys(
        (
            "negation",
            "denial",
            "opposite",
            "direction",
            "order",
            "quantifier",
            "modality",
            "condition",
            "widening",
        ),
        "turn",
    ),
}
"""Kinds of findings that count together; the rest are "other"."""


def measure(alignment: Alignment, findings: Sequence[Finding], repeated: Repetition) -> Mapping[str, float]:
    """Shares in [0, 1], and counts of findings up to `MOST_COUNTED`, by name."""
    together = alignment.recall(alignment.window)
    in_one = alignment.recall((alignment.best,))
    differs = any(finding.gravity is not Gravity.HINT for finding in findings)
    return {
        "anywhere": alignment.recall(),
        "window": together,
        "best": in_one,
        "little together": max(0.0, LITTLE_TOGETHER - together),
        "little in one": max(0.0, LITTLE_IN_ONE - in_one),
        "missing run": _missing_run(alignment),
        "order": repeated.share,
        "edited": float(repeated.strict and differs),
        **_counts(findings),
    }


def _missing_run(alignment: Alignment) -> float:
    """The longest run of the statement's words that the sentences nearby lack."""
    near = set(alignment.near)
    longest = run = 0
    for i in alignment.weights:
        run = run + 1 if near.isdisjoint(alignment.answers[i]) else 0
        longest = max(longest, run)
    return min(longest, LONGEST_RUN) / LONGEST_RUN


def _counts(findings: Sequence[Finding]) -> Mapping[str, float]:
    names = dict(_count(findings))
    return {name: float(min(count, MOST_COUNTED)) for name, count in names.items()}


def _count(findings: Sequence[Finding]) -> Iterator[tuple[str, int]]:
    for gravity in Gravity:
        groups = [GROUPS.get(f.kind, "other") for f in findings if f.gravity is gravity]
        for group in ("number", "name", "turn", "other"):
            yield f"{gravity.value}: {group}", groups.count(group)
