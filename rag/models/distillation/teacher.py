"""The teacher: the untouched base model on English text, computed once per text and kept on disk.

Vectors are cached by the words of the text, in parts written atomically, so a run can be stopped,
continued and fed more text without computing anything twice.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.models.distillation.network import encode_batches, load_encoder, load_tokenizer, tokenize

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Progress = Callable[[str], None]
PART_TEXTS = 4096
_HALF: DTypeLike = np.float16


def text_key(text: str) -> int:
    """A 64-bit key of the exact text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class TeacherCache:
    """Teacher vectors on disk: float16, unit length, found by text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """The texts without a vector, each once, shortest first."""
        known = set(self._keys().tolist())
        wanted = {text_key(text): text for text in texts}
        return sorted((t for k, t in wanted.items() if k not in known), key=lambda t: (len(t), t))

    def add(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        name = uuid.uuid4().hex
        keys = np.array([text_key(text) for text in texts], np.uint64)
        aside = self._folder / f"{name}.tmp.npz"
        np.savez(aside, keys=keys, vectors=vectors.astype(_HALF))
        aside.rename(self._folder / f"part-{name}.npz")

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """Rows in the order of `texts`. Raises KeyError if one was never computed."""
        parts = [self._load(path) for path in self._parts()]
        keys = np.concatenate([k for k, _ in parts])
        rows = np.concatenate([v for _, v in parts])
        order = np.argsort(keys)
        wanted = np.array([text_key(text) for text in texts], np.uint64)
        found = np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)
        index = order[found]
        if not np.array_equal(keys[index], wanted):
            raise KeyError("some texts have no teacher vector yet")
        return np.asarray(rows[index])

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("part-*.npz"))

    def _keys(self) -> NDArray[np.uint64]:
        keys = [self._load(path)[0] for path in self._parts()]
        return np.concatenate(keys) if keys else np.zeros(0, np.uint64)

    @staticmethod
    def _load(path: Path) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        with np.load(path) as part:
            return part["keys"], part["vectors"]


def teach(
    texts: Sequence[str],
    base: Path,
    cache: TeacherCache,
    *,
    workers: int,
    max_tokens: int,
    niceness: int,
    progress: Progress,
) -> None:
    """Fill the cache for the texts, with single-thread worker processes."""
    missing = cache.missing(texts)
    size = min(PART_TEXTS, -(-len(missing) // workers) or 1)
    parts = [missing[i : i + size] for i in range(0, len(missing), size)]
    progress(f"teacher: {len(missing)} texts to compute in {len(parts)} parts")
    if not parts:
        return
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    jobs = [(part, base, cache, max_tokens, niceness) for part in parts]
    with context.Pool(min(workers, len(parts))) as pool:
        for done, _ in enumerate(pool.imap_unordered(_teach_part, jobs), start=1):
            progress(f"teacher: part {done} of {len(parts)}")


def _teach_part(job: tuple[list[str], Path, TeacherCache, int, int]) -> None:
    import torch

    texts, base, cache, max_tokens, niceness = job
    os.nice(max(0, niceness - os.nice(0)))
    torch.set_num_threads(1)
    tokens = tokenize(load_tokenizer(base), texts, max_tokens)
    cache.add(texts, encode_batches(load_encoder(base), tokens))
