"""Index generations on disk: built aside, switched in by one atomic rename.

    DATA/index/CURRENT            the name of the serving generation
    DATA/index/<name>/            manifest.json, store.sqlite, tantivy/, chroma/

A generation without a manifest is unfinished (a build that was killed) and is swept away by
the next build, which holds the lock. A reader follows CURRENT and is never in the way.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from rag.domain.errors import IndexFailure, IndexMissing

KEPT = 2
"""Finished generations kept: the serving one, and the one a running app may still be reading."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from; equal manifests mean there is nothing to do."""

    fingerprint: str
    """Of everything below and the texts themselves."""
    embedder: str
    dimension: int
    documents: int
    passages: int
    representations: int


class Generations:
    """The index folder of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder

    def current(self) -> Path:
        """The serving generation. Raises IndexMissing."""
        try:
            name = (self._folder / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"There is no index in {self._folder}. Run `python -m rag index` (or `make run`)."
            ) from None
        except (OSError, ValueError) as error:
            raise IndexMissing(
                f"{self._folder / 'CURRENT'} cannot be read: {error}. Run `python -m rag index --rebuild`."
            ) from error
        path = self._folder / name
        if not name or not (path / "manifest.json").exists():
            raise IndexMissing(f"The index {path} is incomplete. Run `python -m rag index --rebuild`.")
        return path

    def manifest(self) -> Manifest | None:
        """The serving generation's manifest, or None when there is no usable one."""
        try:
            data = json.loads((self.current() / "manifest.json").read_text(encoding="utf-8"))
            return Manifest(**data)
        except (IndexMissing, OSError, ValueError, TypeError):
            return None

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder to build in, under the lock; whatever is left unfinished is removed."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / ".lock")
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexFailure(
                f"Another process is indexing into {self._folder}. Wait for it to finish."
            ) from None
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        try:
            self._sweep()
            path = self._folder / f"g-{uuid.uuid4().hex[:12]}"
            path.mkdir()
            yield path
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        finally:
            self._sweep()
            lock.release()

    def switch_to(self, path: Path, manifest: Manifest) -> None:
        """Make a finished generation the serving one."""
        text = json.dumps(asdict(manifest), indent=2)
        _replace(path / "manifest.json", text)
        _replace(self._folder / "CURRENT", path.name)

    def _sweep(self) -> None:
        """Remove unfinished generations, and finished ones beyond the newest `KEPT`."""
        found = [p for p in self._folder.glob("g-*") if p.is_dir()]
        finished = [p for p in found if (p / "manifest.json").exists()]
        finished.sort(key=lambda p: (p / "manifest.json").stat().st_mtime, reverse=True)
        serving = self.manifest() and self.current()
        keep = set(finished[:KEPT]) | ({serving} if serving else set())
        for path in found:
            if path not in keep:
                shutil.rmtree(path, ignore_errors=True)


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, path)


def _unwritable(folder: Path, error: OSError) -> IndexFailure:
    return IndexFailure(
        f"The index folder {folder} cannot be written: {error.strerror or error}. "
        "Check free disk space and permissions, or set DATA_DIR to another folder."
    )
