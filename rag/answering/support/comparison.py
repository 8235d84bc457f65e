"""Everything in which a statement differs from the sentences it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from rag.answering.support.alignment import Alignment
from rag.answering.support.changes import change_findings
from rag.answering.support.findings import Finding, Gravity
from rag.answering.support.numeric import number_findings
from rag.answering.support.repetition import Repetition, lay_beside
from rag.answering.support.turns import turn_findings
from rag.answering.support.wording import wording_findings

REPORTED_ONCE = ("number", "date", "unit", "reference")


def compare(alignment: Alignment) -> tuple[tuple[Finding, ...], Repetition]:
    """The findings, each kind and reason once, and how far the statement repeats the source."""
    if not alignment.source.sentences:
        return (), Repetition(False, (), ())
    repeated = lay_beside(alignment)
    found = (
        *number_findings(alignment, repeated.strict),
        *turn_findings(alignment, repeated.strict),
        *wording_findings(alignment),
        *change_findings(alignment, repeated),
    )
    return _once(found), repeated


def _once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repeats; a number or date is reported once, in its fuller form."""
    kept: list[Finding] = []
    for finding in dict.fromkeys(found):
        first = next((other for other in kept if other.kind == finding.kind), None)
        graver = first is not None and first.gravity in (finding.gravity, Gravity.CONTRADICTION)
        if finding.kind in REPORTED_ONCE and graver:
            continue
        kept.append(finding)
    return tuple(kept)
