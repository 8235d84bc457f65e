"""Commands that prepare material: enrichment of documents, and teaching the bundled model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rag.domain.errors import EnrichmentError, SettingsError
from rag.settings import load_settings

_console = Console(stderr=True)


def enrich(
    check: Annotated[
        bool, typer.Option("--check", help="Only check what is written; needs no model.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before spending tokens.")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="Data folder.")] = None,
) -> None:
    """Write translations and lay questions for passages that lack them, with the configured model."""
    from rag.assembly import check_enrichments, enrichment_job

    settings = load_settings(data_dir=data)
    if check:
        problems = check_enrichments(settings)
        for problem in problems:
            print(problem)
        if problems:
            raise EnrichmentError(f"{len(problems)} problems; correct the lines named above.")
        print("Every entry is complete and fresh.")
        return
    if not settings.llm:
        raise SettingsError(
            "No language model is configured. Set LLM, for example LLM=ollama:llama3.1, and run again."
        )
    job = enrichment_job(settings)
    print(f"{job.done} passages are done, {len(job.unenriched)} to do. Estimated use: {job.estimate}")
    if job.unenriched and (yes or typer.confirm("Go on?")):
        written = job.run(lambda done, total, label: print(f"{done}/{total} {label}"))
        for refusal in written.refused:
            print(f"not written: {refusal.passage}: {'; '.join(refusal.reasons)}")
        print(f"{written.written} written, {len(written.refused)} refused. Run `python -m rag index` next.")


def distil(
    folder: Annotated[Path, typer.Argument(help="Folder of parallel text (.tsv or .tsv.gz).")],
    out: Annotated[Path, typer.Argument(help="Folder for the delta and its figures.")],
    minutes: Annotated[float, typer.Option(min=1, help="Length of training proper.")] = 65.0,
    workers: Annotated[int, typer.Option(min=1, help="Single-thread training processes.")] = 2,
) -> None:
    """Teach the bundled model Danish and Dutch from parallel text; writes delta.npz and figures.json."""
    from rag.models.distillation import distil as teach
    from rag.models.distillation import shipped_settings

    figures = teach(
        folder, out, shipped_settings(minutes=minutes, workers=workers), lambda line: _console.print(line)
    )
    print(json.dumps(figures, indent=2))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(enrich)
    app.command()(distil)
