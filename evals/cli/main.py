"""Every command of `python -m evals`, and how an error reaches the person at the terminal.

A command that fits something to the development split (`fit-…`) is registered here like any other.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from evals.cli import checking, fitting, foreign, judging, measuring, running
from rag.domain.errors import RulesError

app = typer.Typer(
    help="Measure how good the answers are, compare runs, and stop regressions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(running.run)
app.command("compare")(running.compare)
app.command("gate")(running.gate)
app.command("report")(running.report)
app.command("judge")(judging.judge)
app.command("agreement")(judging.agree)
app.command("bench")(measuring.bench)
app.command("peers")(measuring.peers)
app.command("foreign")(foreign.foreign)
app.command("check")(checking.check)
app.command("fit-retrieval")(fitting.fit_retrieval)
app.command("fit-precedents")(fitting.fit_precedents)
app.command("fit-answers")(fitting.fit_answers)
app.command("fit-leading")(fitting.fit_leading)


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit code 1."""
    try:
        app()
    except RulesError as error:
        Console(stderr=True).print(
            f"[bold red]Error:[/] {escape(str(error))}", highlight=False, soft_wrap=True
        )
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
