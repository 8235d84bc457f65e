"""Everything in which a statement differs from the sentences it rests on."""

from __future__ import annotations

from rag.answering.support.alignment import Alignment
from rag.answering.support.findings import Finding
from rag.answering.support.numeric import number_findings
from rag.answering.support.repetition import Repetition, change_findings, lay_beside
from rag.answering.support.turns import turn_findings
from rag.answering.support.wording import wording_findings


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
    return tuple(dict.fromkeys(found)), repeated
