"""Sentence embeddings by any sentence-transformers model, by hub name or folder.

Prompts, dimension and length are the model's own. The library is imported at first use (it takes
seconds); the fingerprint and token counts of a model on disk need no import of it. Never truncates:
a passage that is too long is an error, a question that is too long is read window by window.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain.errors import ModelError
from rag.domain.readings import Reading
from rag.models.loading import load_sentence_transformer
from rag.models.model_files import files_hash, is_path, local_folder, missing_model

Matrix = NDArray[np.float32]
_BATCH_TEXTS = 32
_REMEMBERED_QUERIES = 16  # the safety stage and the search embed the same question
_PASSAGE_PROMPTS = ("passage", "document", "corpus")
_E5_NAME = re.compile(r"(?:^|[/_-])(?:multilingual-)?e5-(?:small|base|large)", re.IGNORECASE)
_E5_PROMPTS = ("query: ", "passage: ")  # the model card asks for them; old exports do not say so
_UNLIMITED = 8192  # tokens read of one text by a model that names no limit
_EXCERPT = 60


class SentenceTransformerEmbedder:
    """The `Embedder` port. Thread-safe: a lock is held for one batch at a time.

    `query_prompt` and `passage_prompt` replace the model's own. Loading raises ModelError.
    """

    def __init__(
        self, name: str, *, query_prompt: str | None = None, passage_prompt: str | None = None
    ) -> None:
        self._name = name
        self._given_prompts = (query_prompt, passage_prompt)
        self._lock = RLock()

    @cached_property
    def fingerprint(self) -> str:
        """Model name, and a hash of its files and of prompts given from outside."""
        folder = self._folder
        content = sha256(f"{files_hash(folder)}:{self._given_prompts}".encode()).hexdigest()
        shown = folder.name if is_path(self._name) else self._name
        return f"{shown}@{content[:16]}"

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    @cached_property
    def max_tokens(self) -> int:
        """Tokens read of one passage; special tokens and the prompt are already taken off."""
        tokenizer = self._model.tokenizer
        limit = self._model.max_seq_length or getattr(tokenizer, "model_max_length", _UNLIMITED)
        special = tokenizer.num_special_tokens_to_add(pair=False)
        prompt = max(len(self._ids(prompt)) for prompt in self._prompts)
        return int(min(limit, _UNLIMITED)) - int(special) - prompt

    def warm(self) -> None:
        """Load now rather than at the first question."""
        self.embed_query("warm")

    def count(self, text: str) -> int:
        """Tokens of the text, special tokens excluded, without truncation."""
        return len(self._ids(text))

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Unit rows, shape (texts, dimension). Raises ModelError for a text over `max_tokens`."""
        order = self._checked_order(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), _BATCH_TEXTS):
            batch = order[start : start + _BATCH_TEXTS]
            vectors[batch] = self._encode([texts[i] for i in batch], self._prompts[1])
        return vectors

    def embed_query(self, text: str) -> Matrix:
        """A unit vector, shape (dimension,); of a text over `max_tokens` the mean of its windows."""
        return self.read_query(text).vector

    def read_query(self, text: str) -> Reading:
        """All that one pass over the question tells; the last few are remembered."""
        found: Reading = self._remembered(text)
        return found

    @cached_property
    def _remembered(self) -> Callable[[str], Reading]:
        remembered: Callable[[str], Reading] = lru_cache(_REMEMBERED_QUERIES)(self._read_query)
        return remembered

    def _read_query(self, text: str) -> Reading:
        readings = self._read(self._windows(text), self._prompts[0])
        mean = np.stack([r.vector for r in readings]).mean(0)
        return Reading(
            _unit(mean),
            np.concatenate([r.tokens for r in readings]),
            np.concatenate([r.pieces for r in readings]),
            np.concatenate([r.inner for r in readings]),
            np.concatenate([r.bare for r in readings]),
        )

    def read_queries(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        """`read_query` of each text, with its place: those of like length together. None is cut short."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _BATCH_TEXTS):
            batch = order[start : start + _BATCH_TEXTS]
            if any(self.count(texts[i]) > self.max_tokens for i in batch):
                yield from ((i, self._read_query(texts[i])) for i in batch)
            else:
                yield from zip(batch, self._read([texts[i] for i in batch], self._prompts[0]), strict=True)

    def embed_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        """`embed_passages`, and per text unit rows of its own tokens, without special tokens."""
        order = self._checked_order(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        tokens: dict[int, Matrix] = {}
        for start in range(0, len(order), _BATCH_TEXTS):
            batch = order[start : start + _BATCH_TEXTS]
            for i, reading in zip(
                batch, self._read([texts[i] for i in batch], self._prompts[1]), strict=True
            ):
                vectors[i], tokens[i] = reading.vector, reading.tokens
        return vectors, [tokens[i] for i in range(len(texts))]

    def _read(self, texts: list[str], prompt: str) -> list[Reading]:
        """Of texts that the model reads at once."""
        import torch

        with self._lock, _threads_for(len(texts)), torch.inference_mode():
            features = self._model.preprocess(texts, prompt=prompt or None)
            device = self._model.device
            output = self._model({k: v.to(device) if hasattr(v, "to") else v for k, v in features.items()})
            layers = output.get("all_layer_embeddings") or (output["token_embeddings"],) * 2
            kept = (output["sentence_embedding"], output["token_embeddings"], layers[-2], layers[0])
            vectors, *states = (one.float().cpu().numpy() for one in kept)
            ids, mask = (output[name].cpu().numpy() for name in ("input_ids", "attention_mask"))
        own = mask.astype(bool) & ~np.isin(ids, self._frame_ids)
        return [
            Reading(
                _unit(vectors[i]),
                _unit(states[0][i][own[i]]),
                ids[i][own[i]],
                *(s[i][own[i]] for s in states[1:]),
            )
            for i in range(len(texts))
        ]

    def _encode(self, texts: list[str], prompt: str) -> Matrix:
        with self._lock, _threads_for(len(texts)):
            vectors = self._model.encode(
                texts,
                prompt=prompt,
                batch_size=_BATCH_TEXTS,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(vectors, np.float32)

    @cached_property
    def _frame_ids(self) -> list[int]:
        """Ids of the tokens that frame a text; an unknown word is the text's own."""
        tokenizer = self._model.tokenizer
        names = ("cls_token_id", "sep_token_id", "pad_token_id", "bos_token_id", "eos_token_id")
        return [i for i in (getattr(tokenizer, name, None) for name in names) if i is not None]

    def _checked_order(self, texts: Sequence[str]) -> list[int]:
        """Indices by length, so that batches need little padding; no text may be too long."""
        counts = [self.count(text) for text in texts]
        for text, count in zip(texts, counts, strict=True):
            if count > self.max_tokens:
                raise ModelError(
                    f"the text “{text[:_EXCERPT]}…” has {count} tokens, {self._name} reads "
                    f"{self.max_tokens}: divide it into shorter passages"
                )
        return sorted(range(len(texts)), key=counts.__getitem__)

    def _windows(self, text: str) -> list[str]:
        """The text, divided where it exceeds what the model reads at once."""
        if len(text) <= self.max_tokens or self.count(text) <= self.max_tokens:
            return [text]
        words, windows, size = re.findall(r"\S+\s*", text), [""], 0
        for word in words:
            cost = self.count(word)
            if size + cost > self.max_tokens and windows[-1]:
                windows.append("")
                size = 0
            windows[-1] += word
            size += cost
        return [piece for window in windows for piece in self._fitting(window)]

    def _fitting(self, window: str) -> list[str]:
        """Halves of a window that is one endless word; a window that fits, as it is."""
        if self.count(window) <= self.max_tokens or len(window) < 2:
            return [window]
        middle = len(window) // 2
        return [*self._fitting(window[:middle]), *self._fitting(window[middle:])]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    @cached_property
    def _tokenizer(self) -> Any:
        """A copy of the model's tokenizer that never truncates or pads, hence safe to share."""
        from tokenizers import Tokenizer

        with self._lock:
            file = self._folder / "tokenizer.json"
            if file.is_file():
                tokenizer = Tokenizer.from_file(str(file))
            else:
                backend = getattr(self._model.tokenizer, "backend_tokenizer", None)
                if backend is None:
                    raise ModelError(f"the model {self._name} has no fast tokenizer: choose another")
                tokenizer = Tokenizer.from_str(backend.to_str())
            tokenizer.no_truncation()
            tokenizer.no_padding()
            return tokenizer

    @cached_property
    def _prompts(self) -> tuple[str, str]:
        """What is put before a query and before a passage."""
        own: dict[str, str] = self._model.prompts
        query = own.get("query") or ""
        passage = next((own[name] for name in _PASSAGE_PROMPTS if own.get(name)), "")
        if not query and not passage and _E5_NAME.search(self._name):
            query, passage = _E5_PROMPTS
        given = self._given_prompts
        return (
            query if given[0] is None else given[0],
            passage if given[1] is None else given[1],
        )

    @cached_property
    def _folder(self) -> Path:
        folder = local_folder(self._name)
        if folder is None:
            with self._lock:
                self._model  # noqa: B018 - loading downloads the model
            folder = local_folder(self._name)
        if folder is None:
            raise missing_model(self._name)
        return folder

    @cached_property
    def _model(self) -> Any:
        with self._lock:
            return self.__dict__.get("_model") or _telling_layers(load_sentence_transformer(self._name))


def _unit(rows: Matrix) -> Matrix:
    """Scaled to length 1 along the last axis."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


def _telling_layers(model: Any) -> Any:
    """The model, told to hand out the states of every layer, where it knows how."""
    transformer = getattr(model[0], "auto_model", None)
    if transformer is not None:
        transformer.config.output_hidden_states = True
    return model


@contextmanager
def _threads_for(texts: int) -> Iterator[None]:
    """One thread for a single text: several gain nothing on so little work, and on a busy machine
    they wait for each other (measured with four cores loaded: 16 ms a question against 980 ms)."""
    if texts > 1:
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
