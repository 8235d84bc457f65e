"""Citations against the gold evidence: is all of it cited, and is what is cited evidence?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.gold import found_share
from evals.metrics.finding import ENOUGH, ranks
from evals.metrics.observation import Case, Observation, Place
from rag.domain.spans import Span


def citation_recall(seen: Observation) -> float | None:
    """The share of the evidence that an answer cites; None unless answered and there is evidence."""
    if not seen.answered or (found := ranks(seen.case, seen.cited)) is None:
        return None
    pieces = found.found(len(seen.cited))
    return sum(pieces) / len(pieces)


def evidence_delivered(seen: Observation) -> float | None:
    """Citation recall of answerable questions, where not answering delivers nothing (0, not undefined)."""
    if not seen.case.evidence:
        return None
    return citation_recall(seen) or 0.0


def citation_precision(seen: Observation) -> float | None:
    """The share of an answer's citations that are evidence; None unless answered and there is evidence.

    A citation is evidence if it covers half of a piece, or if half of the citation lies in one.
    """
    if not seen.answered or not seen.case.evidence:
        return None
    return sum(is_evidence(one, seen.case) for one in seen.cited) / len(seen.cited)


def is_evidence(citation: Place, case: Case) -> bool:
    text = case.texts.get(citation.document, "")
    for piece in (*case.evidence, *case.also):
        if piece.document != citation.document:
            continue
        if found_share(piece.spans[0], text, citation.spans) >= ENOUGH:
            return True
        if _share_inside(citation.spans, piece.spans[0], text) >= ENOUGH:
            return True
    return False


def _share_inside(spans: Sequence[Span], evidence: Span, text: str) -> float:
    """The share of the citation's letters that lie in the evidence."""
    letters = [i for span in spans for i in range(span.start, span.end) if text[i].isalnum()]
    return sum(evidence.start <= i < evidence.end for i in letters) / len(letters) if letters else 0.0
