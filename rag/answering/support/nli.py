"""An optional natural-language-inference cross-encoder behind the verifier's port.

Not the default: it becomes so only if it beats the offline verifier on the development data.
The model itself lives with the models; here it is a function from pairs to probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.support.names import Aliases
from rag.answering.support.reading import Reader
from rag.domain.answers import Support, Verdict

Entailment = Callable[[Sequence[tuple[str, str]]], Sequence[tuple[float, float, float]]]
"""Pairs of premise and hypothesis to probabilities of (entailment, neutral, contradiction)."""

WINDOW_SENTENCES = 5
"""Sentences of the evidence in one premise; models read some 300 words."""
STEP_SENTENCES = 3
ENTAILED = 0.5
PARTLY = 0.25
CONTRADICTED = 0.5


class NliVerifier:
    """Judges each sentence of a statement against windows of the evidence; the best window counts."""

    def __init__(self, entailment: Entailment) -> None:
        self._entailment = entailment
        self._reader = Reader(Aliases())

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict:
        hypotheses = [s.text for s in self._reader.read(statement).sentences]
        premises = [window for text in evidence for window in self._windows(text)]
        if not hypotheses or not premises:
            return Verdict(Support.NONE, 0.0, ("there is nothing to compare",))
        return min(
            (self._judge(hypothesis, premises) for hypothesis in hypotheses),
            key=lambda verdict: verdict.score,
        )

    def _windows(self, text: str) -> list[str]:
        sentences = [s.text for s in self._reader.read(text).sentences]
        starts = range(0, max(len(sentences) - WINDOW_SENTENCES + STEP_SENTENCES, 1), STEP_SENTENCES)
        return [" ".join(sentences[i : i + WINDOW_SENTENCES]) for i in starts if sentences[i:]]

    def _judge(self, hypothesis: str, premises: Sequence[str]) -> Verdict:
        scores = self._entailment([(premise, hypothesis) for premise in premises])
        entailed = max(score[0] for score in scores)
        against = max(score[2] for score in scores)
        if entailed >= ENTAILED:
            return Verdict(Support.FULL, round(entailed, 4))
        if against >= CONTRADICTED:
            reason = f"the source says otherwise than “{hypothesis}”"
            return Verdict(Support.NONE, round(entailed, 4), (reason,))
        support = Support.PARTIAL if entailed >= PARTLY else Support.NONE
        return Verdict(support, round(entailed, 4), (f"the source does not say “{hypothesis}”",))
