"""All trainable numbers of the student in one flat array that worker processes share.

The encoder's matrices, biases and layer norms and the rows of the new word pieces train; the base's
own word rows, positions and segments stay as they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.delta import NEW_ROWS, Delta

Slots = Mapping[str, tuple[int, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each parameter lies in the flat array: offset and shape by name."""

    slots: Slots
    size: int

    def view(self, flat: Any, name: str) -> Any:
        """The parameter, as a view into the flat array (numpy or torch)."""
        offset, shape = self.slots[name]
        return flat[offset : offset + int(np.prod(shape))].reshape(shape)


def is_trained(name: str) -> bool:
    return name.startswith(("encoder.", "embeddings.LayerNorm."))


def lay_out(encoder: Any, new_rows: NDArray[np.float32]) -> tuple[Layout, NDArray[np.float32]]:
    """The layout, and the flat array filled with the base's values and the new rows."""
    slots: dict[str, tuple[int, tuple[int, ...]]] = {}
    values: list[NDArray[np.float32]] = []
    size = 0
    trained = [(n, p.detach().numpy()) for n, p in encoder.named_parameters() if is_trained(n)]
    for name, value in [*trained, (NEW_ROWS, new_rows)]:
        slots[name] = (size, value.shape)
        values.append(value.reshape(-1))
        size += value.size
    return Layout(slots, size), np.concatenate(values).astype(np.float32)


def learnt(encoder: Any, delta: Delta) -> tuple[Layout, NDArray[np.float32]]:
    """The layout, and the flat array with what a packed delta holds, as exactly as it was packed."""
    layout, flat = lay_out(encoder, delta.new_rows)
    for name, difference in delta.differences.items():
        layout.view(flat, name)[...] += difference
    return layout, flat


def carry_over(
    old: tuple[Layout, NDArray[np.float32]],
    old_pieces: tuple[str, ...],
    new: tuple[Layout, NDArray[np.float32]],
    new_pieces: tuple[str, ...],
) -> NDArray[np.float32]:
    """The new flat array with all that the old one had learnt: the encoder, and rows by word piece."""
    flat = new[1].copy()
    for name in old[0].slots:
        if name != NEW_ROWS:
            new[0].view(flat, name)[...] = old[0].view(old[1], name)
    learnt = dict(zip(old_pieces, old[0].view(old[1], NEW_ROWS), strict=True))
    rows = new[0].view(flat, NEW_ROWS)
    for number, piece in enumerate(new_pieces):
        if piece in learnt:
            rows[number] = learnt[piece]
    return flat


def save_state(path: Path, layout: Layout, flat: NDArray[np.float32], step: int) -> None:
    """A checkpoint, written aside and renamed: there is always a whole one."""
    aside = path.with_suffix(".tmp")
    slots = np.frombuffer(json.dumps(layout.slots).encode(), np.uint8)
    with aside.open("wb") as file:
        np.savez(file, flat=flat, slots=slots, step=np.array(step))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load_state(path: Path) -> tuple[Layout, NDArray[np.float32], int]:
    with np.load(path) as state:
        raw = json.loads(bytes(state["slots"]))
        flat = state["flat"]
        slots = {name: (int(offset), tuple(shape)) for name, (offset, shape) in raw.items()}
        return Layout(slots, len(flat)), flat, int(state["step"])
