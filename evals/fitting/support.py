"""Fits the weights of the support score on the development parts of two sets of claims.

A logistic model with the signs held to what a measure can mean, drawn towards the plain rule (how
much of a statement is said, less what is not), so that the habits of the sets count for less than
what is known of such rules. Each pair is read alone and among other passages, since evidence is
short in one place and thousands of words in another. The figures beside the fit are from
cross-validation over contexts; the test parts, and a third set, are only ever measured. With `--keep`
the weights stay as they are and only the figures are written anew. With `--alike` the same for the
verifier that also compares words by the vectors of the bundled model.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from evals.judging import Judged, Pair, judge_pair, report
from rag.answering.support import SupportVerifier
from rag.answering.support.likeness import ONE, TWO, Likeness
from rag.answering.support.scoring import ALIKE_FILE, WEIGHTS_FILE, Weights, fitted_weights

CONTRAST = Path(__file__).parent.parent / "contrast"
SETS = {"general": 1.0, "claims": 0.4}
"""What a pair of each set counts: `claims` is nearly all minimal edits, which are rarer elsewhere."""
MEASURED = (*SETS, "summaries", "slips")
"""The sets that have figures; what is not in `SETS` is not fitted on."""
COMPANIONS = 8
FOLDS = 8
START: Mapping[str, float] = {
    "anywhere": 0.5, "window": 1.5, "best": 1.0, "little together": 0.0, "little in one": 0.0,
    "missing run": 0.0, "order": 0.0, "edited": 0.0, "contradiction: number": -2.0,
    "contradiction: name": -2.0, "contradiction: turn": -1.0, "gap: number": -1.0, "gap: name": -1.0,
    "gap: turn": 0.0, "gap: other": 0.0, "hint: turn": 0.0,
}  # fmt: skip
"""The plain rule; a weight is drawn to its value here and may not change its sign."""
START_ALIKE: Mapping[str, float] = {
    **{name: weight for name, weight in START.items() if name not in ("window", "best")},
    TWO: 1.5, ONE: 1.0,
}  # fmt: skip
"""The same where vectors of words tell what is said in other words."""
RISING = ("anywhere", "window", "best", "order", ONE, TWO)


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled pair: the set and split it is from, whether it stands among other passages."""

    pair: Pair
    source: str
    split: str
    crowded: bool

    @property
    def place(self) -> str:
        """The passage it is about, whose claims stay together in cross-validation."""
        return f"{self.source} {self.pair.id.rpartition('-')[0]}"

    @property
    def fold(self) -> int:
        return zlib.crc32(self.place.encode()) % FOLDS

    @property
    def supported(self) -> bool:
        return bool(self.pair.supported)


def cases(folder: Path = CONTRAST) -> list[Case]:
    """Every pair of every set, alone and then among `COMPANIONS` passages of its language and split."""
    return [case for source in MEASURED for case in _cases(folder / f"{source}.jsonl", source)]


def _cases(path: Path, source: str) -> list[Case]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found: list[Case] = []
    for line in lines:
        alone = Pair(line["id"], (line["context"],), line["claim"], line["supported"], line["kind"])
        others = _companions(line, lines)
        crowd = Pair(alone.id, ("\n\n".join(others),), alone.claim, alone.supported, alone.kind)
        found += [Case(alone, source, line["split"], False), Case(crowd, source, line["split"], True)]
    return found


