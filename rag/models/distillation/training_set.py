"""What the workers read: token ids and teacher vectors in flat arrays on disk, opened without copying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.distillation.examples import Example
from rag.models.distillation.network import Tokens, tokenize
from rag.models.distillation.teacher import TeacherCache

_NAMES = ("other_ids", "other_starts", "english_ids", "english_starts", "targets")


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Example `i` is the ids `other[i]` and `english[i]` (both as the student reads them), target `i`."""

    other_ids: NDArray[np.int32]
    other_starts: NDArray[np.int64]
    english_ids: NDArray[np.int32]
    english_starts: NDArray[np.int64]
    targets: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.targets)

    def other(self, index: int) -> NDArray[np.int32]:
        return self.other_ids[self.other_starts[index] : self.other_starts[index + 1]]

    def english(self, index: int) -> NDArray[np.int32]:
        return self.english_ids[self.english_starts[index] : self.english_starts[index + 1]]


def write_training_set(
    folder: Path, examples: Sequence[Example], tokenizer: Any, cache: TeacherCache, max_tokens: int
) -> None:
    """Tokenize the examples with the student's tokenizer and lay everything down in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    other = _flat(tokenize(tokenizer, [example.text for example in examples], max_tokens))
    english = _flat(tokenize(tokenizer, [example.english for example in examples], max_tokens))
    targets = cache.vectors([example.english for example in examples])
    arrays: tuple[NDArray[Any], ...] = (*other, *english, targets)
    for name, array in zip(_NAMES, arrays, strict=True):
        np.save(folder / f"{name}.npy", array)


def open_training_set(folder: Path) -> TrainingSet:
    return TrainingSet(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in _NAMES))


def _flat(tokens: Tokens) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    lengths = np.array([len(row) for row in tokens], np.int64)
    ids = np.fromiter((i for row in tokens for i in row), np.int32, count=int(lengths.sum()))
    return ids, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
