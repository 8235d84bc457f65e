"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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

NARROWEST = 112
"""Columns that a table of four languages and intervals needs."""


def wide_console(columns: int = NARROWEST) -> Console:
    """A console wide enough for the tables, in a log or a narrow window too."""
    found = Console()
    return found if found.width >= columns else Console(width=columns)


__all__ = ["RUNS", "ChosenSplit", "DataDir", "Output", "RunsDir", "Split", "Suite", "wide_console"]
