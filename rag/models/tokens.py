"""Counts tokens for prompt budgets with tiktoken, where its vocabulary is already on this machine.

tiktoken fetches a vocabulary from the network at first use and may wait long for it. Here it is only
used when the file lies in its cache with the right hash; otherwise tokens are counted as UTF-8
bytes, which a byte-level BPE never exceeds. Never touches the network.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.models.base_model import file_sha256

_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
_VOCABULARIES = {  # name to SHA-256, as tiktoken itself checks them
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
logger = logging.getLogger(__name__)


class PromptTokenCounter:
    """The `TokenCounter` port for language models: exact with a cached vocabulary, else never too few."""

    def __init__(self, encoding: str = "o200k_base") -> None:
        self._encoding_name = encoding

    def count(self, text: str) -> int:
        if self._encoding is None:
            return len(text.encode("utf-8", errors="replace"))
        return len(self._encoding.encode(text, disallowed_special=()))

    @cached_property
    def _encoding(self) -> Any:
        if not has_vocabulary(self._encoding_name):
            logger.warning(
                "no tiktoken vocabulary %s on this machine: prompt tokens are counted as bytes, so "
                "prompts stay about three times shorter than they might; to count exactly, point "
                "TIKTOKEN_CACHE_DIR at a folder that has it",
                self._encoding_name,
            )
            return None
        import tiktoken

        return tiktoken.get_encoding(self._encoding_name)


def vocabulary_file(encoding: str) -> Path | None:
    """Where tiktoken caches the vocabulary; None if its cache is switched off."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    if folder == "":
        return None
    address = _ADDRESS.format(name=encoding)
    name = hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    return Path(folder or Path(tempfile.gettempdir()) / "data-gym-cache") / name


def has_vocabulary(encoding: str) -> bool:
    """Whether tiktoken would load the vocabulary without the network."""
    file = vocabulary_file(encoding)
    expected = _VOCABULARIES.get(encoding)
    if file is None or expected is None or not file.is_file():
        return False
    return file_sha256(file) == expected
