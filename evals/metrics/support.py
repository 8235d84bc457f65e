"""Support rate: the share of an answer's statements that the verifier marked as fully supported."""

from __future__ import annotations

from evals.metrics.observation import Observation


def support_rate(seen: Observation) -> float | None:
    """In [0, 1]; None unless answered. Read it with the verifier's own error beside it."""
    if not seen.answered:
        return None
    statements = seen.reply.statements
    return sum(s.support == "full" for s in statements) / len(statements)
