"""Scores context-claim pairs with the product's own verifier, and reports how right it is.

The logic of `python -m evals judge`: lines in, lines out, one at a time. A bad line is named on the
error stream and does not stop the run. `report` wants lines that also carry a human label.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import numpy as np
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, roc_auc_score

from rag.domain.errors import RulesError
from rag.domain.ports import Verifier

THRESHOLD = 0.5
"""Scores from here on count as support; the verifier is built for it."""
BINS = 10
RESAMPLES = 1000
LABELS = {
    "full": True, "supported": True, "supports": True, "true": True, "yes": True, "1": True,
    "partial": False, "none": False, "unsupported": False, "not supported": False, "refutes": False,
    "refuted": False, "not enough info": False, "false": False, "no": False, "0": False,
}  # fmt: skip


class JudgingError(RulesError):
    """A line cannot be judged."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the context it is judged by; `supported` and `kind` where a person labelled it."""

    id: str
    context: tuple[str, ...]
    claim: str
    supported: bool | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with the verifier's score and label."""

    pair: Pair
    support: float
    label: str
    reasons: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps(
            {
                "id": self.pair.id,
                "support": self.support,
                "label": self.label,
                "reasons": list(self.reasons),
            },
            ensure_ascii=False,
        )


def read_pair(line: str, number: int) -> Pair:
    """One line as a pair. `context` is a text or a list of texts. Raises JudgingError naming the line."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise JudgingError(f"line {number} is not JSON ({error.msg}, column {error.colno})") from error
    if not isinstance(value, dict):
        raise JudgingError(f"line {number} is not an object with id, context and claim")
    claim, context = value.get("claim"), value.get("context")
    texts = [context] if isinstance(context, str) else context
    if not isinstance(claim, str) or not claim.strip():
        raise JudgingError(f'line {number} has no "claim" (a text)')
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        raise JudgingError(f'line {number} has no "context" (a text, or a list of texts)')
    return Pair(
        id=str(value.get("id", number)),
        context=tuple(texts),
        claim=claim,
        supported=_label(value, number),
        kind=str(value.get("kind", "")),
    )


def _label(value: Mapping[str, Any], number: int) -> bool | None:
    for field in ("supported", "label"):
        if field in value and value[field] is not None:
            known = LABELS.get(str(value[field]).strip().lower())
            if known is None:
                raise JudgingError(
                    f"line {number} has the label {value[field]!r}; use true or false, or full, partial or none"
                )
            return known
    return None


def read_pairs(lines: Iterable[str], complain: Callable[[str], None]) -> Iterator[Pair]:
    """The good lines, one at a time; the bad ones are told to `complain` and left out."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield read_pair(line, number)
        except JudgingError as error:
            complain(str(error))


def judge_pair(pair: Pair, verifier: Verifier) -> Judged:
    verdict = verifier.verify(pair.claim, pair.context)
    return Judged(pair, verdict.score, verdict.support.value, verdict.reasons)


def judge_lines(lines: Iterable[str], verifier: Verifier, output: TextIO, errors: TextIO) -> int:
    """Judge as lines come in and write as they are judged; the exit status: 1 if a line was bad."""
    complaints: list[str] = []

    def complain(message: str) -> None:
        complaints.append(message)
        errors.write(f"{message}; skipped\n")
        errors.flush()

    for pair in read_pairs(lines, complain):
        output.write(judge_pair(pair, verifier).as_json() + "\n")
        output.flush()
    return 1 if complaints else 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is of; `low` and `high` are its 95 % interval (Wilson)."""

    value: float
    count: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """How the scores compare with people's labels. Unlabelled pairs are not in it."""

    pairs: int
    supported: int
    balanced_accuracy: float
    balanced_accuracy_interval: tuple[float, float]
    auroc: float
    brier: float
    calibration_error: float
    """Expected calibration error over ten bins of equal width."""
    kept: Rate
    """Of the supported pairs, those scored as supported."""
    caught: Rate
    """Of the unsupported pairs, those scored as unsupported."""
    caught_by_kind: tuple[tuple[str, Rate], ...]
    kept_by_kind: tuple[tuple[str, Rate], ...]


