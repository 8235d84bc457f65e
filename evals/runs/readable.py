"""A run as a table a person understands."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from evals.metrics.catalogue import METRICS
from evals.runs.folder import Run
from evals.runs.summary import Slice
from evals.statistics import Estimate

UNDEFINED = "—"
GROUPS = {
    "search": "Finding the passages",
    "answer": "Answering",
    "care": "Care and language",
    "confidence": "Confidence",
}


def shown(estimate: Estimate) -> str:
    """ "0.81 [0.75, 0.87]"; a dash where nothing could be scored."""
    if estimate.value is None:
        return UNDEFINED
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def show_run(run: Run, console: Console) -> None:
    """Metrics by language, recall by language pair, the reply matrix, and time."""
    about, summary = run.about, run.summary
    console.print(
        f"[bold]{about.questions} questions[/] ({about.suite}, {about.split}) in {about.seconds:.0f} s; "
        "mean and 95 % interval, clustered by base question; — is undefined.",
        highlight=False,
    )
    console.print(_by_language((summary.overall, *summary.of("language"))))
    console.print(_by_pair(summary.of("pair")))
    console.print(_matrix(run))
    console.print(_times(run))
    for one in about.verifier:
        console.print(
            f"The verifier's own error on {one.set}: lets {shown(one.false_pass)} of false statements through "
            f"(n={one.false_pass.n}), does not recognise {shown(one.false_alarm)} of true ones "
            f"(n={one.false_alarm.n}).",
            highlight=False,
        )
    if curve := summary.risk_coverage:
        console.print(
            f"Confidence: area under risk and coverage {curve.aurc:.3f} "
            f"(perfect order {curve.best:.3f}, no information {curve.blind:.3f}).",
            highlight=False,
        )


def _by_language(slices: tuple[Slice, ...]) -> Table:
    table = Table("metric", "n", *(s.value for s in slices), box=box.SIMPLE_HEAD)
    group = ""
    for metric in METRICS:
        estimates = [s.metrics[metric.name] for s in slices]
        if all(not e.is_defined for e in estimates):
            continue
        if metric.group != group:
            group = metric.group
            table.add_row(f"[bold]{GROUPS[group]}")
        table.add_row(metric.name, str(estimates[0].n), *(shown(e) for e in estimates))
    return table


def _by_pair(slices: tuple[Slice, ...]) -> Table:
    table = Table(
        "question-text", "questions", "recall@5", "evidence delivered", "fact recall", box=box.SIMPLE_HEAD
    )
    for one in slices:
        chosen = (one.metrics[name] for name in ("recall@5", "evidence delivered", "fact recall"))
        table.add_row(one.value, str(one.questions), *(shown(e) for e in chosen))
    return table


def _matrix(run: Run) -> Table:
    matrix = run.summary.matrix
    replies = sorted({reply for row in matrix.values() for reply in row})
    table = Table("expected \\ replied", *replies, box=box.SIMPLE_HEAD)
    for expected, row in matrix.items():
        table.add_row(expected, *(str(row.get(reply, 0)) for reply in replies))
    return table


def _times(run: Run) -> Table:
    table = Table("stage, ms", "n", "p50", "p95", "p99", box=box.SIMPLE_HEAD)
    for one in run.summary.latencies:
        table.add_row(one.stage, str(one.n), f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.p99:.1f}")
    if rate := run.about.index_rate:
        table.caption = f"index built in this run: {rate:.0f} representations a second"
    return table
