"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evals.runs.folder import RUNS

DataDir = Annotated[Path | None, typer.Option("--data", help="Data folder (indexes, models).")]
RunsDir = Annotated[Path, typer.Option("--runs", help="Where run folders lie.")]
Output = Annotated[Path | None, typer.Option("--out", help="Write the result as JSON to this file too.")]


class Split(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    ALL = "all"


class Suite(StrEnum):
    FAST = "fast"
    FULL = "full"


ChosenSplit = Annotated[Split, typer.Option(help="Which half of the gold questions, or all.")]

__all__ = ["RUNS", "ChosenSplit", "DataDir", "Output", "RunsDir", "Split", "Suite"]
