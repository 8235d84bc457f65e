"""Figures as a Markdown table, for the model card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def figures_table(models: Mapping[str, Mapping[str, Any]]) -> str:
    """One row per test set and direction, one column per model; rates with interval and n."""
    names = list(models)
    lines = [
        f"| sentences matched first (accuracy@1) | n | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
    ]
    first = models[names[0]]
    for group, figures in first["matching"].items():
        for direction, figure in figures.items():
            found = [models[name]["matching"][group][direction] for name in names]
            n = figure["n"] if isinstance(figure, Mapping) else "-"
            label = f"{group.rsplit(' ', 1)[0]}, {group.rsplit(' ', 1)[1]}: {direction}"
            lines.append(f"| {label} | {n} | {' | '.join(map(_shown, found))} |")
    lines += ["", f"| English | n | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    for measure, figure in first["english"].items():
        if measure == "n":
            continue
        found = [models[name]["english"][measure] for name in names]
        n = figure["n"] if isinstance(figure, Mapping) else first["english"]["n"]
        lines.append(f"| {measure} | {n} | {' | '.join(map(_shown, found))} |")
    return "\n".join(lines)


def put_into_card(card: str, table: str) -> str:
    """The card with the text between the markers replaced. Raises ValueError without markers."""
    if BEGIN not in card or END not in card:
        raise ValueError(f"the model card has no {BEGIN} … {END}")
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{table}\n{END}", card)


def _shown(figure: Any) -> str:
    if not isinstance(figure, Mapping):
        return f"{figure:.3f}"
    low, high = figure["interval"]
    return f"{figure['value']:.3f} ({low:.3f}-{high:.3f})"