def _companions(line: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """The context among others; none of them is the passage that the claim was made for."""
    place = line["id"].rpartition("-")[0]
    pool = sorted(
        {
            other["context"]
            for other in lines
            if other["split"] == line["split"]
            and other.get("language") == line.get("language")
            and other["id"].rpartition("-")[0] != place
            and place not in other.get("among", ())
        }
    )
    chance = random.Random(line["id"])
    chosen = chance.sample(pool, min(COMPANIONS, len(pool)))
    chosen.insert(chance.randrange(len(chosen) + 1), line["context"])
    return chosen


Rows = list[tuple[Case, tuple[Mapping[str, float], ...]]]


def read(given: Sequence[Case], likeness: Likeness | None = None) -> Rows:
    """With likeness, measures for a fit: no weights are known yet, and any will do."""
    verifier = SupportVerifier(weights=Weights(0.0, {}) if likeness else None, likeness=likeness)
    return [(case, verifier.measures(case.pair.claim, case.pair.context)) for case in given]


def fit(rows: Rows, plain: Mapping[str, float] = START) -> Weights:
    """Penalised maximum likelihood; both labels weigh the same, so that 0.5 is the balanced point."""
    names = list(plain)
    flat = [(case, sentence) for case, sentences in rows if case.source in SETS for sentence in sentences]
    x = np.array([[sentence[name] for name in names] for _, sentence in flat])
    y = np.array([case.supported for case, _ in flat], dtype=float)
    worth = np.array([SETS[case.source] / 2 for case, _ in flat])
    for label in (0.0, 1.0):
        worth[y == label] *= len(y) / 4 / worth[y == label].sum()
    start = np.array([plain[name] for name in names])

    def loss(t: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        z = x @ t[:-1] + t[-1]
        p = 1 / (1 + np.exp(-z))
        likelihood = worth @ (np.logaddexp(0, z) - y * z)
        pull = t[:-1] - start
        gradient = np.append(x.T @ (worth * (p - y)) + pull, worth @ (p - y))
        return float(likelihood + pull @ pull / 2), gradient

    bounds = [(0, None) if name in RISING else (None, 0) for name in names] + [(None, None)]
    found = minimize(loss, np.append(start, 0.0), jac=True, bounds=bounds, method="L-BFGS-B").x
    kept = {name: round(float(w), 3) for name, w in zip(names, found, strict=False)}
    return Weights(round(float(found[-1]), 3), {name: w for name, w in kept.items() if w})


def cross_validated(
    rows: Rows, plain: Mapping[str, float] = START, likeness: Likeness | None = None
) -> list[tuple[Case, Judged]]:
    """Every case judged with weights that were fitted without its passage."""
    judged: list[tuple[Case, Judged]] = []
    for fold in range(FOLDS):
        weights = fit([row for row in rows if row[0].fold != fold], plain)
        judged += judge([case for case, _ in rows if case.fold == fold], weights, likeness)
    return judged


def judge(
    given: Sequence[Case], weights: Weights, likeness: Likeness | None = None
) -> list[tuple[Case, Judged]]:
    verifier = SupportVerifier(weights=weights, likeness=likeness)
    return [(case, judge_pair(case.pair, verifier)) for case in given]


def figures(judged: Sequence[tuple[Case, Judged]]) -> dict[str, Any]:
    """Balanced accuracy, shares kept and caught, AUROC and n, by set, alone and crowded."""
    found: dict[str, Any] = {}
    for source in MEASURED:
        for crowded in (False, True):
            some = [j for case, j in judged if case.source == source and case.crowded == crowded]
            result = report(some)
            found[f"{source}, {'among others' if crowded else 'alone'}"] = {
                "n": result.pairs,
                "balanced accuracy": round(result.balanced_accuracy, 4),
                "interval": [round(end, 4) for end in result.balanced_accuracy_interval],
                "kept": round(result.kept.value, 4),
                "caught": round(result.caught.value, 4),
                "AUROC": round(result.auroc, 4),
            }
    return found


def fit_support(keep: bool = False, likeness: Likeness | None = None) -> dict[str, Any]:
    """Fit on the development parts and write weights and figures to the verifier's data file."""
    file, plain = (ALIKE_FILE, START_ALIKE) if likeness else (WEIGHTS_FILE, START)
    every = cases()
    development = read([case for case in every if case.split == "dev"], likeness)
    weights = fitted_weights(file) if keep else fit(development, plain)
    test = judge([case for case in every if case.split == "test"], weights, likeness)
    written = {
        "written by": "python -m evals.fitting.support" + " --alike" * bool(likeness) + " --keep" * keep,
        **({"model": likeness.fingerprint} if likeness else {}),
        "intercept": weights.intercept,
        "weights": dict(weights.by_name),
        "cross-validated on development": figures(cross_validated(development, plain, likeness)),
        "test": figures(test),
    }
    path = Path(str(resources.files("rag.answering.support").joinpath(file)))
    path.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return written


if __name__ == "__main__":
    from rag.assembly import build_embedder
    from rag.settings import Settings

    alike = Likeness(build_embedder(Settings())) if "--alike" in sys.argv[1:] else None
    print(json.dumps(fit_support(keep="--keep" in sys.argv[1:], likeness=alike), indent=2))
