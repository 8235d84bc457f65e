"""Training: single-thread worker processes on one shared set of parameters, in step with each other.

Each worker computes the gradient of its batch, then updates its share of the parameters (Adam). On a
CPU several such processes are faster than one with several threads. The in-batch contrast is widened
to all teacher vectors of the current chunk, which costs no forward pass.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.delta import NEW_ROWS
from rag.models.distillation.loss import loss_of
from rag.models.distillation.network import load_encoder, pad, pool
from rag.models.distillation.parameters import Layout, load_state, save_state
from rag.models.distillation.settings import DistillationSettings
from rag.models.distillation.training_set import TrainingSet, open_training_set

Progress = Callable[[str], None]
STATE_FILE = "state.npz"
STOP_FILE = "stop"
MINUTES_FILE = "minutes"
_BARRIER_SECONDS = 900.0
_REPORT_STEPS = 25
_CONTROL_STEPS = 5
_TRIM_STEPS = 5
_FIRST_MOMENT, _SECOND_MOMENT, _EPSILON = 0.9, 0.98, 1e-8
_GRADIENT_LIMIT = 1.0
_LAST_RATE = 0.02  # of the learning rate, at the end of the linear decay


@dataclass(frozen=True, slots=True)
class Item:
    """One sequence of a batch: an example's other-language side, or its English side as an anchor."""

    example: int
    anchor: bool
    length: int


@dataclass(slots=True)
class Shared:
    """What the workers share: parameters, one gradient each, a barrier, and the controls.

    `controls` holds: stop flag, progress in [0, 1], then per worker the last three measures.
    """

    flat: Any
    gradients: list[Any]
    controls: Any
    barrier: Any


def train(work: Path, base: Path, settings: DistillationSettings, progress: Progress) -> None:
    """Train from the checkpoint in `work` until the time is over; the checkpoint then is the result."""
    import torch
    import torch.multiprocessing as multiprocessing

    layout, start, _ = load_state(work / STATE_FILE)
    workers = settings.workers
    context = multiprocessing.get_context("spawn")
    shared = Shared(
        flat=torch.from_numpy(start.copy()).share_memory_(),
        gradients=[torch.zeros(layout.size).share_memory_() for _ in range(workers)],
        controls=torch.zeros(2 + 3 * workers, dtype=torch.float64).share_memory_(),
        barrier=context.Barrier(workers, timeout=_BARRIER_SECONDS),
    )
    progress(f"training: {workers} workers, {settings.minutes:g} minutes, log in {work / 'log.txt'}")
    processes = [
        context.Process(target=_work, args=(rank, work, base, settings, layout, shared))
        for rank in range(workers)
    ]
    for process in processes:
        process.start()
    _wait(processes, shared)


def _wait(processes: list[Any], shared: Shared) -> None:
    """Until all have ended; one that fails breaks the barrier for the others."""
    while any(process.is_alive() for process in processes):
        if any(process.exitcode not in (None, 0) for process in processes):
            shared.barrier.abort()
        time.sleep(0.2)
    if any(process.exitcode for process in processes):
        raise RuntimeError("a training worker failed; the last checkpoint is whole")


def _work(
    rank: int, work: Path, base: Path, settings: DistillationSettings, layout: Layout, shared: Shared
) -> None:
    import torch

    os.nice(max(0, settings.niceness - os.nice(0)))
    torch.set_num_threads(1)
    Worker(rank, work, base, settings, layout, shared).run()


