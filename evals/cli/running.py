"""`run`, `report`, `compare` and `gate`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.cli.options import RUNS, ChosenSplit, DataDir, RunsDir, Split, Suite, wide_console
from evals.comparison.comparing import compare as compared
from evals.comparison.readable import show_comparison
from evals.gate import judge, load_floors
from evals.gold import load_suites
from evals.runs.folder import RunError, latest_run, new_folder, read_run, write_run
from evals.runs.making import run_product
from evals.runs.readable import show_run
from evals.runs.report import write_report
from evals.runs.selection import FAST_QUESTIONS, select
from rag.cli.progress import index_progress
from rag.settings import load_settings

SavedRun = Annotated[Path | None, typer.Argument(help="A run folder; the latest if left out.")]


def run(
    suite: Annotated[
        Suite, typer.Option(help="fast: a fixed sample of 120; full: every question.")
    ] = Suite.FULL,
    split: ChosenSplit = Split.DEVELOPMENT,
    limit: Annotated[int | None, typer.Option(min=1, help="A stratified sample of so many.")] = None,
    name: Annotated[str, typer.Option(help="What to call the run.")] = "",
    tell_language: Annotated[
        bool, typer.Option("--tell-language", help="Tell the service each question's language.")
    ] = False,
    runs: RunsDir = RUNS,
    data: DataDir = None,
) -> None:
    """Ask the gold questions, score the replies, print a table and write a report."""
    console, errors = wide_console(), Console(stderr=True)
    wanted = limit or (FAST_QUESTIONS if suite is Suite.FAST else None)
    questions = select(load_suites(), split=split.value, limit=wanted)
    folder = new_folder(runs, name or f"{suite.value}-{split.value}", datetime.now(UTC))
    with index_progress(errors) as progress:
        made = run_product(
            load_settings(data_dir=data),
            questions,
            name=folder.name,
            suite=suite.value,
            split=split.value,
            tell_language=tell_language,
            progress=progress,
            tick=lambda done, total: progress("Asking questions", done, total),
        )
    write_run(made, folder)
    show_run(made, console)
    console.print(f"Report: {write_report(made, folder)}", soft_wrap=True, highlight=False)


def report(folder: SavedRun = None, runs: RunsDir = RUNS) -> None:
    """Show a run again, and write its report anew."""
    folder = folder or latest_run(runs)
    made = read_run(folder)
    console = wide_console()
    show_run(made, console)
    console.print(f"Report: {write_report(made, folder)}", soft_wrap=True, highlight=False)


def compare(
    first: Annotated[Path, typer.Argument(help="The run before.")],
    second: Annotated[Path, typer.Argument(help="The run after.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 on a significant regression.")
    ] = False,
) -> None:
    """Compare two runs question by question, with tests, and list what became worse."""
    found = compared(read_run(first), read_run(second))
    show_comparison(found, wide_console())
    if strict and found.regressions:
        sys.exit(1)


def gate(folder: SavedRun = None, runs: RunsDir = RUNS) -> None:
    """Exit with 1 if a metric of the run is below its floor in evals/floors.toml."""
    folder = folder or latest_run(runs)
    made = read_run(folder)
    if not made.records:
        raise RunError(f"{folder} holds no question; a gate needs a run that asked some.")
    verdicts = judge(made.summary, load_floors(made.about.suite))
    table = Table("metric", "slice", "n", "measured", "floor", "")
    for one in verdicts:
        slice_name = (
            one.floor.value if one.floor.dimension == "all" else f"{one.floor.dimension} {one.floor.value}"
        )
        measured = "—" if one.measured is None else f"{one.measured:.3f}"
        mark = "holds" if one.holds else "[bold red]below"
        table.add_row(one.floor.metric, slice_name, str(one.n), measured, f"{one.floor.bound:.3f}", mark)
    console = wide_console()
    console.print(table)
    failed = [one for one in verdicts if not one.holds]
    console.print(
        f"[bold red]{len(failed)} of {len(verdicts)} floors do not hold."
        if failed
        else "[bold]All floors hold."
    )
    sys.exit(1 if failed else 0)
