"""Makes batches beside the running server, and says how far it is.

One at a time: a batch asks the assistant many questions, and people are asking it too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.gold import load_suites
from evals.workbench import calibration
from evals.workbench.recorded import recorded, run_folders
from evals.workbench.sampling import Tick, Wish, asking, make_items
from rag.domain.errors import RecordError, RulesError
from rag.domain.ports import Verifier
from rag.records.ratings import NewItem
from rag.records.trail import Who
from rag.ui.service import Desk, NotReady
from rag.web.problems import log_failure
from rag.web.staff import Staff

FIRST_BATCH = "default-suite"
FIRST_TITLE = "Answers to the default questions"
WAIT_SECONDS = 0.5
RUNS = Path("runs")
"""Where `python -m evals run` puts its folders."""
THE_ROOM = Who(None, "workbench")

MakeItems = Callable[[Wish, Tick], Iterable[NewItem]]


@dataclass(frozen=True, slots=True)
class State:
    """`phase` is "idle", "waiting" (for the texts to be indexed), "asking" or "failed"."""

    phase: str = "idle"
    title: str = ""
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def busy(self) -> bool:
        return self.phase in ("waiting", "asking")


class Preparation:
    """Safe to use from several threads; several processes make the first batches only once."""

    def __init__(self, desk: Desk, staff: Staff, make_items: MakeItems | None = None) -> None:
        self._desk = desk
        self._staff = staff
        self._make_items = make_items or self._by_asking
        self._lock = threading.Lock()
        self._state = State()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        with self._lock:
            return self._state

    def ensure_first(self) -> None:
        """Start making the calibration round and the first batch, if they are not there."""
        if self.state.phase != "failed" and not {b.id for b in self._staff.ratings.batches()} >= {
            calibration.BATCH,
            FIRST_BATCH,
        }:
            self.start(FIRST_TITLE, Wish(), THE_ROOM, FIRST_BATCH)

    def start(self, title: str, wish: Wish, by: Who, batch_id: str | None = None) -> bool:
        """Whether it was started: not while another is being made."""
        with self._lock:
            if self._state.busy:
                return False
            self._state = State("waiting", title)
            self._thread = threading.Thread(
                target=self._run, args=(title, wish, by, batch_id), name="workbench batch", daemon=True
            )
            self._thread.start()
        return True

    def runs(self) -> dict[str, Path]:
        """The recorded runs that a batch can be drawn from, the newest first."""
        return run_folders([RUNS, self._staff.settings.data_dir / "runs"])

    def wait(self, seconds: float = 60) -> None:
        """Until what is being made is made; for an orderly end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, title: str, wish: Wish, by: Who, batch_id: str | None) -> None:
        try:
            self._calibrate()
            self._make(title, wish, by, batch_id)
        except RulesError as error:
            self._set(State("failed", title, message=str(error)))
        except Exception as error:  # the thread's last stop: the page must say that it failed
            reference = log_failure(error)
            self._set(State("failed", title, message=f"Something went wrong (number {reference})."))
        else:
            self._set(State())

    def _calibrate(self) -> None:
        if all(b.id != calibration.BATCH for b in self._staff.ratings.batches()):
            from rag.assembly import catalogue  # heavy, and needed once

            languages = {entry.id: entry.language for entry in catalogue(self._staff.settings)}
            items = calibration.calibration_items(_verifier(), languages)
            self._keep(
                calibration.TITLE,
                items,
                THE_ROOM,
                calibration.BATCH,
                kind="calibration",
                seed=calibration.SEED,
            )

    def _make(self, title: str, wish: Wish, by: Who, batch_id: str | None) -> None:
        if batch_id in {b.id for b in self._staff.ratings.batches()}:
            return
        if not wish.runs:
            self._await_service()
        items = tuple(self._make_items(wish, self._tick))
        if not items:
            raise RulesError(
                f"None of the {wish.questions} questions got an answer, so there is nothing to rate. "
                "The default questions are about the built-in texts; is their index the one in use?"
            )
        detail = {
            "questions": wish.questions,
            "planted": wish.planted,
            "split": wish.split,
            "language": wish.language,
            "runs": list(wish.runs),
        }
        self._keep(title, items, by, batch_id, seed=wish.seed, detail=detail)

    def _keep(self, title: str, items: Iterable[NewItem], by: Who, batch_id: str | None, **kept: Any) -> None:
        try:
            self._staff.ratings.add_batch(title, items, by, id=batch_id, **kept)
        except RecordError:
            if batch_id is None:
                raise  # a fixed id that exists was made by another process meanwhile, and that is well

    def _await_service(self) -> None:
        while True:
            try:
                self._desk.service()
                return
            except NotReady as error:
                if error.progress.state == "failed":
                    raise RulesError("The texts could not be indexed; see the server's log.") from error
                time.sleep(WAIT_SECONDS)

    def _by_asking(self, wish: Wish, tick: Tick) -> Iterable[NewItem]:
        suite = load_suites()
        if not wish.runs:
            return make_items(asking(self._desk.service()), suite, wish, _verifier(), tick)
        known = self.runs()
        replies, shared = recorded([known[name] for name in wish.runs if name in known], suite)
        return make_items(replies, shared, wish, _verifier(), tick)

    def _tick(self, done: int, total: int) -> None:
        self._set(replace(self.state, phase="asking", done=done, total=total))

    def _set(self, state: State) -> None:
        with self._lock:
            self._state = state


def _verifier() -> Verifier:
    from rag.answering.support import SupportVerifier  # loads word lists: not before a batch is made

    return SupportVerifier()