class Worker:
    """One training process."""

    def __init__(
        self,
        rank: int,
        work: Path,
        base: Path,
        settings: DistillationSettings,
        layout: Layout,
        shared: Shared,
    ) -> None:
        import torch

        self._rank, self._work, self._settings = rank, work, settings
        self._layout, self._shared = layout, shared
        self._set = open_training_set(work / "set")
        self._encoder = load_encoder(base)
        self._trained: dict[str, Any] = {}
        for name, parameter in self._encoder.named_parameters():
            if name in layout.slots:
                parameter.data = layout.view(shared.flat, name)
                self._trained[name] = parameter
            else:
                parameter.requires_grad_(False)
        self._old_rows = self._encoder.embeddings.word_embeddings.weight.data
        self._new_rows = layout.view(shared.flat, NEW_ROWS)
        share = layout.size // settings.workers + 1
        self._mine = slice(rank * share, min(layout.size, (rank + 1) * share))
        self._first = torch.zeros(self._mine.stop - self._mine.start)
        self._second = torch.zeros_like(self._first)
        self._rates = self._learning_rates()
        self._trim = _malloc_trim()

    def run(self) -> None:
        started = saved = time.monotonic()
        minutes, seen, smooth = self._settings.minutes, 0, np.zeros(3)
        for step, batch in enumerate(self._batches(), start=1):
            measures = self._gradient(batch)
            controls = self._shared.controls
            controls[2 + 3 * self._rank : 5 + 3 * self._rank] = measures
            if self._rank == 0:
                if step % _CONTROL_STEPS == 1:
                    minutes = _minutes(self._work, minutes)
                    controls[0] = float((self._work / STOP_FILE).exists())
                steps = self._settings.steps
                controls[1] = step / steps if steps else (time.monotonic() - started) / 60 / minutes
            self._shared.barrier.wait()
            progress, stop = float(controls[1]), bool(controls[0])
            self._update(step, progress)
            self._shared.barrier.wait()
            if step % _TRIM_STEPS == 0:
                self._trim(0)
            ends = stop or progress >= 1
            if self._rank == 0:
                seen += len(batch) * self._settings.workers
                now = controls[2:].view(-1, 3).mean(0).numpy()
                smooth = now.copy() if step == 1 else 0.96 * smooth + 0.04 * now
                if step % _REPORT_STEPS == 0 or ends or step < 4:
                    self._report(step, progress, smooth, seen / (time.monotonic() - started))
                if ends or time.monotonic() - saved > self._settings.checkpoint_seconds:
                    save_state(self._work / STATE_FILE, self._layout, self._shared.flat.numpy(), step)
                    saved = time.monotonic()
            if ends:
                return

    def _report(self, step: int, progress: float, measures: NDArray[np.float64], rate: float) -> None:
        with (self._work / "log.txt").open("a", encoding="utf-8") as log:
            log.write(
                f"{time.strftime('%H:%M:%S')} step {step} progress {progress:.3f} "
                f"cosine {measures[0]:.4f} anchor {measures[1]:.4f} contrast {measures[2]:.3f} "
                f"sequences/s {rate:.0f}\n"
            )

    def _batches(self) -> Iterator[list[Item]]:
        """This worker's batches without end; all workers draw the same plan and take their own part."""
        size, workers, epoch = len(self._set), self._settings.workers, 0
        while True:
            chance = np.random.default_rng((self._settings.seed, epoch))
            order = chance.permutation(size)
            for start in range(0, size, self._settings.chunk_examples):
                chunk = order[start : start + self._settings.chunk_examples]
                self._open_chunk(chunk)
                batches = list(_cut(_items(self._set, chunk, self._settings, chance), self._settings))
                rounds = [batches[i : i + workers] for i in range(0, len(batches), workers)]
                rounds[-1] += rounds[-1][:1] * (workers - len(rounds[-1]))
                for number in chance.permutation(len(rounds)):
                    yield rounds[number][self._rank]
            epoch += 1

    def _open_chunk(self, chunk: NDArray[np.int64]) -> None:
        import torch

        ordered = np.sort(chunk)  # the targets lie on disk: read them in their order
        bank = self._set.targets[ordered].astype(np.float32)
        self._bank = torch.nn.functional.normalize(torch.from_numpy(bank), dim=-1)
        self._place = {int(example): row for row, example in enumerate(ordered)}

    def _gradient(self, batch: list[Item]) -> Any:
        import torch

        rows = [
            self._set.english(item.example) if item.anchor else self._set.other(item.example)
            for item in batch
        ]
        ids, mask = pad(rows)
        places = torch.tensor([self._place[item.example] for item in batch])
        anchors = torch.tensor([item.anchor for item in batch])
        limit = len(self._old_rows)
        is_new = ids >= limit
        embedded = self._old_rows[ids.clamp(max=limit - 1)]
        embedded[is_new] = self._new_rows[ids[is_new] - limit]
        embedded.requires_grad_(True)
        vectors = pool(self._encoder(inputs_embeds=embedded, attention_mask=mask)[0], mask)
        loss, measures = loss_of(vectors, self._bank, places, anchors, self._settings)
        self._encoder.zero_grad(set_to_none=True)
        loss.backward()
        own = self._shared.gradients[self._rank]
        for name, parameter in self._trained.items():
            self._layout.view(own, name).copy_(parameter.grad)
        new = self._layout.view(own, NEW_ROWS).zero_()
        new.index_add_(0, ids[is_new] - limit, embedded.grad[is_new])
        return torch.tensor(measures, dtype=torch.float64)

    def _update(self, step: int, progress: float) -> None:
        """Adam on this worker's share, with the mean of all gradients."""
        gradient = self._shared.gradients[0][self._mine].clone()
        for other in self._shared.gradients[1:]:
            gradient += other[self._mine]
        gradient.div_(self._settings.workers).clamp_(-_GRADIENT_LIMIT, _GRADIENT_LIMIT)
        self._first.lerp_(gradient, 1 - _FIRST_MOMENT)
        self._second.mul_(_SECOND_MOMENT).addcmul_(gradient, gradient, value=1 - _SECOND_MOMENT)
        warmth = min(1.0, step / self._settings.warmup_steps)
        schedule = warmth * max(_LAST_RATE, 1 - progress)
        scale = schedule / (1 - _FIRST_MOMENT**step)
        spread = (self._second / (1 - _SECOND_MOMENT**step)).sqrt_().add_(_EPSILON)
        self._shared.flat[self._mine].sub_(self._rates * self._first / spread * scale)

    def _learning_rates(self) -> Any:
        import torch

        rates = torch.full((self._layout.size,), self._settings.learning_rate)
        self._layout.view(rates, NEW_ROWS).fill_(self._settings.row_learning_rate)
        return rates[self._mine].clone()


