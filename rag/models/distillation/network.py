"""The student's and teacher's machinery: a BERT encoder, its tokenizer, mean pooling, batches by length.

The only file of the room, besides training, that knows torch and transformers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.quiet import quiet_loading

Tokens = list[list[int]]
_BATCH_TOKENS = 4096


def load_encoder(folder: Path, *, attention: str = "sdpa") -> Any:
    """The transformer of a model folder, in evaluation mode (no dropout), without a pooler."""
    from transformers import AutoModel

    with quiet_loading():
        model = AutoModel.from_pretrained(
            str(folder), attn_implementation=attention, add_pooling_layer=False, local_files_only=True
        )
    return model.eval()


def tokenizer_description(folder: Path) -> dict[str, Any]:
    """The content of tokenizer.json, without truncation and padding."""
    description: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return {**description, "truncation": None, "padding": None}


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer of a model folder, which never truncates."""
    return tokenizer_from(tokenizer_description(folder))


def tokenizer_from(description: dict[str, Any]) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_str(json.dumps(description))


def tokenize(tokenizer: Any, texts: Sequence[str], max_tokens: int) -> Tokens:
    """Token ids with special tokens, cut to `max_tokens` (the closing token stays)."""
    tokens: Tokens = []
    for start in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch(list(texts[start : start + 4096])):
            ids = encoding.ids
            tokens.append(ids if len(ids) <= max_tokens else [*ids[: max_tokens - 1], ids[-1]])
    return tokens


def pad(tokens: Sequence[Sequence[int] | NDArray[np.int32]]) -> tuple[Any, Any]:
    """Ids and attention mask as tensors of shape (rows, longest row)."""
    import torch

    longest = max(len(row) for row in tokens)
    ids = torch.zeros(len(tokens), longest, dtype=torch.long)
    mask = torch.zeros(len(tokens), longest, dtype=torch.long)
    for number, row in enumerate(tokens):
        ids[number, : len(row)] = torch.tensor(row, dtype=torch.long)
        mask[number, : len(row)] = 1
    return ids, mask


def pool(hidden: Any, mask: Any) -> Any:
    """Mean over the real tokens, unit length."""
    import torch

    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


def batches_by_length(lengths: Sequence[int], budget: int = _BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices in batches of like length, padded size within `budget` tokens where possible."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and lengths[index] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def encode_batches(encoder: Any, tokens: Tokens) -> NDArray[np.float32]:
    """Unit vectors of token rows, in their order."""
    import torch

    width = encoder.config.hidden_size
    vectors = np.zeros((len(tokens), width), np.float32)
    with torch.inference_mode():
        for batch in batches_by_length([len(row) for row in tokens]):
            ids, mask = pad([tokens[i] for i in batch])
            hidden = encoder(input_ids=ids, attention_mask=mask)[0]
            vectors[batch] = pool(hidden, mask).numpy()
    return vectors


def encode_texts(encoder: Any, tokenizer: Any, texts: Sequence[str], max_tokens: int) -> NDArray[np.float32]:
    """Unit vectors of texts, in their order."""
    return encode_batches(encoder, tokenize(tokenizer, texts, max_tokens))
