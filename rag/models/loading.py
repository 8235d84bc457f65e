"""Loading a sentence-transformers model by hub name or folder; the library is imported only here, at the load."""

from __future__ import annotations

from typing import Any

from rag.domain.errors import ModelError
from rag.models.model_files import is_offline, local_folder, missing_model
from rag.models.quiet import quiet_loading


def load_sentence_transformer(name: str) -> Any:
    """The loaded model. Raises ModelError with the next step to take."""
    return _load("SentenceTransformer", name, "model", "download it again or correct the path")


def load_cross_encoder(name: str) -> Any:
    """The loaded model. Raises ModelError with the next step to take."""
    return _load("CrossEncoder", name, "reranking model", "correct RERANKER_MODEL")


def _load(kind: str, name: str, shown: str, next_step: str) -> Any:
    """A model of the vendor's class `kind`; `shown` and `next_step` are for the message if it fails."""
    folder = local_folder(name)
    if folder is None and is_offline():
        raise missing_model(name)
    import sentence_transformers
    from safetensors import SafetensorError

    make = getattr(sentence_transformers, kind)
    try:
        with quiet_loading():
            if folder is None:
                return make(name)
            return make(str(folder), local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        if folder is None:
            raise missing_model(name) from error
        raise ModelError(f"the {shown} in {folder} cannot be loaded ({error}): {next_step}") from error
