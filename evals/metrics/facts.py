"""Fact recall: the share of a question's key facts that the answer states."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.metrics.attribution import evidence_texts
from evals.metrics.observation import Observation

_GAP = re.compile(r"\s+")


def fact_recall(seen: Observation) -> float | None:
    """Facts in the answer's own sentences; 0 for an answerable question not answered, None without facts."""
    return _recall(seen, [s.text for s in seen.reply.statements])


def shown_fact_recall(seen: Observation) -> float | None:
    """Facts anywhere in what is shown: the sentences, and the quotes and translations below them."""
    return _recall(seen, [s.text for s in seen.reply.statements] + evidence_texts(seen.reply.citations))


def _recall(seen: Observation, texts: Sequence[str]) -> float | None:
    facts = seen.case.question.facts
    if not facts or seen.case.question.kind != "answer":
        return None
    if not seen.answered:
        return 0.0
    shown = _plain(" \n ".join(texts))
    return sum(any(states(shown, form) for form in forms) for forms in facts) / len(facts)


def states(text: str, form: str) -> bool:
    """Whether the text holds the form, as a whole number where it begins or ends in a digit."""
    wanted = re.escape(_plain(form))
    before = r"(?<!\d)(?<!\d[.,])" if form[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if form[-1:].isdigit() else ""
    return re.search(f"{before}{wanted}{after}", _plain(text)) is not None


def _plain(text: str) -> str:
    return _GAP.sub(" ", text).strip().casefold()
