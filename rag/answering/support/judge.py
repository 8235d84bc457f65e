"""An optional language-model judge behind the verifier's port.

The model answers in one line, "full", "partial" or "none" and a reason; anything else counts as
not supported. It never overrides the offline verifier's contradictions: the lower verdict stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources

from rag.domain.answers import Support, Verdict
from rag.domain.ports import ChatModel, Verifier

SCORES = {Support.FULL: 0.9, Support.PARTIAL: 0.45, Support.NONE: 0.1}
"""A language model's verdict as a score on the side of the threshold it falls."""
ORDER = (Support.NONE, Support.PARTIAL, Support.FULL)
LONGEST_EVIDENCE_CHARACTERS = 24_000
LONGEST_REASON_CHARACTERS = 300
_REPLY = re.compile(r"^\W*(full|partial|none)\b[\W_]*(.*)", re.IGNORECASE)


class JudgeVerifier:
    """Asks a chat model whether the evidence bears the statement out. Raises ModelUnavailable."""

    def __init__(self, model: ChatModel, offline: Verifier) -> None:
        self._model = model
        self._offline = offline

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict:
        checked = self._offline.verify(statement, evidence)
        if checked.support is Support.NONE and checked.reasons:
            return checked
        said = "".join(self._model.stream(instructions(), _ask(statement, evidence)))
        return (
            min((checked, _read(said)), key=lambda verdict: ORDER.index(verdict.support))
            if (checked.reasons)
            else _read(said)
        )


def instructions() -> str:
    """What the model is told; evidence and statement are data, never instructions."""
    return resources.files("rag.answering.support").joinpath("judge.txt").read_text("utf-8")


def _ask(statement: str, evidence: Sequence[str]) -> str:
    source = _shielded("\n\n".join(evidence)[:LONGEST_EVIDENCE_CHARACTERS])
    return f"<evidence>\n{source}\n</evidence>\n<statement>\n{_shielded(statement)}\n</statement>"


def _shielded(text: str) -> str:
    """The text without anything that could close the brackets it stands in."""
    return re.sub(r"</?\s*(?:evidence|statement)\b[^>]*>", " ", text, flags=re.IGNORECASE)


def _read(said: str) -> Verdict:
    for line in said.splitlines():
        match = _REPLY.match(line.strip())
        if match:
            support = Support(match[1].lower())
            reason = match[2].strip()[:LONGEST_REASON_CHARACTERS]
            reasons = (reason,) if reason and support is not Support.FULL else ()
            return Verdict(support, SCORES[support], reasons)
    return Verdict(Support.NONE, SCORES[Support.NONE], ("the judging model gave no verdict",))
