"""What the doors need of the assistant, and whether it is there yet.

The port opens before the texts are indexed; until then every page and the API say how far it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from rag.domain.answers import Response
from rag.domain.conversations import History
from rag.domain.errors import RulesError
from rag.domain.ports import Library
from rag.domain.retrieval import Hit
from rag.growing import Growing


class Service(Protocol):
    """The assistant, as the doors use it."""

    @property
    def library(self) -> Library: ...

    @property
    def fingerprint(self) -> str: ...

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        """Raises QuestionError."""

    def watch(
        self, question: str, language: str | None = None, history: History = ()
    ) -> Growing[Response, Response]:
        """What `ask` returns, and before it the answer whenever it has grown. Raises QuestionError."""

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the start has come: "indexing", "ready" or "failed"."""

    state: str
    done: int = 0
    total: int = 0
    stage: str = ""
    message: str = ""


class NotReady(Exception):
    """The assistant is still being built, or could not be."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress.state)
        self.progress = progress


StageReport = Callable[[str, int, int], None]
Build = Callable[[StageReport], Service]
"""Makes the assistant; calls its argument with the stage, what is done and what there is in all (0: unknown)."""


class Desk:
    """Holds the assistant once it is built; safe to use from several threads."""

    def __init__(self, service: Service | None = None) -> None:
        self._lock = threading.Lock()
        self._service = service
        self._progress = Progress("ready" if service else "indexing")

    @property
    def progress(self) -> Progress:
        with self._lock:
            return self._progress

    def service(self) -> Service:
        """Raises NotReady while there is none."""
        with self._lock:
            if self._service is None:
                raise NotReady(self._progress)
            return self._service

    def report(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._progress = replace(self._progress, stage=stage, done=done, total=total)

    def open(self, build: Build) -> None:
        """Build the assistant; a failure is kept to be shown, and raised again."""
        try:
            service = build(self.report)
        except Exception as error:
            message = str(error) if isinstance(error, RulesError) else ""
            with self._lock:
                self._progress = Progress("failed", message=message)
            raise
        with self._lock:
            self._service, self._progress = service, Progress("ready")
