"""Citation recall and precision without gold, as ALCE defines them (Gao et al., EMNLP 2023).

The judge is our own verifier, so these numbers are no better than it is; its measured error is
shown beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.metrics.observation import Observation
from rag.wire import CitationLine, StatementLine

Supports = Callable[[str, Sequence[str]], bool]
"""Whether the evidence texts together fully bear out a statement."""


def evidence_texts(citations: Sequence[CitationLine]) -> list[str]:
    """Quotes, and their translations where there are any."""
    texts: list[str] = []
    for one in citations:
        texts += [one.quote, *([one.translation.text] if one.translation else [])]
    return texts


def attribution_recall(seen: Observation, supports: Supports) -> float | None:
    """The share of statements fully borne out by all their citations; None unless answered."""
    if not seen.answered:
        return None
    statements = seen.reply.statements
    return sum(supports(s.text, evidence_texts(_cited(s, seen))) for s in statements) / len(statements)


def attribution_precision(seen: Observation, supports: Supports) -> float | None:
    """The share of a statement's citations that it needs; None unless answered.

    A citation counts if the statement is borne out by all its citations, and either this one alone
    bears it out or the others without it do not.
    """
    if not seen.answered:
        return None
    judged = [
        _is_needed(statement.text, index, cited, supports)
        for statement in seen.reply.statements
        if (cited := _cited(statement, seen))
        for index in range(len(cited))
    ]
    return sum(judged) / len(judged) if judged else None


def _is_needed(text: str, index: int, cited: Sequence[CitationLine], supports: Supports) -> bool:
    if not supports(text, evidence_texts(cited)):
        return False
    if len(cited) == 1 or supports(text, evidence_texts([cited[index]])):
        return True
    return not supports(text, evidence_texts([c for i, c in enumerate(cited) if i != index]))


def _cited(statement: StatementLine, seen: Observation) -> list[CitationLine]:
    return [c for c in seen.reply.citations if c.number in statement.citations]
