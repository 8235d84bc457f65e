"""The peers side by side, for the terminal and, as Markdown, for the README."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from evals.peers.measuring import Measured
from evals.runs.readable import UNDEFINED, shown
from evals.statistics import Estimate

HEAD = (
    "system", "embedding", "recall@5", "same lang.", "across", "MRR@10", "nDCG@10",
    "ms p50", "ms p95", "index s", "peak MB",
)  # fmt: skip


def rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """Cells of each row; means over pairs are weighted by their questions."""
    return [
        (
            one.peer,
            one.embedding,
            shown(one.recall["all"]),
            _mean(one, "same language"),
            _mean(one, "across languages"),
            _bare(one.mrr),
            _bare(one.ndcg),
            f"{one.search_ms_p50:.0f}",
            f"{one.search_ms_p95:.0f}",
            f"{one.index_seconds:.1f}",
            f"{one.peak_megabytes:.0f}",
        )
        for one in measured
    ]


def _mean(one: Measured, group: str) -> str:
    chosen = [e for pair, e in one.recall.items() if group_of(pair) == group and e.value is not None]
    total = sum(e.n for e in chosen)
    return f"{sum(e.value * e.n for e in chosen if e.value is not None) / total:.2f}" if total else UNDEFINED


def _bare(estimate: Estimate) -> str:
    return UNDEFINED if estimate.value is None else f"{estimate.value:.2f}"


def group_of(pair: str) -> str:
    """Whether question and text share a language; a question about texts in several is in neither group."""
    question, _, text = pair.partition("-")
    if pair == "all" or "+" in text:
        return ""
    return "same language" if question == text else "across languages"


def table(measured: Sequence[Measured]) -> Table:
    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in HEAD:
        made.add_column(name, no_wrap=True)
    for row in rows(measured):
        made.add_row(*row)
    return made


def pair_table(measured: Sequence[Measured]) -> Table:
    """Recall@5 by language of question and text; the intervals are in the JSON."""
    pairs = list(dict.fromkeys(pair for one in measured for pair in one.recall if pair != "all"))
    made = Table("recall@5", "n", *(f"{m.peer}\n{m.embedding}" for m in measured), box=box.SIMPLE_HEAD)
    for pair in pairs:
        made.add_row(pair, str(measured[0].recall[pair].n), *(_bare(m.recall[pair]) for m in measured))
    return made


def markdown(measured: Sequence[Measured]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *rows(measured)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
