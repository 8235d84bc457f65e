"""`judge` and `agreement`: claims scored by the verifier, and people compared with each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table

from evals.agreement import Rating, agreement
from evals.judging import judge_lines, report_lines
from evals.runs.readable import shown
from rag.answering.support import SupportVerifier
from rag.answering.support.likeness import Likeness
from rag.assembly import build_embedder
from rag.domain.errors import RulesError
from rag.settings import Settings


def judge(
    jsonl: Annotated[
        str, typer.Option("--jsonl", help="Lines with id, context and claim; - for standard input.")
    ],
    report: Annotated[
        bool, typer.Option("--report", help="The lines carry labels: say how right the verifier is.")
    ] = False,
    words_only: Annotated[
        bool,
        typer.Option("--words-only", help="Do without the embedding model: twenty times faster, less right."),
    ] = False,
) -> None:
    """Score claims against their contexts, one JSON line each."""
    work = report_lines if report else judge_lines
    likeness = None if words_only else Likeness(build_embedder(Settings()))
    with _opened(jsonl) as lines:
        sys.exit(work(lines, SupportVerifier(likeness=likeness), sys.stdout, sys.stderr))


def agree(
    jsonl: Annotated[
        str, typer.Option("--jsonl", help="Lines with rater, item and label; - for standard input.")
    ],
    order: Annotated[
        str, typer.Option(help="Labels from lowest to highest, comma-separated, for the ordinal alpha.")
    ] = "",
) -> None:
    """Say how far raters agree: Krippendorff's alpha, Cohen's kappa, raw agreement, label counts."""
    with _opened(jsonl) as lines:
        ratings = [_rating(line, number) for number, line in enumerate(lines, start=1) if line.strip()]
    found = agreement(ratings, tuple(label.strip() for label in order.split(",") if label.strip()))
    table = Table("measure", "value and 95 % interval", "ratings", "items")
    for name, estimate in (
        ("Krippendorff's alpha, nominal", found.nominal),
        ("Krippendorff's alpha, ordinal", found.ordinal),
        ("raw agreement of pairs", found.raw),
    ):
        if estimate is not None:
            table.add_row(name, shown(estimate), str(estimate.n), str(estimate.clusters))
    for first, second, kappa in found.kappas:
        table.add_row(
            f"Cohen's kappa, {first} and {second}", "—" if kappa is None else f"{kappa:.3f}", "", ""
        )
    console = Console()
    console.print(table)
    for rater, counts in found.counts.items():
        console.print(
            f"{rater}: " + ", ".join(f"{label} {n}" for label, n in counts.items()), highlight=False
        )


def _rating(line: str, number: int) -> Rating:
    try:
        data = json.loads(line)
        return Rating(str(data["rater"]), str(data["item"]), str(data["label"]))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise RulesError(f"Line {number} is not a rating with rater, item and label ({error!r}).") from error


@contextmanager
def _opened(source: str) -> Iterator[TextIO]:
    if source == "-":
        yield sys.stdin
        return
    try:
        with Path(source).open(encoding="utf-8-sig") as stream:
            yield stream
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"{source} cannot be read as UTF-8 text: {error}.") from error
