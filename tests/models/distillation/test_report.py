from __future__ import annotations

import pytest

from rag.models.distillation.report import BEGIN, END, figures_table, put_into_card


def model(value: float) -> dict[str, object]:
    figure = {"value": value, "n": 40, "interval": [value - 0.1, value + 0.1]}
    return {
        "matching": {"own text en-da": {"da to en": figure, "cosine to teacher": value}},
        "english": {"cosine to teacher": value, "n": 40, "half finds half": figure},
    }


def test_every_figure_has_its_row_n_and_interval() -> None:
    lines = figures_table({"base": model(0.25), "distilled": model(0.75)}).splitlines()
    assert "| own text, en-da: da to en | 40 | 0.250 (0.150-0.350) | 0.750 (0.650-0.850) |" in lines
    assert "| own text, en-da: cosine to teacher | - | 0.250 | 0.750 |" in lines
    assert "| half finds half | 40 | 0.250 (0.150-0.350) | 0.750 (0.650-0.850) |" in lines


def test_the_table_replaces_what_stood_between_the_markers() -> None:
    card = f"before\n{BEGIN}\nold | figures\n{END}\nafter"
    assert put_into_card(card, r"new \1") == f"before\n{BEGIN}\nnew \\1\n{END}\nafter"


def test_a_card_without_markers_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no"):
        put_into_card("no markers", "table")
