"""`foreign`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.cli.options import RUNS, DataDir, RunsDir
from evals.foreign.collection import FOLDER, load_collections
from evals.foreign.measuring import Measured, measure
from evals.foreign.searches import opened
from evals.foreign.table import markdown
from evals.runs.folder import new_folder
from evals.runs.provenance import recorded_settings, versions
from rag.assembly import build_embedder
from rag.settings import Settings, load_settings

NO_DELTA = Path("/nonexistent/delta.npz")


def foreign(
    texts: Annotated[
        Path,
        typer.Option(
            help="Folder of texts (.md) and their questions (.jsonl).", show_default="evals/foreign"
        ),
    ] = FOLDER,
    runs: RunsDir = RUNS,
    data: DataDir = None,
) -> None:
    """Hold the fused search against BM25 and MiniLM alone, on texts that nothing was tuned on."""
    settings = load_settings(data_dir=data)
    folder = new_folder(runs, "foreign", datetime.now(UTC))
    plain = build_embedder(settings.model_copy(update={"delta_file": NO_DELTA, "embedding_model": ""}))
    extended = build_embedder(settings)
    errors = Console(stderr=True)
    measured: list[Measured] = []
    for collection in load_collections(texts):
        errors.print(f"{collection.name}: {len(collection.questions)} questions", highlight=False)
        with opened(collection, settings, plain, extended) as compared:
            measured.append(measure(collection, compared))
    write(measured, settings, folder)
    print(markdown(measured))
    print(f"Written to {folder}.")


def write(measured: Sequence[Measured], settings: Settings, folder: Path) -> None:
    """The table, the figures, and at which rank each search found each question's evidence."""
    (folder / "foreign.md").write_text(markdown(measured), encoding="utf-8")
    about = {"settings": recorded_settings(settings), "versions": versions()}
    found = {**about, "collections": [asdict(one) for one in measured]}
    (folder / "foreign.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
