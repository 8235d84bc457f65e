"""Lets through only statements that their citations bear out, whoever wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.domain.answers import Answer, Citation, Statement, Support
from rag.domain.ports import Verifier
from rag.domain.retrieval import Hit, Query


class AnswerChecker:
    """Implements the AnswerVerifier port: unsupported statements go, partial ones are marked."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def verified(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """None when no statement survives; citations nobody uses any more are dropped."""
        by_number = {citation.number: citation for citation in answer.citations}
        kept: list[Statement] = []
        for statement in answer.statements:
            cited = [by_number[number] for number in statement.citations]
            support = self.support(statement.text, cited)
            if support is not Support.NONE:
                kept.append(replace(statement, support=support))
        if not kept:
            return None
        used = {number for statement in kept for number in statement.citations}
        return renumbered(
            replace(
                answer,
                statements=tuple(kept),
                citations=tuple(c for c in answer.citations if c.number in used),
            )
        )

    def support(self, text: str, cited: Sequence[Citation]) -> Support:
        """How far the citations bear the words out."""
        return self._verifier.verify(text, evidence_of(cited)).support


def evidence_of(cited: Sequence[Citation]) -> list[str]:
    """Quotes, and their translations where there are any."""
    texts: list[str] = []
    for citation in cited:
        texts.append(citation.quote)
        if citation.translation:
            texts.append(citation.translation.text)
    return texts


def renumbered(answer: Answer) -> Answer:
    """Citations numbered from 1 in the order in which the statements first use them."""
    order: dict[int, int] = {}
    for statement in answer.statements:
        for number in statement.citations:
            order.setdefault(number, len(order) + 1)
    citations = sorted(
        (replace(c, number=order[c.number]) for c in answer.citations if c.number in order),
        key=lambda c: c.number,
    )
    statements = tuple(
        replace(s, citations=tuple(order[number] for number in s.citations)) for s in answer.statements
    )
    return replace(answer, statements=statements, citations=tuple(citations))
