"""Says so where an answer comes from texts of which no questions are known.

Whether a passage answers is told from questions known to be answered, and not to be, by the texts. A text
just added has none: on such texts the nearest passage is nearly always found, but four in five questions
that come near it without being answered get it too (`python -m evals foreign`). A reader must know that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.wording import say
from rag.domain.answers import EXTRACTIVE, Answer
from rag.domain.ports import AnswerVerifier
from rag.domain.retrieval import Hit, Query


class NearnessTeller:
    """Implements the AnswerVerifier port: what another lets through, with the caution noted.

    A language model has read the passages and judged them; its answers need none.
    """

    def __init__(self, checker: AnswerVerifier) -> None:
        self._checker = checker

    def verified(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """None when nothing of the answer is borne out."""
        checked = self._checker.verified(answer, query, hits)
        if checked is None or checked.answerer != EXTRACTIVE:
            return checked
        unknown = {hit.passage.document for hit in hits if not hit.enrichment.questions}
        if not all(citation.passage.document in unknown for citation in checked.citations):
            return checked
        return replace(checked, notes=(*checked.notes, say("nearest_only", query.language)))
