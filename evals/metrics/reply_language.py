"""Language of the answer: is what a person reads in the language they asked in?"""

from __future__ import annotations

from evals.metrics.observation import Observation


def in_asked_language(seen: Observation) -> float | None:
    """1 if the reply's text is in the question's language; None if it is too short to tell."""
    if seen.spoken == "unknown" or seen.route == "error":
        return None
    return float(seen.spoken == seen.case.question.language)
