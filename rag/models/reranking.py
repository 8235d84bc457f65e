"""A cross-encoder that reads question and passage together; optional, the last word in ranking."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import RLock
from typing import Any

from rag.domain.errors import ModelError
from rag.models.loading import load_cross_encoder


class CrossEncoderReranker:
    """The `Reranker` port, for any sentence-transformers CrossEncoder by hub name or folder.

    Loaded at first use; loading raises ModelError. A passage longer than the model reads is judged
    by its beginning, as the model's makers intend.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = RLock()

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        """One score per passage, in their order; higher is better. The scale is the model's own."""
        if not passages:
            return ()
        with self._lock:
            found = self._model.predict([(query, passage) for passage in passages], show_progress_bar=False)
        if getattr(found, "ndim", 1) != 1:
            raise ModelError(
                f"the model {self._name} gives {found.shape[1]} labels a pair, a reranker gives one score: "
                "set RERANKER_MODEL to a reranking model"
            )
        return [float(score) for score in found]

    @cached_property
    def _model(self) -> Any:
        with self._lock:
            return self.__dict__.get("_model") or load_cross_encoder(self._name)
