"""Where a model named by hub name or path lies on this machine, and what its files hash to.

A hub name is looked up among the models already downloaded; fetching is left to the loader.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from rag.domain.errors import ModelError
from rag.models.base_model import file_sha256

_NO_PART_OF_THE_MODEL = {".md", ".onnx", ".h5", ".msgpack", ".ot", ".tmp", ".lock"}
_OTHER_RUNTIMES = {"onnx", "openvino", "coreml", ".git", ".cache"}
_FEWEST_FILES = {"config.json", "modules.json", "model.safetensors", "pytorch_model.bin"}


def is_path(name: str) -> bool:
    """Whether the name means a folder rather than a model of the hub."""
    return Path(name).expanduser().is_dir() or name.startswith((".", "/", "~"))


def local_folder(name: str) -> Path | None:
    """The folder of the model, None if it has yet to be downloaded. Raises ModelError for a bad path."""
    if is_path(name):
        folder = Path(name).expanduser()
        if not folder.is_dir():
            raise ModelError(f"no model folder {folder}: correct the path")
        if not any((folder / file).exists() for file in _FEWEST_FILES):
            raise ModelError(
                f"{folder} is no model folder (no config.json or modules.json): correct the path"
            )
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    except HFValidationError as error:
        raise ModelError(
            f"{name!r} is neither a model folder nor a name such as 'intfloat/multilingual-e5-small'"
        ) from error


def is_offline() -> bool:
    """Whether the operator forbade the hub (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE)."""
    return any(
        os.environ.get(name, "").upper() in {"1", "ON", "YES", "TRUE"}
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    )


def missing_model(name: str) -> ModelError:
    """What to say when a model is not on this machine and cannot be fetched."""
    return ModelError(
        f"the model {name!r} is not on this machine and could not be downloaded: check the name, or "
        "download it where there is a network and give the folder's path"
    )


def files_hash(folder: Path) -> str:
    """A hash over the files that make the model what it is: weights, configuration, tokenizer."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or path.suffix in _NO_PART_OF_THE_MODEL:
            continue
        if _OTHER_RUNTIMES.intersection(relative.parts) or relative.name == "manifest.json":
            continue
        digest.update(f"{relative.as_posix()}:{file_sha256(path)}\n".encode())
    return digest.hexdigest()
