"""What was measured as Markdown, for the run's folder, the terminal and the README."""

from __future__ import annotations

from collections.abc import Sequence

from evals.foreign.measuring import Against, Measured
from evals.runs.readable import UNDEFINED, shown
from evals.statistics import Estimate

HEAD = ("collection", "search", "recall@1", "recall@5", "MRR@10", "fused gains in MRR", "p", "won / lost")
NOT_ABOVE = "**not above both**"
HEAD_DECLINED = ("collection", "answerable declined", "near misses declined", "off-topic declined")


def markdown(measured: Sequence[Measured]) -> str:
    """A row a collection and search, where a collection whose fused search is not above its legs says so;
    then what was declined."""
    found = _table(HEAD, [cells for one in measured for cells in rows(one)])
    declined = [
        (one.collection, *(shown(e) for e in (d.answerable, d.near_misses, d.off_topic)))
        for one in measured
        if (d := one.declined)
    ]
    return found + ("\n" + _table(HEAD_DECLINED, declined) if declined else "")


def _table(head: tuple[str, ...], cells: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def rows(one: Measured) -> list[tuple[str, ...]]:
    compared = {found.search: found for found in one.against}
    return [
        (
            f"{one.collection}, n={one.questions}" if number == 0 else "",
            row.search,
            shown(row.recall_at_1),
            shown(row.recall_at_5),
            shown(row.mrr),
            *_against(compared.get(row.search), one),
        )
        for number, row in enumerate(one.rows)
    ]


def _against(found: Against | None, one: Measured) -> tuple[str, str, str]:
    if found is None:
        return "above both" if one.is_above_its_legs else NOT_ABOVE, "", ""
    return signed(found.gain), UNDEFINED if found.p is None else _p(found.p), f"{found.won} / {found.lost}"


def signed(estimate: Estimate) -> str:
    """ "+0.12 [+0.05, +0.19]"."""
    if estimate.value is None:
        return UNDEFINED
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:+.2f}"
    return f"{estimate.value:+.2f} [{estimate.low:+.2f}, {estimate.high:+.2f}]"


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"
