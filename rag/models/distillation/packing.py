"""From a training checkpoint to the delta file, and from a delta to an encoder to be measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.models.delta import NEW_ROWS, Delta, write_delta
from rag.models.distillation.network import load_encoder
from rag.models.distillation.parameters import load_state


def pack(state: Path, pieces: tuple[str, ...], base: Path, out: Path, about: Mapping[str, Any]) -> int:
    """Write the difference between checkpoint and base as a delta file; returns its size in bytes."""
    layout, flat, step = load_state(state)
    before = {name: p.detach().numpy() for name, p in load_encoder(base).named_parameters()}
    differences = {name: layout.view(flat, name) - before[name] for name in layout.slots if name != NEW_ROWS}
    rows = layout.view(flat, NEW_ROWS)
    return write_delta(out, Delta(differences, rows, pieces, {**about, "steps": step}))
