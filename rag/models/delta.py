"""The packed difference between the base model and ours: its file format, read and written.

An .npz of, for each matrix, int8 rows (`NAME.q`) with a float16 scale a row (`NAME.s`), for each
vector float16 (`NAME.f`), all of the difference to the base; `new` holds the rows of the new word
pieces themselves, `vocab` the pieces, one a line; `about` is JSON and names the base it fits.
Knows numpy only.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain.errors import ModelError

Array = NDArray[np.float32]
WORD_ROWS = "embeddings.word_embeddings.weight"
NEW_ROWS = "new"
FORMAT = 1
_LEVELS = 127


@dataclass(frozen=True, slots=True)
class Delta:
    """What to add to the base: differences by parameter name, new rows, and their word pieces."""

    differences: Mapping[str, Array]
    new_rows: Array
    pieces: tuple[str, ...]
    about: Mapping[str, Any]


def read_delta(path: Path) -> Delta:
    """Unpack a delta file. Raises ModelError if it is missing, damaged or of another format."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            packed = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise ModelError(f"no delta file {path}: give the path of an existing one") from error
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise ModelError(
            f"the delta file {path} is damaged ({error}): restore it from the repository"
        ) from error
    about: dict[str, Any] = json.loads(bytes(packed.pop("about", np.zeros(0, np.uint8))) or b"{}")
    if about.get("format", FORMAT) != FORMAT:
        raise ModelError(f"the delta file {path} has format {about['format']}, known is {FORMAT}")
    text = bytes(packed.pop("vocab", np.zeros(0, np.uint8))).decode()
    pieces = tuple(text.split("\n")) if text else ()
    arrays = {name: _unpack(packed, name) for name in {n.rpartition(".")[0] for n in packed}}
    new_rows = arrays.pop(NEW_ROWS, np.zeros((0, 0), np.float32))
    if len(pieces) != len(new_rows):
        raise ModelError(
            f"the delta file {path} has {len(pieces)} word pieces for {len(new_rows)} rows: "
            "restore it from the repository"
        )
    return Delta(arrays, new_rows, pieces, about)


def write_delta(path: Path, delta: Delta) -> int:
    """Pack and write atomically; returns the size in bytes. Differences of nothing are left out."""
    packed: dict[str, NDArray[Any]] = {}
    for name, array in {**delta.differences, NEW_ROWS: delta.new_rows}.items():
        if array.size and np.abs(array).max() > 0:
            packed |= _pack(name, array)
    packed["vocab"] = np.frombuffer("\n".join(delta.pieces).encode(), np.uint8)
    about = {"format": FORMAT, **delta.about}
    packed["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    aside = path.with_name(path.stem + ".tmp.npz")
    with aside.open("wb") as file:
        np.savez_compressed(file, **packed)  # type: ignore[arg-type]  # numpy's stub: **kwds meets allow_pickle
    aside.replace(path)
    return path.stat().st_size


def apply_delta(weights: Mapping[str, NDArray[Any]], delta: Delta) -> dict[str, NDArray[Any]]:
    """The base's weights with the delta added. Raises ModelError where shapes do not fit."""
    result = dict(weights)
    for name, difference in delta.differences.items():
        if name not in result or result[name].shape != difference.shape:
            raise ModelError(f"the delta changes {name}, which the base model does not have so")
        result[name] = result[name] + difference
    if len(delta.new_rows):
        if delta.new_rows.shape[1] != result[WORD_ROWS].shape[1]:
            raise ModelError("the delta's word rows have another width than the base model's")
        result[WORD_ROWS] = np.concatenate([result[WORD_ROWS], delta.new_rows])
    return result


def extend_tokenizer(description: Mapping[str, Any], pieces: tuple[str, ...]) -> dict[str, Any]:
    """A tokenizer.json's content with the pieces appended to its vocabulary."""
    vocabulary = dict(description["model"]["vocab"])
    first = len(vocabulary)
    vocabulary.update({piece: first + number for number, piece in enumerate(pieces)})
    if len(vocabulary) != first + len(pieces):
        raise ModelError("some of the delta's word pieces are already in the base's vocabulary")
    return {**description, "model": {**description["model"], "vocab": vocabulary}}


def _pack(name: str, array: Array) -> dict[str, NDArray[Any]]:
    if array.ndim != 2:
        return {f"{name}.f": array.astype(np.float16)}
    scale = np.abs(array).max(1, keepdims=True) / _LEVELS
    scale[scale == 0] = 1
    scale = np.maximum(scale, np.finfo(np.float16).smallest_normal).astype(np.float16)
    rows = np.rint(array / scale.astype(np.float32)).clip(-_LEVELS, _LEVELS).astype(np.int8)
    return {f"{name}.q": rows, f"{name}.s": scale[:, 0]}


def _unpack(packed: Mapping[str, NDArray[Any]], name: str) -> Array:
    if f"{name}.q" in packed:
        scale = packed[f"{name}.s"].astype(np.float32)[:, None]
        return np.asarray(packed[f"{name}.q"].astype(np.float32) * scale, np.float32)
    return np.asarray(packed[f"{name}.f"], np.float32)