def _items(
    data: TrainingSet,
    chunk: NDArray[np.int64],
    settings: DistillationSettings,
    chance: np.random.Generator,
) -> list[Item]:
    """The chunk's sequences with the anchors, roughly by length."""
    others = [Item(int(i), False, len(data.other(i))) for i in chunk]
    picked = chance.choice(chunk, int(settings.anchor_share * len(chunk)), replace=False)
    anchors = [Item(int(i), True, len(data.english(i))) for i in picked]
    jitter = chance.random(len(others) + len(anchors))
    items = [*others, *anchors]
    return [items[i] for i in np.argsort([x.length for x in items] + 2 * jitter)]


def _cut(items: list[Item], settings: DistillationSettings) -> Iterator[list[Item]]:
    batch: list[Item] = []
    longest = 0
    for item in items:
        longest = max(longest, item.length)
        if batch and longest * (len(batch) + 1) > settings.batch_tokens:
            yield batch
            batch, longest = [], item.length
        batch.append(item)
    if batch:
        yield batch


def _minutes(work: Path, fallback: float) -> float:
    try:
        return float((work / MINUTES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return fallback


def _malloc_trim() -> Callable[[int], object]:
    """Gives freed memory back to the system; without it a worker grows by 400 MB a minute."""
    try:
        trim: Callable[[int], object] = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return lambda _: None
    return trim
