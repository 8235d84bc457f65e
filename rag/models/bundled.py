"""The air-gapped default: the packaged base model plus our Danish and Dutch delta, built once.

The result is an ordinary sentence-transformers folder below DATA/models, with a manifest; all else
sees just a model. Built aside and renamed, so a killed build leaves nothing that could be taken for
a model. Needs no network and does not import torch.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any

from rag.domain.errors import ModelError
from rag.models.base_model import (
    BASE_NAME,
    BASE_WEIGHTS_SHA256,
    check_base_folder,
    file_sha256,
    packaged_base_folder,
)
from rag.models.delta import Delta, apply_delta, extend_tokenizer, read_delta

DELTA_FILE = Path(__file__).parent / "delta.npz"
MANIFEST = "manifest.json"
MAX_SEQUENCE_TOKENS = 256  # what the base was trained with, special tokens included
BUILD_VERSION = 1
_STALE_SECONDS = 3600.0
_ASIDE = ".building-"
_NOT_COPIED = {"model.safetensors", "data_config.json", ".gitattributes", "README.md"}
logger = logging.getLogger(__name__)


def bundled_model_folder(
    data: Path,
    *,
    delta_file: Path = DELTA_FILE,
    base: Path | None = None,
    base_sha256: str = BASE_WEIGHTS_SHA256,
) -> Path:
    """The folder of the bundled model, built now if need be.

    Without a delta file it is the plain base model, which knows English only. Raises ModelError if
    the base is not the expected one, the delta is damaged or made for another base, or the data
    folder cannot be written.
    """
    base_folder = check_base_folder(base or packaged_base_folder(), base_sha256)
    if not delta_file.is_file():
        logger.warning(
            "no delta file %s: the bundled model is plain %s, which knows English only", delta_file, BASE_NAME
        )
        return base_folder
    made_from = {
        "build": BUILD_VERSION,
        "base_sha256": base_sha256,
        "delta_sha256": file_sha256(delta_file),
    }
    name = sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:12]
    folder = data / "models" / f"{BASE_NAME.lower()}-en-da-nl-{name}"
    if is_intact(folder, made_from):
        return folder
    if folder.exists():
        logger.warning("the model folder %s is damaged: building it again", folder)
    delta = read_delta(delta_file)
    if delta.about.get("base_sha256", base_sha256) != base_sha256:
        raise ModelError(f"the delta file {delta_file} was made for another base model than {BASE_NAME}")
    _build(base_folder, delta, folder, made_from)
    return folder


def is_intact(folder: Path, made_from: dict[str, Any]) -> bool:
    """Whether the manifest says the same origin and every file still has its hash."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = manifest["files"]
        return manifest["made_from"] == made_from and all(
            file_sha256(folder / name) == digest for name, digest in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _build(base: Path, delta: Delta, folder: Path, made_from: dict[str, Any]) -> None:
    started = time.monotonic()
    aside = folder.parent / f"{_ASIDE}{uuid.uuid4().hex}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(folder.parent)
        aside.mkdir()
        write_model(base, delta, aside)
        files = {
            path.relative_to(aside).as_posix(): file_sha256(path)
            for path in sorted(aside.rglob("*"))
            if path.is_file()
        }
        manifest = {"made_from": made_from, "files": files}
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _switch_in(aside, folder, made_from)
    except OSError as error:
        raise ModelError(
            f"the bundled model cannot be written to {folder} ({error}): free 130 MB or choose "
            "another data folder"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    logger.info("built the bundled model in %s (%.1f s)", folder, time.monotonic() - started)


def write_model(base: Path, delta: Delta, folder: Path) -> None:
    """Base plus delta as a sentence-transformers folder."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(base, folder, dirs_exist_ok=True, ignore=lambda _, names: _NOT_COPIED.intersection(names))
    weights = apply_delta(load_file(base / "model.safetensors"), delta)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes for the owner alone
    tokenizer = extend_tokenizer(_read_json(base / "tokenizer.json"), delta.pieces)
    _write_json(folder / "tokenizer.json", {**tokenizer, "truncation": None, "padding": None})
    vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
    lines = sorted(vocabulary, key=vocabulary.__getitem__)
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = _read_json(base / "config.json")
    _write_json(folder / "config.json", {**config, "vocab_size": len(vocabulary)})


def _switch_in(aside: Path, folder: Path, made_from: dict[str, Any]) -> None:
    """Rename into place; another process that was faster wins, a damaged folder makes way."""
    if folder.exists():
        if is_intact(folder, made_from):
            return
        damaged = folder.parent / f"{_ASIDE}{uuid.uuid4().hex}"
        folder.rename(damaged)
        shutil.rmtree(damaged, ignore_errors=True)
    try:
        aside.rename(folder)
    except OSError:
        if not is_intact(folder, made_from):
            raise


def _remove_stale(folder: Path) -> None:
    """What a killed build left; a young one may belong to a process still at work."""
    for leftover in folder.glob(f"{_ASIDE}*"):
        if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
