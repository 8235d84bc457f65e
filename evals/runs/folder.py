"""The folder of a run: written once, read by report, comparison and gate.

runs/<time>-<name>/settings.json    what was asked of whom: suite, split, settings, versions, hashes
                   records.jsonl    one question a line
                   summary.json     every metric with n and interval, per slice
                   summary.csv      the same, one number a row
                   report.html      the same for people
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.metrics.verifier_error import VerifierError
from evals.runs.record import Record
from evals.runs.summary import Summary, summarise
from evals.statistics import Estimate
from rag.domain.errors import RulesError

RUNS = Path("runs")


class RunError(RulesError):
    """A run folder is missing, damaged or cannot be written."""


@dataclass(frozen=True, slots=True)
class About:
    """What a run was; `index_seconds` is None when the index was up to date and not built."""

    name: str
    started: str
    suite: str
    split: str
    questions: int
    seconds: float = 0.0
    tell_language: bool = False
    index_seconds: float | None = None
    index_representations: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    verifier: tuple[VerifierError, ...] = ()

    @property
    def index_rate(self) -> float | None:
        """Representations indexed in a second."""
        return self.index_representations / self.index_seconds if self.index_seconds else None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as read from, or about to be written to, its folder."""

    about: About
    records: tuple[Record, ...]
    summary: Summary


def make_run(about: About, records: Iterable[Record]) -> Run:
    kept = tuple(records)
    return Run(about, kept, summarise(kept))


def new_folder(parent: Path, name: str, now: datetime) -> Path:
    """An empty folder for a run. Raises RunError."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-") or "run"
    folder = parent / f"{now:%Y%m%d-%H%M%S}-{plain}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise RunError(
            f"The run folder {folder} cannot be made: {error}. Choose another with --runs."
        ) from error
    return folder


def write_run(run: Run, folder: Path) -> None:
    """Everything but the report."""
    lines = (record.model_dump_json() for record in run.records)
    (folder / "records.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    _write_json(folder / "settings.json", asdict(run.about))
    _write_json(folder / "summary.json", summary_json(run.summary))
    (folder / "summary.csv").write_text(summary_csv(run.summary), encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Raises RunError naming what is missing or damaged."""
    try:
        about = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        lines = (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
        records = [Record.model_validate_json(line) for line in lines if line]
        about["verifier"] = tuple(_verifier_error(one) for one in about["verifier"])
        return make_run(About(**about), records)
    except (OSError, json.JSONDecodeError, ValidationError, TypeError, KeyError) as error:
        raise RunError(
            f"{folder} does not hold a readable run: {error}. Make one with `python -m evals run`."
        ) from error


def _verifier_error(values: dict[str, Any]) -> VerifierError:
    return VerifierError(values["set"], Estimate(**values["false_pass"]), Estimate(**values["false_alarm"]))


def latest_run(parent: Path = RUNS) -> Path:
    """The folder of the run made last. Raises RunError if there is none."""
    found = sorted(p.parent for p in parent.glob("*/settings.json"))
    if not found:
        raise RunError(f"There is no run in {parent}. Make one with `python -m evals run`.")
    return found[-1]


def summary_json(summary: Summary) -> dict[str, Any]:
    return {
        "slices": [asdict(s) for s in summary.slices],
        "matrix": summary.matrix,
        "aurc": {name: getattr(summary.risk_coverage, name) for name in ("aurc", "best", "blind")}
        if summary.risk_coverage
        else None,
        "latencies": [asdict(one) for one in summary.latencies],
        "errors": summary.errors,
    }


def summary_csv(summary: Summary) -> str:
    """One row a slice and metric; an undefined value is empty, never 0."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("dimension", "value", "metric", "estimate", "low", "high", "n", "base_questions"))
    for one in summary.slices:
        for name, e in one.metrics.items():
            writer.writerow((one.dimension, one.value, name, e.value, e.low, e.high, e.n, e.clusters))
    return out.getvalue()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
