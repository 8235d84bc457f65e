"""Fit weights and thresholds on the development split; each command prints and writes its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rag.settings import load_settings

FIGURES = Path(__file__).resolve().parent.parent / "fitting" / "figures"
DataDir = Annotated[Path | None, typer.Option("--data", help="Data folder.")]


def fit_retrieval(data: DataDir = None) -> None:
    """Fit the weights of fusion; writes rag/retrieval/weights.toml."""
    from evals.fitting.retrieval import fit_retrieval as fit

    FIGURES.mkdir(exist_ok=True)
    print(json.dumps(fit(load_settings(data_dir=data), FIGURES / "retrieval.json"), indent=2))


def fit_answers(data: DataDir = None) -> None:
    """Fit which passages are cited and when to answer; writes relevance.toml and coefficients.toml."""
    from evals.fitting.answering import fit_answering as fit

    FIGURES.mkdir(exist_ok=True)
    print(json.dumps(fit(load_settings(data_dir=data), FIGURES / "answering.json"), indent=2))


def fit_leading(data: DataDir = None) -> None:
    """Fit which sentence of a passage is told first; writes rag/answering/extractive/leading.toml."""
    from evals.fitting.leading import fit_leading as fit

    FIGURES.mkdir(exist_ok=True)
    print(json.dumps(fit(load_settings(data_dir=data), FIGURES / "leading.json"), indent=2))


def fit_precedents(data: DataDir = None) -> None:
    """Fit the space in which questions are compared with known ones; writes rag/retrieval/metric.npz."""
    from evals.fitting.precedents import fit_precedents as fit

    FIGURES.mkdir(exist_ok=True)
    print(json.dumps(fit(load_settings(data_dir=data), FIGURES / "precedents.json"), indent=2))
