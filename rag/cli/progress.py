"""A progress bar for indexing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

STAGES = {
    "texts": "Reading texts",
    "words": "Indexing words",
    "vectors": "Embedding passages",
    "model": "Preparing the model",
}


@contextmanager
def index_progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Shows stages as they come; nothing at all when there is nothing to do."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    tasks: dict[str, object] = {}

    def report(stage: str, done: int, total: int) -> None:
        if not tasks:
            progress.start()
        if stage not in tasks:
            tasks[stage] = progress.add_task(STAGES.get(stage, stage), total=total or None)
        progress.update(tasks[stage], completed=done, total=total or None)  # type: ignore[arg-type]  # a TaskID

    try:
        yield report
    finally:
        if tasks:
            progress.stop()
