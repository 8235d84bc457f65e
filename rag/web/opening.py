"""The first start: builds the assistant beside the running server, with a bar at the terminal."""

from __future__ import annotations

import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from rag.domain.errors import RulesError
from rag.settings import Settings
from rag.ui.service import Build, Desk, Service, StageReport
from rag.ui.words import load_words
from rag.web.problems import log_failure

FIRST_SEARCH = "What do the texts say?"


class Opening:
    """Opens the desk; stops the server with a message where that fails."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        server: uvicorn.Server,
        console: Console,
        build: Build | None = None,
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._server = server
        self._console = console
        self._build = build or self._assembled
        self.failed = False

    def run(self) -> None:
        try:
            self._desk.open(self._build)
        except RulesError as error:
            self._stop(f"Error: {error}")
        except Exception as error:  # the thread's last stop: the server must not go on without answers
            reference = log_failure(error)
            self._stop(f"Error: the service could not start ({type(error).__name__}, number {reference}).")
        else:
            self._warm_up()

    def _warm_up(self) -> None:
        """Load what is loaded with the first question, so that the first person does not wait for it."""
        try:
            self._desk.service().search(FIRST_SEARCH, limit=1)
        except Exception as error:  # a person's question will tell of it as well
            log_failure(error)

    def _stop(self, message: str) -> None:
        self.failed = True
        self._console.print(message, markup=False, highlight=False, soft_wrap=True)
        self._server.should_exit = True

    def _assembled(self, report: StageReport) -> Service:
        from rag.assembly import build_assistant

        with _Bar(self._console) as bar:

            def both(stage: str, done: int, total: int) -> None:
                report(stage, done, total)
                bar.show(stage, done, total)

            return build_assistant(self._settings, both)


class _Bar:
    """A progress bar that appears with the first report; none when there is nothing to do."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._tasks:
            self._progress.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        if not self._tasks:
            self._progress.start()
        if stage not in self._tasks:
            name = load_words("en").get(f"stage_{stage}", stage)
            self._tasks[stage] = self._progress.add_task(name, total=total or None)
        self._progress.update(self._tasks[stage], completed=done, total=total or None)
