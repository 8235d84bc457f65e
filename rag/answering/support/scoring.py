"""From measures and findings to a score with 0.5 as the balanced threshold, and to a verdict."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rag.answering.support.findings import Finding, Gravity
from rag.answering.support.repetition import Repetition
from rag.domain.answers import Support, Verdict

WEIGHTS_FILE = "weights.json"
"""Written by `evals.fitting.support`, with the figures of the fit; never edited by hand."""
ALIKE_FILE = "weights_alike.json"
"""The same where `likeness.Likeness` measures too; it names the model whose vectors they are for."""
SUPPORTED = 0.5
"""A score from here on is support."""
PARTLY = 0.25
"""A score from here on is partial support, unless the source says otherwise."""
VERBATIM = 0.85
"""A statement with this share of its words in the source's order is the source with an edit: so are
99.8 % of the edits of the contrast set, and 5 % of the true paraphrases of the development set."""
LEAST_REPEATED, FEW_ADDED = 0.6, 2
"""A shorter one is too, with this share of its words and so few of its own..."""
CHOICE_OF_WORDS = ("wording", "name")
"""...except in what is found of those few words themselves."""
ALWAYS_CERTAIN = ("direction", "denial", "order", "widening", "addition", "status")
"""Kinds of findings that do not depend on how the rest is worded."""
NEVER_SAID = (
    ("name", Gravity.GAP),
    ("number", Gravity.GAP),
    ("quantifier", Gravity.GAP),
    ("modality", Gravity.CONTRADICTION),
    ("opposite", Gravity.CONTRADICTION),
)
"""Findings that stand beside no full support, however the rest is worded: of the claims of the development
set that scored high in spite of one, more were false than true."""
BESIDE_THE_WORDS = ("number", "date", "unit", "reference", "negation")
"""Kinds of findings that are certain in a statement all of whose words one sentence bears out."""
CONTRADICTED = 0.3
"""What a contradiction leaves of the score of a statement that is otherwise the source's own."""
HIGHEST_WITH_GAP = 0.49
"""The highest score of such a statement if the source does not say one thing in it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over the names of `measures.measure`; what it does not name counts for nothing."""

    intercept: float
    by_name: Mapping[str, float]

    def score(self, measures: Mapping[str, float]) -> float:
        z = self.intercept + sum(weight * measures[name] for name, weight in self.by_name.items())
        return 1 / (1 + math.exp(-z))


@cache
def fitted_weights(file: str = WEIGHTS_FILE) -> Weights:
    """The weights that the fit wrote."""
    data = _fitted(file)
    return Weights(data["intercept"], data["weights"])


def fits(fingerprint: str) -> bool:
    """Whether there are weights for the vectors of this model."""
    return bool(_fitted(ALIKE_FILE)["model"] == fingerprint)


@cache
def _fitted(file: str) -> Any:
    return json.loads(resources.files("rag.answering.support").joinpath(file).read_text("utf-8"))


def judge(score: float, findings: Sequence[Finding], repeated: Repetition) -> Verdict:
    """The verdict on one sentence in the language of its evidence.

    In a statement that is the source word for word, a difference is certain and decides; in a
    paraphrase it is a sign, which the score has weighed already.
    """
    gravities = {finding.gravity for finding in findings}
    certain = {finding.gravity for finding in findings if _is_certain(finding, repeated)}
    if Gravity.CONTRADICTION in certain:
        score *= CONTRADICTED
    elif Gravity.GAP in certain:
        score = min(score, HIGHEST_WITH_GAP)
    score = round(score, 4)
    return Verdict(_support(score, gravities), score, _reasons(score, findings))


def _is_certain(finding: Finding, repeated: Repetition) -> bool:
    """Whether the statement is so much the source's own that the difference is an edit."""
    if finding.kind in ALWAYS_CERTAIN or (finding.kind, finding.gravity) in NEVER_SAID:
        return True
    if repeated.share >= VERBATIM:
        return True
    if repeated.own and finding.kind in BESIDE_THE_WORDS:
        return True
    if repeated.added > FEW_ADDED or repeated.share < LEAST_REPEATED:
        return False
    if finding.gravity is Gravity.CONTRADICTION:
        return True
    return repeated.strict and finding.kind not in CHOICE_OF_WORDS


def _support(score: float, gravities: set[Gravity]) -> Support:
    if score >= SUPPORTED:
        return Support.FULL
    return Support.PARTIAL if score >= PARTLY and Gravity.CONTRADICTION not in gravities else Support.NONE


def _reasons(score: float, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Gravest first; of what is supported, only what the source does say otherwise or not at all."""
    order = list(Gravity)
    said = (
        finding.reason
        for finding in sorted(findings, key=lambda f: order.index(f.gravity))
        if finding.gravity is not Gravity.HINT or score < SUPPORTED
    )
    return tuple(dict.fromkeys(said))
