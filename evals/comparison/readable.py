"""A comparison as a person reads it."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from evals.comparison.comparing import Comparison, Difference

LISTED = 12
"""Changed questions listed per metric."""


def show_comparison(found: Comparison, console: Console) -> None:
    """All metrics, then the questions that became worse under each metric that fell."""
    console.print(
        f"{found.questions} questions in both runs"
        + (f"; {found.left_out} in one only are left out." if found.left_out else "."),
        highlight=False,
    )
    table = Table(
        "metric",
        "n",
        "before",
        "after",
        "difference",
        "p",
        "p (Holm)",
        "McNemar",
        "worse/better",
        box=box.SIMPLE_HEAD,
    )
    for one in found.differences:
        if one.before is not None and one.after is not None:
            table.add_row(*_row(one), style="red" if one.is_regression else "")
    console.print(table)
    console.print(
        "Difference with paired bootstrap interval; p by sign-flip permutation, both clustered by base "
        "question; Holm corrects for the number of metrics. McNemar: questions only the first run got "
        "right, only the second, exact p.",
        style="dim",
        highlight=False,
    )
    for one in found.differences:
        if one.worse:
            _list_worse(one, console)
    names = ", ".join(d.metric.name for d in found.regressions)
    console.print(f"[bold red]Regressions: {names}." if names else "[bold]No significant regression.")


def _row(one: Difference) -> tuple[str, ...]:
    assert one.before is not None
    assert one.after is not None
    d, m = one.difference, one.mcnemar
    interval = f" [{d.low:+.3f}, {d.high:+.3f}]" if d.low is not None and d.high is not None else ""
    return (
        one.metric.name,
        str(d.n),
        f"{one.before:.3f}",
        f"{one.after:.3f}",
        f"{d.value:+.3f}{interval}",
        _p(one.p),
        _p(one.p_holm),
        f"{m.only_first}/{m.only_second}, {_p(m.p)}" if m else "",
        f"{len(one.worse)}/{len(one.better)}",
    )


def _p(value: float | None) -> str:
    if value is None:
        return "—"
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _list_worse(one: Difference, console: Console) -> None:
    console.print(f"\n[bold]Worse: {one.metric.name}[/] ({len(one.worse)})")
    for change in one.worse[:LISTED]:
        console.print(
            f"  {change.id}: {change.before:.2f} → {change.after:.2f}  {change.question}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if len(one.worse) > LISTED:
        console.print(f"  … and {len(one.worse) - LISTED} more")