def report(judged: Sequence[Judged]) -> JudgeReport:
    """Compare with the labels. Raises JudgingError where there are not both kinds of label."""
    labelled = [j for j in judged if j.pair.supported is not None]
    truth = np.array([bool(j.pair.supported) for j in labelled])
    if not truth.any() or truth.all():
        raise JudgingError(
            f"{len(labelled)} labelled lines, {int(truth.sum())} of them supported: "
            "a report needs both supported and unsupported ones"
        )
    scores = np.array([j.support for j in labelled])
    said = scores >= THRESHOLD
    right: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for item, answer in zip(labelled, said, strict=True):
        supported = bool(item.pair.supported)
        right[supported, item.pair.kind or "all"].append(bool(answer) == supported)
    return JudgeReport(
        pairs=len(labelled),
        supported=int(truth.sum()),
        balanced_accuracy=float(balanced_accuracy_score(truth, said)),
        balanced_accuracy_interval=_resampled(truth, said),
        auroc=float(roc_auc_score(truth, scores)),
        brier=float(brier_score_loss(truth, scores)),
        calibration_error=calibration_error(truth, scores),
        kept=rate([bool(s) for s in said[truth]]),
        caught=rate([not s for s in said[~truth]]),
        caught_by_kind=tuple((k, rate(v)) for (s, k), v in sorted(right.items()) if not s),
        kept_by_kind=tuple((k, rate(v)) for (s, k), v in sorted(right.items()) if s),
    )


def rate(outcomes: Sequence[bool]) -> Rate:
    """Wilson's interval, which holds for few and for extreme outcomes."""
    n = len(outcomes)
    if not n:
        return Rate(float("nan"), 0, 0.0, 1.0)
    p, z = sum(outcomes) / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return Rate(p, n, max(0.0, middle - half), min(1.0, middle + half))


def calibration_error(truth: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> float:
    """The mean distance of score and share of support over equal-width bins, weighted by their size."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    total = 0.0
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            total += inside.sum() * abs(scores[inside].mean() - truth[inside].mean())
    return float(total / len(scores))


def _resampled(truth: np.ndarray[Any, Any], said: np.ndarray[Any, Any]) -> tuple[float, float]:
    """A 95 % percentile bootstrap, resampled within each label, with a fixed seed."""
    generator = np.random.default_rng(0)
    kept, caught = said[truth], ~said[~truth]
    values = [
        (generator.choice(kept, len(kept)).mean() + generator.choice(caught, len(caught)).mean()) / 2
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def report_lines(lines: Iterable[str], verifier: Verifier, output: TextIO, errors: TextIO) -> int:
    """Judge labelled lines and write the report as text; the exit status."""
    bad: list[str] = []
    judged = [judge_pair(pair, verifier) for pair in read_pairs(lines, bad.append)]
    for message in bad:
        errors.write(f"{message}; skipped\n")
    try:
        output.write(written(report(judged)))
    except JudgingError as error:
        errors.write(f"{error}\n")
        return 1
    return 1 if bad else 0


def written(result: JudgeReport) -> str:
    """The report as a person reads it."""
    low, high = result.balanced_accuracy_interval
    lines = [
        f"{result.pairs} pairs, {result.supported} supported; threshold {THRESHOLD}",
        f"balanced accuracy  {result.balanced_accuracy:.3f}  [{low:.3f}, {high:.3f}]",
        f"AUROC              {result.auroc:.3f}",
        f"Brier score        {result.brier:.3f}",
        f"calibration error  {result.calibration_error:.3f}",
        _rate_line("supported kept", result.kept),
        _rate_line("unsupported caught", result.caught),
        *(_rate_line(f"  caught: {kind}", share) for kind, share in result.caught_by_kind),
        *(_rate_line(f"  kept: {kind}", share) for kind, share in result.kept_by_kind),
    ]
    return "\n".join(lines) + "\n"


def _rate_line(name: str, share: Rate) -> str:
    return f"{name:<28} {share.value:.3f}  [{share.low:.3f}, {share.high:.3f}]  n={share.count}"
